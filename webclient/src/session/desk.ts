import type { Devices, Place, Presence, Role, State } from '../protocol/messages';
import { SnapshotStore, type Store } from '../store';

export interface DeskParticipant {
  readonly id: string;
  readonly role: Role;
  readonly name: string;
  readonly place: Place;
  readonly since: string | null;
  readonly presence: Presence;
  readonly devices: Devices | null;
}
export interface DeskConsultation {
  readonly id: string;
  readonly state: State;
  readonly createdAt: string;
  readonly participants: readonly DeskParticipant[];
}
/** Somebody who waits. */
export interface DeskWaiting {
  readonly consultation: string;
  readonly participant: string;
  readonly name: string;
  readonly role: Role;
  readonly since: string;
  readonly presence: Presence;
  readonly devices: Devices | null;
}

export interface DeskSnapshot {
  /** The websocket is up and the first snapshot has come. */
  readonly connected: boolean;
  /** The sign-in is gone (expired, or signed out elsewhere): go to the signed-out page. */
  readonly signedOut: boolean;
  /** Null until me() has answered. */
  readonly me: { readonly id: string; readonly name: string } | null;
  readonly delay: { readonly minutes: number; readonly saidAt: string } | null;
  /** Not ended, oldest first. */
  readonly consultations: readonly DeskConsultation[];
  /** In order of arrival. */
  readonly waiting: readonly DeskWaiting[];
  /** Grows by one at every arrival: play the sound, change the title. Those who were there at first do not count. */
  readonly arrivals: number;
  /** The name of who arrived last ('' when no name was given); null before the first arrival. */
  readonly lastArrival: string | null;
  /** The code of the last refused intent; null after the next one that works. */
  readonly problem: string | null;
}

export interface DeskDeps {
  todo?: never;
}

/** A refused intent, with the code to show in words. */
export class DeskError extends Error {
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.name = 'DeskError';
    this.code = code;
  }
}

const nothing: DeskSnapshot = {
  connected: false,
  signedOut: false,
  me: null,
  delay: null,
  consultations: [],
  waiting: [],
  arrivals: 0,
  lastArrival: null,
  problem: null,
};

/** The practitioner's desk: who waits, and what can be done about it. */
export class Desk extends SnapshotStore<DeskSnapshot> implements Store<DeskSnapshot> {
  constructor(_deps: DeskDeps) {
    super(nothing);
  }
  /** Opens the websocket and keeps it open. */
  open(): void {}
  // Intents over the websocket: resolve when done; when refused, `problem` is set and they resolve too.
  async admit(_consultation: string, _participant: string): Promise<void> {}
  async sendBack(_consultation: string, _participant: string): Promise<void> {}
  async decline(_consultation: string, _participant: string): Promise<void> {}
  async delay(_minutes: number): Promise<void> {}
  async end(_consultation: string): Promise<void> {}
  // Requests over HTTP: reject with DeskError when refused.
  async start(_patientName: string, _language: string): Promise<{ id: string; participant: string; link: string }> {
    throw new DeskError('internal', 'not built');
  }
  async link(_consultation: string, _participant: string): Promise<string> {
    throw new DeskError('internal', 'not built');
  }
  async invite(_consultation: string, _role: Role, _name: string): Promise<{ participant: string; link: string }> {
    throw new DeskError('internal', 'not built');
  }
  /** Reads who is signed in, into snapshot.me. */
  async me(): Promise<void> {}
  async rename(_name: string): Promise<void> {}
  async signOut(): Promise<void> {}
  retryNow(): void {}
  close(): void {}
}
