// Call is one consultation as this tab lives it: it speaks the protocol, steps through the phases of machine.ts, and publishes one
// snapshot. The websocket is the Line's, the media CallMedia's, the chat ChatLog's; what they say meets in #publish.

import type { Timer } from '../clock';
import type { LocalMedia } from '../media/localmedia';
import type { PeerDeps } from '../media/peer';
import type { Devices, Event, Join, Joined, Knocking, Resume, Resumed, Waiting, Want } from '../protocol/messages';
import { SnapshotStore, type Store } from '../store';
import { CallMedia } from './callmedia';
import { Chat } from './chat';
import { Line, type LineDeps } from './line';
import { next } from './machine';
import {
  type CallSnapshot,
  consultationOf,
  networkOf,
  nobody,
  nothing,
  type People,
  participantsOf,
  tilesOf,
  waitingOf,
} from './snapshot';
import { codeOf, RequestError } from './socket';
import { Wants } from './wants';

export type { Network } from '../media/network';
export type { Devices, Want } from '../protocol/messages';
export type { ChatLine } from './chatlog';
export type { CallPhase } from './machine';
export type { CallParticipant, CallSnapshot, Sound, Tile } from './snapshot';

/** The right to join: a ticket from the link, or the consultation's id under a practitioner's sign-in. */
export type JoinAs = { ticket: string; language: string; seat?: string } | { consultation: string; language: string };

export interface CallDeps extends LineDeps {
  readonly local: LocalMedia;
  readonly peer: PeerDeps;
}

/** ms that a websocket may be gone before it shows: most are back by then, and the media never noticed. */
export const GRACE = 2000;
/** ms that leaving waits for the server's word. */
const LEAVE_WITHIN = 2000;
/** Offers that may be refused before it is no use. */
const MEDIA_TRIES = 3;

type EventHandlers = { readonly [T in Event['type']]: (event: Extract<Event, { type: T }>) => void };

/** One consultation as this tab lives it: waiting room, call, end. */
export class Call extends SnapshotStore<CallSnapshot> implements Store<CallSnapshot> {
  readonly #deps: CallDeps;
  readonly #line: Line<Join | Resume>;
  readonly #media: CallMedia;
  readonly #chat: Chat;
  readonly #wants: Wants;
  readonly #unsubscribe: () => void;
  #as: { readonly as: JoinAs; readonly devices: Devices } | null = null;
  #session: { readonly session: string; readonly token: string } | null = null;
  #people: People = nobody;
  /** Where the server last said that we are; null before it said. */
  #place: 'waiting' | 'call' | null = null;
  #unreachable = false;
  #grace: Timer | null = null;
  #mediaTries = 0;
  /** No path was found on the last connection: 'media' stays the problem until one is. */
  #pathFailed = false;

