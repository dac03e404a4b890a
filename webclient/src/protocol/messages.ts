// The messages of docs/protocol.md, field by field. The Go twin is signal/messages.go; both read signal/testdata.
// Names are the wire's own (snake_case); session turns them into what ui reads.

/** A source that a tab sends. */
export type Source = 'microphone' | 'camera' | 'screen';
/** Who somebody is in a consultation. */
export type Role = 'practitioner' | 'patient' | 'interpreter' | 'guest';
/** Where a consultation stands. */
export type State = 'created' | 'waiting' | 'called' | 'live' | 'interrupted' | 'ended';
/** Where a participant is. */
export type Place = 'invited' | 'waiting' | 'call' | 'left';
/** How a participant's websocket stands: lost keeps the seat, away means that the page was closed. */
export type Presence = 'here' | 'lost' | 'away';
/** How what somebody sends reaches the server. */
export type Quality = 'good' | 'weak' | 'bad';
/** What the practitioner is doing, as told to who waits. */
export type Availability = 'available' | 'in-consultation' | 'away';
/** Why a session is over. */
export type EndReason = 'ended' | 'declined' | 'left' | 'replaced' | 'stopped';
/** The codes of the table of docs/protocol.md. */
export type ErrorCode =
  | 'bad-message'
  | 'bad-ticket'
  | 'forbidden'
  | 'not-found'
  | 'conflict'
  | 'too-fast'
  | 'too-large'
  | 'media'
  | 'unavailable'
  | 'internal';

/** What the device check found. */
export interface Devices {
  camera: 'ok' | 'missing' | 'refused' | 'skipped';
  microphone: 'ok' | 'silent' | 'missing' | 'refused' | 'skipped';
  sound: 'heard' | 'not-heard' | 'skipped';
}

/** One of the tab's own send m-lines and what goes over it. */
export interface PublishLine {
  mid: string;
  source: Source;
}

/** How tall, in CSS pixels, this tab shows a video; 0: not shown. */
export interface Want {
  participant: string;
  source: Source;
  height: number;
}

// Requests (browser → server). `id` is put on by the socket.

export type Join = {
  type: 'join';
  language: string;
  offer: string;
  publish: PublishLine[];
  devices: Devices;
} & ({ ticket: string } | { consultation: string });
export type Resume = { type: 'resume'; session: string; token: string; chat_after?: string };
export type Watch = { type: 'watch' };
export type Opening = Join | Resume | Watch;

export type CallRequest =
  | { type: 'publish'; source: Source }
  | { type: 'unpublish'; source: Source }
  | { type: 'mute'; source: Source; muted: boolean }
  | { type: 'want'; wants: Want[] }
  | { type: 'chat'; text: string }
  | { type: 'offer'; offer: string; reason: 'ice' | 'lanes' }
  | { type: 'leave' }
  | { type: 'end' };

export type DeskRequest =
  | { type: 'admit'; consultation: string; participant: string }
  | { type: 'send-back'; consultation: string; participant: string }
  | { type: 'decline'; consultation: string; participant: string }
  | { type: 'delay'; minutes: number }
  | { type: 'end'; consultation: string };

export type Request = Opening | CallRequest | DeskRequest;

// Parts of what the server sends.

export interface IceServer {
  urls: string[];
  username?: string;
  credential?: string;
}
export interface Practice {
  name: string;
  phone: string;
}
export interface Consultation {
  id: string;
  state: State;
  practitioner: string;
  created_at: string;
  live_at?: string;
}
export interface Delay {
  minutes: number;
  said_at: string;
}
export interface Waiting {
  since: string;
  practitioner: Availability;
  delay?: Delay;
}
export interface ChatMessage {
  id: string;
  from: string;
  name: string;
  text: string;
  at: string;
}
export interface Publication {
  source: Source;
  muted: boolean;
}
export interface Participant {
  id: string;
  role: Role;
  name: string;
  presence: Presence;
  publications: Publication[];
}
/** One of the tab's receive m-lines and whose publication is on it now. */
export interface LaneUse {
  mid: string;
  participant: string;
  source: Source;
}
export interface DeskParticipant {
  id: string;
  role: Role;
  name: string;
  place: Place;
  since?: string;
  presence: Presence;
  /** What the device check found; a field is missing while nothing is known. */
  devices?: Partial<Devices>;
}
export interface DeskConsultation {
  id: string;
  state: State;
  created_at: string;
  participants: DeskParticipant[];
}
export interface DeskState {
  delay?: Delay;
  consultations: DeskConsultation[];
}

// Replies (server → browser, `reply` names the request).

export interface Joined {
  type: 'joined';
  reply: string;
  session: string;
  token: string;
  self: string;
  role: Role;
  answer: string;
  ice_servers: IceServer[];
  practice: Practice;
  consultation: Consultation;
  waiting?: Waiting;
  chat: ChatMessage[];
}
export interface Resumed {
  type: 'resumed';
  reply: string;
  ice_servers: IceServer[];
  consultation: Consultation;
  waiting?: Waiting;
  chat: ChatMessage[];
}
export interface Answer {
  type: 'answer';
  reply: string;
  answer: string;
}
export interface Done {
  type: 'done';
  reply: string;
}
export interface DeskReply extends DeskState {
  type: 'desk';
  reply: string;
}
export interface ErrorReply {
  type: 'error';
  reply?: string;
  code: ErrorCode;
  message: string;
}
export type Reply = Joined | Resumed | Answer | Done | DeskReply | ErrorReply;

// Events (server → browser). All but chat are snapshots.

export type WaitingEvent = { type: 'waiting' } & Waiting;
export type AdmittedEvent = { type: 'admitted'; consultation: Consultation };
export type ParticipantsEvent = { type: 'participants'; consultation: Consultation; participants: Participant[] };
export type LanesEvent = { type: 'lanes'; lanes: LaneUse[]; missing: number };
export type SpeakingEvent = { type: 'speaking'; participants: string[] };
export type QualityEvent = { type: 'quality'; participants: { id: string; level: Quality }[] };
export type ChatEvent = { type: 'chat'; messages: ChatMessage[] };
/** Relay credentials for the next ICE restart; those of `joined` have run out by then. */
export type IceServersEvent = { type: 'ice-servers'; ice_servers: IceServer[] };
export type EndedEvent = { type: 'ended'; reason: EndReason };
export type TickEvent = { type: 'tick' };
export type DeskEvent = { type: 'desk' } & DeskState;
export type Event =
  | WaitingEvent
  | AdmittedEvent
  | ParticipantsEvent
  | LanesEvent
  | SpeakingEvent
  | QualityEvent
  | ChatEvent
  | IceServersEvent
  | EndedEvent
  | TickEvent
  | DeskEvent;
