// Documents is what this tab sends and what it may see of a consultation's documents. Sending survives every loss: the server keeps what it
// acknowledged, a file is announced again under its own key, and a patient's file waits in the browser's storage until it has arrived.

import type { Clock, Timer } from '../clock';
import type { Log } from '../log';
import { documentList } from '../protocol/decode';
import type { DocumentList } from '../protocol/messages';
import { SnapshotStore } from '../store';
import { field } from './http';
import { withoutLocation } from './photo';

/** fetch, as far as it is used. */
export type FetchBytes = (
  path: string,
  init: {
    method: string;
    headers: Record<string, string>;
    body?: string | Blob;
    credentials: 'same-origin';
    cache: 'no-store';
    signal?: AbortSignal;
  },
) => Promise<{
  readonly ok: boolean;
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  json(): Promise<unknown>;
}>;

/** A file that waits to be sent, as it is kept over a reload. */
export interface Waiting {
  readonly key: string;
  readonly consultation: string;
  readonly name: string;
  readonly file: Blob;
  readonly locationRemoved: boolean;
  /** For whom, when a practitioner says it; missing: for the patient. */
  readonly to?: readonly string[];
}

/** Where files wait. Each method may fail without harm: then a reload loses what was not sent. */
export interface WaitingFiles {
  all(consultation: string): Promise<readonly Waiting[]>;
  put(one: Waiting): Promise<void>;
  remove(key: string): Promise<void>;
}

export interface DocumentsDeps {
  readonly fetch: FetchBytes;
  readonly clock: Clock;
  readonly random: () => number;
  readonly whenBack: (run: () => void) => () => void;
  readonly log: Log;
  /** null: nothing is kept over a reload (a computer that several people use). */
  readonly waiting: WaitingFiles | null;
}

/** A file on its way. */
export interface Sending {
  readonly key: string;
  readonly name: string;
  readonly size: number;
  /** Bytes that the server has on its disk. */
  readonly sent: number;
  /** stuck: no network just now, it goes on by itself. */
  readonly state: 'sending' | 'stuck' | 'failed';
  /** An error code, when it failed. */
  readonly problem: string | null;
}

export interface DocumentsSnapshot {
  readonly list: DocumentList | null;
  readonly sending: readonly Sending[];
  /** Ids of what was opened on this page. */
  readonly opened: readonly string[];
  /** An error code of the last thing that was asked; null when all is well. */
  readonly problem: string | null;
}

/** The server writes pieces of 16 KiB; what is sent at once is a multiple of it. */
const PIECE = 16 * 1024;
const LEAST = 4 * PIECE;
const MOST = 512 * PIECE;
/** ms that one request should take: often enough to see it move, seldom enough not to wait for answers. */
const AIM = 2000;
/** ms after which a request is given up: a phone that left the network does not say so. */
const PATIENCE = 30_000;
const PAUSE = { first: 1000, most: 15_000 };

interface Work extends Waiting {
  upload: string | null;
  at: number;
  piece: number;
  pause: number;
  stopped: boolean;
}

class Refused extends Error {
  readonly code: string;
  readonly offset: number | null;
  constructor(code: string, offset: number | null) {
    super(code);
    this.code = code;
    this.offset = offset;
  }
}

/** One consultation's documents, as this person may see them. */
export class Documents extends SnapshotStore<DocumentsSnapshot> {
  readonly #deps: DocumentsDeps;
  readonly #path: string;
  readonly #consultation: string;
  readonly #ticket: string | null;
  readonly #works = new Map<string, Work>();
  readonly #wakers = new Set<() => void>();
  readonly #unsubscribe: () => void;
  #running: Promise<void> | null = null;
  #closed = false;
  #over = false;
  #said = 0; // how often the websocket said the list

  /** ticket: of the link; null for whoever is signed in. */
  constructor(deps: DocumentsDeps, consultation: string, ticket: string | null) {
    super({ list: null, sending: [], opened: [], problem: null });
    this.#deps = deps;
    this.#consultation = consultation;
    this.#path = `/api/v1/consultations/${consultation}/documents`;
    this.#ticket = ticket;
    this.#unsubscribe = deps.whenBack(() => this.#wake());
  }

  /** Takes up what a reload interrupted, and reads the list. */
  async start(): Promise<void> {
    const left = await this.#deps.waiting?.all(this.#consultation).catch(() => []);
    for (const one of left ?? []) {
      this.#add(one);
    }
    this.#run();
    if (this.snapshot.list === null && !this.#over) {
      await this.refresh();
    }
  }

