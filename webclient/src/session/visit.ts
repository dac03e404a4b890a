// What the practitioner does beside the call over HTTP: who the patient is, going on by telephone, and private notes.

import type { Clock, Timer } from '../clock';
import type { Proof } from '../protocol/messages';
import { SnapshotStore } from '../store';
import { DeskError, field } from './http';

/** What it asks with: Desk.request. */
export type Ask = (method: string, path: string, body?: unknown) => Promise<unknown>;

/** What can be corrected of a patient. */
export interface IdentityFields {
  readonly name: string;
  readonly birthDate: string;
  readonly place: string;
  readonly country: string;
  readonly callBack: string;
}

const at = (consultation: string, participant: string): string =>
  `/consultations/${consultation}/participants/${participant}`;

export async function identify(ask: Ask, consultation: string, participant: string, to: IdentityFields): Promise<void> {
  await ask('PUT', `${at(consultation, participant)}/identity`, {
    name: to.name,
    birth_date: to.birthDate,
    place: to.place,
    country: to.country,
    call_back: to.callBack,
  });
}

/** null: not verified after all. */
export async function verify(ask: Ask, consultation: string, participant: string, how: Proof | null): Promise<void> {
  await ask('PUT', `${at(consultation, participant)}/verified`, how === null ? {} : { how });
}

/** Goes on by telephone. Resolves with the number to dial. */
export async function toPhone(ask: Ask, consultation: string, participant: string): Promise<string> {
  return field(await ask('POST', `${at(consultation, participant)}/phone`, {}), 'number') ?? '';
}

export async function toVideo(ask: Ask, consultation: string): Promise<void> {
  await ask('POST', `/consultations/${consultation}/video`, {});
}

export interface NoteSnapshot {
  /** As it is on the page; null until it is known. */
  readonly text: string | null;
  readonly state: 'loading' | 'kept' | 'writing' | 'unkept' | 'conflict' | 'long' | 'unreadable';
  /** What somebody else's page, or another tab, wrote meanwhile. */
  readonly theirs: string | null;
}

/** ms without a key before it is kept, and at the most while somebody types without a pause. */
const PAUSE = 1200;
const AT_MOST = 8000;
/** ms before it is tried again. */
const AGAIN = 5000;
/** Characters; consult.MaxNote. */
export const LONGEST_NOTE = 30_000;

/** A private note, kept by itself while it is written. */
export class NoteBook extends SnapshotStore<NoteSnapshot> {
  readonly #ask: Ask;
  readonly #clock: Clock;
  readonly #path: string;
  #revision = 0;
  #kept = '';
  #timer: Timer | null = null;
  #since: number | null = null;
  #sending = false;

  constructor(ask: Ask, clock: Clock, consultation: string) {
    super({ text: null, state: 'loading', theirs: null });
    this.#ask = ask;
    this.#clock = clock;
    this.#path = `/consultations/${consultation}/note`;
  }

  async load(): Promise<void> {
    try {
      const note = await this.#ask('GET', this.#path);
      this.#take(note);
      this.set({ text: this.#kept, state: 'kept', theirs: null });
    } catch (error) {
      this.#rethrow(error);
      this.set({ state: 'unreadable' });
    }
  }

  write(text: string): void {
    const conflict = this.snapshot.state === 'conflict';
    const long = Array.from(text).length > LONGEST_NOTE;
    this.set({ text, state: conflict ? 'conflict' : long ? 'long' : 'writing' });
    if (!conflict && !long) {
      this.#since ??= this.#clock.now();
      this.#soon(Math.min(PAUSE, Math.max(0, this.#since + AT_MOST - this.#clock.now())));
    }
  }

  /** Keeps what is written now: the page is going away, or somebody says so. */
  async keep(): Promise<void> {
    this.#clock.cancel(this.#timer);
    this.#timer = null;
    const { text, state } = this.snapshot;
    if (this.#sending || text === null || text === this.#kept || state === 'conflict' || state === 'long') {
      return;
    }
    this.#sending = true;
    this.#since = null;
    try {
      const note = await this.#ask('PUT', this.#path, { text, revision: this.#revision });
      this.#take(note);
      this.#kept = text; // as it stands on the page: the server may have composed accents otherwise
      this.#sending = false;
      if (this.snapshot.text === text) {
        this.set({ state: 'kept' });
      } else {
        this.#soon(PAUSE);
      }
    } catch (error) {
      this.#sending = false;
      this.#rethrow(error);
      await this.#refused(error as DeskError);
    }
  }

  /** After a conflict: mine and theirs, one below the other, for the person to make one of. */
  both(): void {
    const { text, theirs } = this.snapshot;
    if (theirs !== null) {
      this.set({ theirs: null, state: 'writing' });
      this.write([theirs, text].filter(one => one !== '').join('\n\n'));
    }
  }

  /** Keeps what can be kept, and lets go. */
  close(): void {
    void this.keep();
    this.#clock.cancel(this.#timer);
  }

  async #refused(error: DeskError): Promise<void> {
    if (error.code !== 'conflict') {
      this.set({ state: 'unkept' });
      this.#soon(AGAIN);
      return;
    }
    try {
      this.#take(await this.#ask('GET', this.#path));
      this.set({ state: 'conflict', theirs: this.#kept });
    } catch (again) {
      this.#rethrow(again);
      this.set({ state: 'unkept' });
      this.#soon(AGAIN);
    }
  }

  #take(note: unknown): void {
    this.#kept = field(note, 'text') ?? '';
    const revision: unknown = typeof note === 'object' && note !== null ? Reflect.get(note, 'revision') : 0;
    this.#revision = typeof revision === 'number' ? revision : 0;
  }

  #soon(ms: number): void {
    this.#clock.cancel(this.#timer);
    this.#timer = this.#clock.after(ms, () => void this.keep());
  }

  #rethrow(error: unknown): void {
    if (!(error instanceof DeskError)) {
      throw error;
    }
  }
}