  constructor(deps: CallDeps) {
    super(nothing);
    this.#deps = deps;
    this.#line = new Line<Join | Resume>(deps, {
      opening: () => this.#opening(),
      opened: reply => void this.#handleOpened(reply),
      refused: code => this.#handleRefused(code),
      event: event => this.#handleEvent(event),
      lost: () => this.#handleLost(),
    });
    this.#media = new CallMedia({
      local: deps.local,
      peer: deps.peer,
      clock: deps.clock,
      request: request => this.#line.request(request) as Promise<{ type: 'done'; reply: string }>,
      requestOffer: request => this.#line.request(request),
      changed: () => this.#publish(),
      startOver: why => {
        this.#pathFailed ||= why === 'broken';
        this.#startOver();
      },
      problem: code => this.set({ problem: code }),
    });
    this.#chat = new Chat({
      clock: deps.clock,
      may: () => this.#line.up && this.#place === 'call',
      request: request => this.#line.request(request),
      changed: () => this.#publish(),
    });
    this.#wants = new Wants(deps.clock, wants => this.#line.request({ type: 'want', wants }));
    this.#unsubscribe = deps.local.subscribe(() => {
      this.#media.handleLocal();
      this.#publish();
    });
  }

  /** The device check has begun: idle → checking. */
  check(): void {
    this.set({ phase: next(this.snapshot.phase, 'check') });
  }

  /** Joins. Also after `ended` (declined, replaced, left), to come back with the same right. */
  join(as: JoinAs, devices: Devices): void {
    const from = this.snapshot.phase;
    if (next(from, 'join') === from) {
      return;
    }
    if (from === 'ended') {
      void this.#deps.local.restore();
    }
    this.#as = { as, devices };
    this.#mediaTries = 0;
    this.set({ phase: next(from, 'join'), ended: null, problem: null });
    this.#line.open();
  }

  sendChat(text: string): void {
    this.#chat.send(text);
  }

  retryChat(id: string): void {
    this.#chat.retry(id);
  }

  /** The chat is on screen: unread goes to 0. */
  readChat(): void {
    this.#chat.readAll();
  }

  /** How tall each video is shown. The last call counts; the wire is spared repetitions. */
  want(wants: readonly Want[]): void {
    this.#wants.set(wants);
  }

  /** The page is (not) on screen: hidden, no video is asked for. */
  setVisible(visible: boolean): void {
    this.#wants.setVisible(visible);
  }

  restartIce(): void {
    this.#media.restartIce();
  }

  /** Does not wait for the rest of a pause between two tries. The browser's own word that it is online again does this too. */
  retryNow(): void {
    this.#line.retryNow();
  }

  /** Another device asks for this seat: go on there (this one is over), or stay here. */
  async answerKnock(goOn: boolean): Promise<void> {
    try {
      await this.#line.request({ type: 'answer-knock', continue: goOn });
    } catch {
      // Nobody asks any more, or the line is lost: what holds is said again.
    }
  }

  /** Says where one is and where to be called back. Null: it is kept; else the code of why not. */
  async sayWhere(place: string, callBack: string): Promise<string | null> {
    try {
      await this.#line.request({ type: 'where', place, call_back: callBack });
      return null;
    } catch (error) {
      return codeOf(error);
    }
  }

  /** Leaves; the ticket stays good. Resolves when it is over here. */
  async leave(): Promise<void> {
    if (this.#line.up) {
      const { clock } = this.#deps;
      await new Promise<unknown>(resolve => {
        const patience = clock.after(LEAVE_WITHIN, () => resolve(null));
        const left = this.#line.request({ type: 'leave' }).catch(() => null);
        void left.finally(() => clock.cancel(patience)).then(resolve);
      });
    }
    this.#over('left');
  }

  /** Ends the consultation for everybody (practitioner). Stays in the call and sets `problem` when refused. */
  async end(): Promise<void> {
    try {
      await this.#line.request({ type: 'end' });
      this.#over('ended');
    } catch (error) {
      if (this.snapshot.phase !== 'ended') {
        this.set({ problem: codeOf(error) });
      }
    }
  }

  /** Lets go of everything without a word to the server (the page is going away). */
  close(): void {
    this.#unsubscribe();
    this.#line.close();
    this.#letGo();
  }

  async #opening(): Promise<Join | Resume> {
    if (this.#session !== null) {
      const { last } = this.#chat.log;
      return { type: 'resume', ...this.#session, ...(last === undefined ? {} : { chat_after: last }) };
    }
    if (this.#as === null) {
      throw new RequestError('internal', 'nothing to join with');
    }
    const { as, devices } = this.#as;
    try {
      const { sdp, publish } = await this.#media.prepare();
      return { type: 'join', ...as, offer: sdp, publish, devices };
    } catch {
      throw new RequestError('media', 'the browser made no offer');
    }
  }

  async #handleOpened(reply: Joined | Knocking | Resumed): Promise<void> {
    this.#setReachable();
    if (reply.type === 'knocking') {
      this.set({ elsewhere: true, problem: null });
      return; // when the seat is free the server closes, and the line joins again
    }
    const joined = reply.type === 'joined';
    let change: Partial<CallSnapshot> = { problem: this.#pathFailed ? 'media' : null, elsewhere: false, knock: false };
    if (joined) {
      this.#session = { session: reply.session, token: reply.token };
      this.#chat.log.setSelf(reply.self);
      this.#people = nobody;
      change = { ...change, selfId: reply.self, role: reply.role, practice: reply.practice };
    }
    this.#chat.log.add(reply.chat);
    this.#settle(reply.waiting ?? null, { ...change, consultation: consultationOf(reply.consultation) });
    this.#wants.again();
    if (!joined) {
      this.#media.handleIceServers(reply.ice_servers);
      this.#media.handleSocket(true);
      return;
    }
    try {
      await this.#media.accept(reply.answer, reply.ice_servers);
      this.#mediaTries = 0;
      this.#media.handleSocket(this.#line.up);
    } catch {
      this.#deps.log('the browser refused the answer');
      this.#mediaTries += 1;
      if (this.#mediaTries >= MEDIA_TRIES) {
        this.#over('media');
      } else {
        this.#startOver();
      }
    }
  }

  #handleRefused(code: RequestError['code']): 'at-once' | 'again' | 'stop' {
    const gone =
      code === 'bad-ticket' ||
      code === 'not-found' ||
      code === 'forbidden' ||
      code === 'conflict' ||
      code === 'too-early';
    if (this.#session !== null && gone) {
      this.#session = null; // too late to resume: join again, with the same right
      return 'at-once';
    }
    this.set({ problem: code });
    if (code === 'media' || code === 'bad-message') {
      this.#session = null;
      this.#media.discard();
      this.#mediaTries += 1;
    }
    if (gone || this.#mediaTries >= MEDIA_TRIES) {
      this.#over(code);
      return 'stop';
    }
    return 'again';
  }

  #handleLost(): void {
    this.#media.handleSocket(false);
    this.#grace ??= this.#deps.clock.after(GRACE, () => {
      this.#unreachable = true;
      this.#publish();
    });
    this.#publish();
  }

  #setReachable(): void {
    this.#deps.clock.cancel(this.#grace);
    this.#grace = null;
    this.#unreachable = false;
  }

  /** A new session with a new peer connection; the seat is ours still. */
  #startOver(): void {
    this.#session = null;
    this.#media.discard();
    this.#line.reopen();
    this.#publish();
  }

  #handleEvent(event: Event): void {
    if (this.snapshot.phase !== 'ended') {
      const handle = this.#handlers[event.type] as (event: Event) => void;
      handle(event);
    }
  }

  readonly #handlers: EventHandlers = {
    waiting: waiting => this.#settle(waiting, {}),
    knock: ({ open }) => this.set({ knock: open }),
    admitted: ({ consultation }) => this.#settle(null, { consultation: consultationOf(consultation) }),
    participants: ({ consultation, participants }) => {
      this.#people = { ...this.#people, participants };
      this.#media.handlePublications();
      this.#publish({ consultation: consultationOf(consultation) });
    },
    lanes: event => {
      this.#media.handleLanes(event);
      this.#wants.handleLanes(event.lanes);
      this.#publish();
    },
    speaking: ({ participants }) => {
      this.#people = { ...this.#people, speaking: participants };
      this.#publish();
    },
    quality: ({ participants }) => {
      this.#people = { ...this.#people, quality: new Map(participants.map(({ id, level }) => [id, level])) };
      this.#publish();
    },
    chat: ({ messages }) => {
      this.#chat.log.add(messages);
      this.#publish();
    },
    documents: ({ type: _type, ...documents }) => this.set({ documents }),
    visit: ({ type: _type, ...visit }) => this.set({ visit }),
    phone: ({ on, since = '', number = '' }) => this.set({ phone: on ? { since, number } : null }),
    'ice-servers': event => this.#media.handleIceServers(event.ice_servers),
    ended: ({ reason }) => {
      if (reason === 'stopped') {
        this.#session = null; // the server restarts: join again when it is back
      } else {
        this.#over(reason);
      }
    },
    tick: () => undefined,
    desk: () => undefined,
  };

  /** The server says where we are: in the waiting room, or in the call. */
  #settle(waiting: Waiting | null, change: Partial<CallSnapshot>): void {
    if (waiting !== null) {
      this.#place = 'waiting';
      this.#people = nobody;
      this.#publish({ ...change, waiting: waitingOf(waiting) });
      this.#media.withdraw();
    } else {
      this.#place = 'call';
      this.#publish({ ...change, waiting: null });
      this.#media.admit();
      this.#chat.flush();
    }
    this.#publish();
  }

  #over(reason: string): void {
    if (this.snapshot.phase === 'ended') {
      return;
    }
    this.#line.close();
    this.#letGo();
    this.#publish({
      phase: next(this.snapshot.phase, 'over'),
      ended: { reason },
      waiting: null,
      elsewhere: false,
      knock: false,
    });
    this.#deps.local.release();
  }

  #letGo(): void {
    this.#setReachable();
    this.#session = null;
    this.#place = null;
    this.#pathFailed = false;
    this.#people = nobody;
    this.#wants.close();
    this.#media.close();
  }

  /** Brings the snapshot, and first of all its phase, into line with everything known. It changes once, with the news in it. */
  #publish(news: Partial<CallSnapshot> = {}): void {
    let change = news;
    const mediaUp = this.#media.state === 'connected';
    const { selfId, phase: before } = { ...this.snapshot, ...change };
    let phase = before;
    if (mediaUp && this.#pathFailed) {
      this.#pathFailed = false;
      change = { ...change, problem: null };
    }
    if (this.#place === 'waiting') {
      phase = next(phase, 'wait');
    } else if (this.#place === 'call') {
      phase = next(next(phase, 'admit'), mediaUp && !this.#unreachable ? 'up' : 'down');
    }
    const own = this.#deps.local.snapshot;
    const participants = participantsOf(this.#people, selfId, own);
    const lost = phase !== 'ended' && (this.#unreachable || (phase === 'reconnecting' && !mediaUp));
    this.set({
      ...change,
      phase,
      participants,
      ...tilesOf(this.#media.lanes),
      ...networkOf(lost, this.#place === 'call' ? this.#media.quality : 'good', participants),
      chat: this.#chat.log.lines(),
      unread: this.#chat.log.unread,
    });
  }
}
