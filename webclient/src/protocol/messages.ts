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
export type EndReason = 'ended' | 'declined' | 'left' | 'replaced' | 'elsewhere' | 'passed' | 'stopped';
/** The codes of the table of docs/protocol.md. */
export type ErrorCode =
  | 'bad-message'
  | 'bad-ticket'
  | 'forbidden'
  | 'not-found'
  | 'too-early'
  | 'conflict'
  | 'too-fast'
  | 'too-large'
  | 'media'
  | 'unavailable'
  | 'internal';

/** What somebody needs in order to take part. */
export type Need = 'hearing' | 'sight' | 'interpreter' | 'carer';
/** How somebody is reached outside of the page; `handed`: not at all, the link is handed over. */
export type Reach = 'sms' | 'mail' | 'handed';

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
  /** Proves that this is the tab that sat there before: 16 to 128 characters that nobody guesses. */
  seat?: string;
} & ({ ticket: string } | { consultation: string });
export type Resume = { type: 'resume'; session: string; token: string; chat_after?: string };
/** The own desk, or that of a practitioner for whom one may act. */
export type Watch = { type: 'watch'; practitioner?: string };
export type Opening = Join | Resume | Watch;

export type CallRequest =
  | { type: 'publish'; source: Source }
  | { type: 'unpublish'; source: Source }
  | { type: 'mute'; source: Source; muted: boolean }
  | { type: 'want'; wants: Want[] }
  | { type: 'chat'; text: string }
  | { type: 'offer'; offer: string; reason: 'ice' | 'lanes' }
  | { type: 'answer-knock'; continue: boolean }
  | { type: 'where'; place: string; call_back: string }
  | { type: 'leave' }
  | { type: 'end' };