  /** The consultation has ended for who came with a link: the list stays as it was, and what is on its way is still sent. */
  over(): void {
    this.#over = true;
  }

  /** The list as the websocket says it. */
  take(list: DocumentList): void {
    this.#said += 1;
    this.set({ list });
  }

  async refresh(): Promise<void> {
    await this.#ask(async () => {
      const said = this.#said;
      const answer = await this.#request('GET', this.#path);
      const list = documentList(await answer.json(), 'documents');
      if (said === this.#said) {
        this.set({ list });
      } // else the websocket was faster: what it said is newer than this answer, or what is newer follows
    });
  }

  /**
   * Sends files, one after the other. The place where a photograph was taken is removed first. `to`: for whom besides the practitioner, said
   * by a practitioner; null: for the patient.
   */
  async send(files: readonly File[], to: readonly string[] | null = null): Promise<void> {
    this.set({ problem: null });
    for (const original of files) {
      const { file, removed } = await withoutLocation(original);
      const key = `k${Array.from({ length: 20 }, () => Math.floor(this.#deps.random() * 36).toString(36)).join('')}`;
      const one: Waiting = {
        key,
        consultation: this.#consultation,
        name: original.name,
        file,
        locationRemoved: removed,
        ...(to === null ? {} : { to }),
      };
      this.#add(one);
      void this.#deps.waiting?.put(one).catch(() => this.#deps.log('a file cannot be kept over a reload'));
    }
    this.#run();
  }

  /** Tries again what failed. */
  retry(key: string): void {
    const work = this.#works.get(key);
    if (work !== undefined) {
      work.upload = null;
      this.#show(work, 'sending', null);
      this.#run();
    }
  }

  /** Does not send it after all. */
  async cancel(key: string): Promise<void> {
    const work = this.#works.get(key);
    if (work === undefined) {
      return;
    }
    this.#forget(work);
    this.#wake();
    if (work.upload !== null) {
      await this.#request('DELETE', work.upload.replace(/\/upload$/, '')).catch(() => undefined);
    }
  }

  /** Where the document can be read for an hour; it counts as seen. Null, and a problem, when it cannot. */
  async open(id: string): Promise<string | null> {
    let url: string | null = null;
    await this.#ask(async () => {
      url = field(await (await this.#request('POST', `${this.#path}/${id}/open`, '{}')).json(), 'url');
    });
    if (url !== null && !this.snapshot.opened.includes(id)) {
      this.set({ opened: [...this.snapshot.opened, id] });
    }
    return url;
  }

  async remove(id: string): Promise<void> {
    await this.#ask(async () => {
      await this.#request('DELETE', `${this.#path}/${id}`);
      await this.refresh();
    });
  }

  /** Says who may see it besides the practitioner and the sender. */
  async share(id: string, to: readonly string[]): Promise<void> {
    await this.#ask(async () => {
      await this.#request('PATCH', `${this.#path}/${id}`, JSON.stringify({ to }));
      await this.refresh();
    });
  }

  close(): void {
    this.#closed = true;
    this.#unsubscribe();
    this.#wake();
  }

  async #ask(what: () => Promise<void>): Promise<void> {
    try {
      await what();
      this.set({ problem: null });
    } catch (error) {
      this.set({ problem: error instanceof Refused ? error.code : 'internal' });
    }
  }

  #add(one: Waiting): void {
    if (this.#works.has(one.key)) {
      return;
    }
    const work: Work = { ...one, upload: null, at: 0, piece: LEAST * 2, pause: PAUSE.first, stopped: false };
    this.#works.set(one.key, work);
    this.#show(work, 'sending', null);
  }

  #show(work: Work, state: Sending['state'], problem: string | null): void {
    if (work.stopped) {
      return;
    }
    const shown: Sending = { key: work.key, name: work.name, size: work.file.size, sent: work.at, state, problem };
    const { sending } = this.snapshot;
    const known = sending.some(one => one.key === work.key);
    this.set({ sending: known ? sending.map(one => (one.key === work.key ? shown : one)) : [...sending, shown] });
  }

  #forget(work: Work): void {
    work.stopped = true;
    this.#works.delete(work.key);
    this.set({ sending: this.snapshot.sending.filter(one => one.key !== work.key) });
    void this.#deps.waiting?.remove(work.key).catch(() => undefined);
  }

  #run(): void {
    this.#running ??= this.#sendAll().finally(() => {
      this.#running = null;
    });
  }

  async #sendAll(): Promise<void> {
    const next = (): Work | undefined =>
      [...this.#works.values()].find(
        work => this.snapshot.sending.find(one => one.key === work.key)?.state !== 'failed',
      );
    for (let work = next(); work !== undefined && !this.#closed; work = next()) {
      await this.#sendOne(work);
    }
  }

  async #sendOne(work: Work): Promise<void> {
    while (!work.stopped && !this.#closed) {
      try {
        if (work.upload === null) {
          await this.#announce(work);
        }
        if (work.at >= work.file.size) {
          this.#forget(work);
          if (!this.#over) {
            await this.refresh(); // without a websocket nobody says that it is there
          }
          return;
        }
        await this.#sendPiece(work);
        work.pause = PAUSE.first;
        this.#show(work, 'sending', null);
      } catch (error) {
        const code = error instanceof Refused ? error.code : 'lost';
        if (code === 'conflict' && error instanceof Refused && error.offset !== null) {
          work.at = error.offset; // the server knows better how far it is
          continue;
        }
        if (code !== 'lost' && code !== 'unavailable' && code !== 'internal' && code !== 'too-fast') {
          this.#show(work, 'failed', code);
          return;
        }
        this.#show(work, 'stuck', null);
        work.upload = null; // announced again, it says where to go on
        work.piece = LEAST;
        await this.#pause(work.pause * (0.75 + this.#deps.random() / 2));
        work.pause = Math.min(work.pause * 2, PAUSE.most);
      }
    }
  }

  async #announce(work: Work): Promise<void> {
    const body = {
      name: work.name,
      size: work.file.size,
      key: work.key,
      location_removed: work.locationRemoved,
      ...(work.to === undefined ? {} : { to: work.to }),
    };
    const answer: unknown = await (await this.#request('POST', this.#path, JSON.stringify(body))).json();
    const upload = field(answer, 'upload');
    const offset: unknown = typeof answer === 'object' && answer !== null ? Reflect.get(answer, 'offset') : null;
    if (upload === null || typeof offset !== 'number') {
      throw new Refused('internal', null);
    }
    work.upload = upload;
    work.at = offset;
    this.#show(work, 'sending', null);
  }

  async #sendPiece(work: Work): Promise<void> {
    const end = Math.min(work.at + work.piece, work.file.size);
    const began = this.#deps.clock.now();
    const answer = await this.#request('PATCH', work.upload ?? '', work.file.slice(work.at, end), {
      'Content-Type': 'application/offset+octet-stream',
      'Tus-Resumable': '1.0.0',
      'Upload-Offset': String(work.at),
    });
    const offset = Number(answer.headers.get('Upload-Offset'));
    if (!Number.isSafeInteger(offset) || offset <= work.at) {
      throw new Refused('internal', null);
    }
    work.at = offset;
    const took = Math.max(1, this.#deps.clock.now() - began);
    const wanted = Math.round((work.piece * Math.min(4, AIM / took)) / PIECE) * PIECE;
    work.piece = Math.min(MOST, Math.max(LEAST, wanted));
  }

  async #request(
    method: string,
    path: string,
    body?: string | Blob,
    headers: Record<string, string> = {},
  ): ReturnType<FetchBytes> {
    const given = new AbortController();
    const patience = this.#deps.clock.after(PATIENCE, () => given.abort());
    let answer: Awaited<ReturnType<FetchBytes>>;
    try {
      answer = await this.#deps.fetch(path, {
        method,
        headers: {
          Accept: 'application/json',
          ...(typeof body === 'string' ? { 'Content-Type': 'application/json' } : {}),
          ...(this.#ticket === null ? {} : { Authorization: `Ticket ${this.#ticket}` }),
          ...headers,
        },
        ...(body === undefined ? {} : { body }),
        credentials: 'same-origin',
        cache: 'no-store',
        signal: given.signal,
      });
    } catch {
      throw new Refused('lost', null);
    } finally {
      this.#deps.clock.cancel(patience);
    }
    if (!answer.ok) {
      const offset = answer.headers.get('Upload-Offset');
      const said = answer.status === 401 ? 'signed-out' : field(await answer.json().catch(() => null), 'code');
      throw new Refused(
        said ?? (answer.status >= 500 ? 'unavailable' : 'internal'),
        offset === null ? null : Number(offset),
      );
    }
    return answer;
  }

  #pause(ms: number): Promise<void> {
    return new Promise(resolve => {
      let timer: Timer | null = null;
      const done = (): void => {
        this.#deps.clock.cancel(timer);
        this.#wakers.delete(done);
        resolve();
      };
      timer = this.#deps.clock.after(ms, done);
      this.#wakers.add(done);
    });
  }

  #wake(): void {
    for (const waker of [...this.#wakers]) {
      waker();
    }
  }
}
