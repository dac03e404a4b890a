import type { LocalMedia } from '../media/localmedia';
import type { Availability, Devices, Presence, Quality, Role, Source, State, Want } from '../protocol/messages';
import { SnapshotStore, type Store } from '../store';

export type { Devices, Want } from '../protocol/messages';
export type CallPhase = 'idle' | 'checking' | 'waiting' | 'connecting' | 'live' | 'reconnecting' | 'ended';
/** How the connection stands, in words. */
export type Network = 'good' | 'weak' | 'bad' | 'lost';

export interface CallParticipant {
  readonly id: string;
  readonly role: Role;
  readonly name: string;
  readonly self: boolean;
  readonly presence: Presence;
  readonly microphone: 'on' | 'muted' | 'none';
  readonly camera: 'on' | 'muted' | 'none';
  readonly screen: boolean;
  readonly speaking: boolean;
  readonly quality: Quality;
}
/** A picture to show: a video element each. Follows what the server says is on each lane, never a track's mute. */
export interface Tile {
  readonly key: string;
  readonly participant: string;
  readonly source: Exclude<Source, 'microphone'>;
  readonly stream: MediaStream;
}
/** A sound to play: an audio element each. */
export interface Sound {
  readonly key: string;
  readonly participant: string;
  readonly stream: MediaStream;
}
export interface ChatLine {
  readonly id: string;
  readonly from: string;
  readonly name: string;
  readonly text: string;
  readonly at: string;
  readonly mine: boolean;
  /** Not yet acknowledged by the server. */
  readonly pending: boolean;
  /** Refused or unanswered: offer retryChat(id). */
  readonly failed: boolean;
}

export interface CallSnapshot {
  readonly phase: CallPhase;
  readonly selfId: string | null;
  readonly role: Role | null;
  readonly practice: { readonly name: string; readonly phone: string } | null;
  readonly consultation: {
    readonly id: string;
    readonly state: State;
    readonly practitioner: string;
    readonly createdAt: string;
    readonly liveAt: string | null;
  } | null;
  readonly waiting: {
    readonly since: string;
    readonly practitioner: Availability;
    readonly delay: { readonly minutes: number; readonly saidAt: string } | null;
  } | null;
  /** Those in the call, and nobody who waits. */
  readonly participants: readonly CallParticipant[];
  readonly tiles: readonly Tile[];
  readonly audio: readonly Sound[];
  /** While waiting, 'lost' means that the server cannot be reached just now (the place is kept). */
  readonly network: Network;
  /** Whose connection `network` speaks of; null while it is good. */
  readonly networkOf: 'self' | 'other' | null;
  readonly chat: readonly ChatLine[];
  readonly unread: number;
  /** Why it is over: a reason of the protocol's `ended`, or the error code that refused the join. */
  readonly ended: { readonly reason: string } | null;
  /** An error code to show in words; null when all is well. */
  readonly problem: string | null;
}

/** The right to join: a ticket from the link, or the consultation's id under a practitioner's sign-in. */
export type JoinAs = { ticket: string; language: string } | { consultation: string; language: string };

export interface CallDeps {
  readonly local: LocalMedia;
}

const nothing: CallSnapshot = {
  phase: 'idle',
  selfId: null,
  role: null,
  practice: null,
  consultation: null,
  waiting: null,
  participants: [],
  tiles: [],
  audio: [],
  network: 'good',
  networkOf: null,
  chat: [],
  unread: 0,
  ended: null,
  problem: null,
};

/** One consultation as this tab lives it: waiting room, call, end. */
export class Call extends SnapshotStore<CallSnapshot> implements Store<CallSnapshot> {
  constructor(_deps: CallDeps) {
    super(nothing);
  }
  /** The device check has begun: idle → checking. */
  check(): void {}
  /** Joins. Also after `ended` (declined, replaced, left), to come back with the same right. */
  join(_as: JoinAs, _devices: Devices): void {}
  sendChat(_text: string): void {}
  retryChat(_id: string): void {}
  /** The chat is on screen: unread goes to 0. */
  readChat(): void {}
  /** How tall each video is shown. The last call counts; the wire is spared repetitions. */
  want(_wants: readonly Want[]): void {}
  /** The page is (not) on screen: hidden, no video is asked for. */
  setVisible(_visible: boolean): void {}
  restartIce(): void {}
  /** The browser says that the network is back: try at once. */
  retryNow(): void {}
  /** Leaves; the ticket stays good. Resolves when it is over here. */
  async leave(): Promise<void> {}
  /** Ends the consultation for everybody (practitioner). Stays in the call and sets `problem` when refused. */
  async end(): Promise<void> {}
  /** Lets go of everything without a word to the server (the page is going away). */
  close(): void {}
}