export type DeskRequest =
  | { type: 'admit'; consultation: string; participant: string }
  | { type: 'send-back'; consultation: string; participant: string }
  | { type: 'decline'; consultation: string; participant: string }
  | { type: 'delay'; minutes: number }
  | { type: 'message'; consultation: string; participant: string; text: string }
  | { type: 'message'; text: string }
  | { type: 'absent'; consultation: string; participant: string; absent: boolean }
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
  scheduled_at?: string;
}
export interface Delay {
  minutes: number;
  said_at: string;
}
export interface Waiting {
  since: string;
  practitioner: Availability;
  practitioner_name?: string;
  delay?: Delay;
  message?: WaitingMessage;
  /** What a patient said of where they are and where to be called back. */
  where?: { place: string; call_back: string };
}
/** What the practitioner says to somebody who waits. */
export interface WaitingMessage {
  text: string;
  at: string;
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
  /** What a guest is. */
  as?: 'carer' | 'expert';
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
  birth_date?: string;
  language?: string;
  needs?: Need[];
  phone?: string;
  reach?: Reach;
  place: Place;
  since?: string;
  presence: Presence;
  /** A second device asks for the seat. */
  knocking?: boolean;
  /** What the last device test found; a field is missing while nothing is known. */
  devices?: Partial<Devices>;
  tested_at?: string;
  absent_at?: string;
  message?: WaitingMessage;
  /** What became of the newest message with their link; missing when none was sent. */
  delivery?: LinkDelivery;
}
/** How far a message has come. */
export type NoticeState = 'queued' | 'handing' | 'sent' | 'delivered' | 'failed' | 'uncertain' | 'cancelled';
export interface LinkDelivery {
  channel: 'sms' | 'mail';
  state: NoticeState;
  /** Of one that failed: a word of the API's deliveries. */
  reason?: string;
}
export interface DeskConsultation {
  id: string;
  state: State;
  patient?: string;
  created_at: string;
  scheduled_at?: string;
  minutes?: number;
  /** From then on the patient is late; missing when nobody is looked out for. */
  late_at?: string;
  /** The colleague who passed it on. */
  passed_by?: string;
  participants: DeskParticipant[];
}
export interface DeskState {
  delay?: Delay;
  consultations: DeskConsultation[];
  /** Messages of this desk that did not arrive, and with which nobody has dealt yet; missing when there are none. */
  undelivered?: number;
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
/** The seat is taken on another device, which is asked. Wait for `ended`, or for the websocket to close: then join again. */
export interface Knocking {
  type: 'knocking';
  reply: string;
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
/** How a message reached people: on so many pages now, to so many by SMS or mail. */
export interface Told {
  type: 'told';
  reply: string;
  shown: number;
  sent: number;
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
export type Reply = Joined | Knocking | Resumed | Answer | Told | Done | DeskReply | ErrorReply;

// Events (server → browser). All but chat are snapshots.

export type WaitingEvent = { type: 'waiting' } & Waiting;
/** Another device wants this seat, or does not any more. */
export type KnockEvent = { type: 'knock'; open: boolean };
/** How an identity was verified. */
export type Proof = 'known' | 'document' | 'qualified' | 'carer';
/** Who a patient is and where: for the practitioner alone. What is not known is missing. */
export interface Identity {
  participant: string;
  name: string;
  birth_date?: string;
  place?: string;
  country?: string;
  call_back?: string;
  said_at?: string;
  said_by_self?: boolean;
  /** What is dialled there for an ambulance. */
  emergency?: string;
  verified?: Proof;
  verified_by?: string;
  verified_at?: string;
}
/** When practitioner and patient talked, and by what; without an end it goes on. */
export interface Span {
  medium: 'video' | 'phone';
  from: string;
  to?: string;
}
/** A request for an interpreter. */
export interface InterpreterRequest {
  id: string;
  name: string;
  from: string;
  into: string;
  deadline: string;
  state: 'asked' | 'accepted' | 'refused' | 'withdrawn' | 'lapsed' | 'taken';
}
export interface Visit {
  patients: Identity[];
  phone?: { participant: string; number: string; since: string };
  spans: Span[];
  requests: InterpreterRequest[];
}
export type VisitEvent = { type: 'visit' } & Visit;
/** It goes on by telephone, or not any more. The number is told to whom it is with. */
export type PhoneEvent = { type: 'phone'; on: boolean; since?: string; number?: string };
export type AdmittedEvent = { type: 'admitted'; consultation: Consultation };
export type ParticipantsEvent = { type: 'participants'; consultation: Consultation; participants: Participant[] };
export type LanesEvent = { type: 'lanes'; lanes: LaneUse[]; missing: number };
export type SpeakingEvent = { type: 'speaking'; participants: string[] };
export type QualityEvent = { type: 'quality'; participants: { id: string; level: Quality }[] };
export type ChatEvent = { type: 'chat'; messages: ChatMessage[] };
/** A document that this person may know of. */
export interface SharedDocument {
  id: string;
  from: string;
  from_name: string;
  from_role: Role;
  mine: boolean;
  /** Who may see it besides the practitioner and the sender; told to the practitioner only. */
  to: string[];
  name: string;
  /** Media type, by content. */
  kind: string;
  size: number;
  state: 'arriving' | 'checking' | 'ready' | 'refused';
  reason?: 'virus' | 'unchecked' | 'damaged';
  /** Browsers show it; others are downloaded. */
  shown: boolean;
  location_removed: boolean;
  sent_at: string;
  /** Who opened it when; told to the practitioner and the sender. */
  seen: { participant: string; at: string }[];
}
/** All documents that this person may know of. */
export interface DocumentList {
  documents: SharedDocument[];
  /** With the link, it opens the documents after the end: in a patient's own list. */
  code?: string;
  /** That they are kept after the end. */
  days: number;
  /** When that is over; there is none before the end. */
  until?: string;
  /** Messages stay for this patient, behind the same link and code. */
  messages?: boolean;
  /** That they are kept after the end. */
  message_days?: number;
  /** When that is over; there is none before the end. */
  messages_until?: string;
  max_bytes: number;
}
export type DocumentsEvent = { type: 'documents' } & DocumentList;
/** Relay credentials for the next ICE restart; those of `joined` have run out by then. */
export type IceServersEvent = { type: 'ice-servers'; ice_servers: IceServer[] };
export type EndedEvent = { type: 'ended'; reason: EndReason };
export type TickEvent = { type: 'tick' };
export type DeskEvent = { type: 'desk' } & DeskState;
export type Event =
  | WaitingEvent
  | VisitEvent
  | PhoneEvent
  | KnockEvent
  | AdmittedEvent
  | ParticipantsEvent
  | LanesEvent
  | SpeakingEvent
  | QualityEvent
  | ChatEvent
  | DocumentsEvent
  | IceServersEvent
  | EndedEvent
  | TickEvent
  | DeskEvent;
