// A server of one test: it takes websockets, reads requests as strictly as the real one, and says what the test tells it to.

import { decode } from '../protocol/decode';
import type { Event, Reply, Request } from '../protocol/messages';
import { decodeRequest, type Sent } from '../protocol/testing/requests';
import type { WebSocketLike } from '../session/socket';
import { settle } from './clock';

/** A reply without the id of its request. */
export type Answering = Reply extends infer R ? (R extends Reply ? Omit<R, 'reply'> : never) : never;

/** One websocket, from the server's side. */
export class FakeSocket implements WebSocketLike {
  onopen: (() => void) | null = null;
  onmessage: ((message: { data: unknown }) => void) | null = null;
  onclose: (() => void) | null = null;
  readonly received: Sent[] = [];
  /** The browser has closed it. */
  closed = false;
  isOpen = false;
  readonly #answer: (request: Sent, socket: FakeSocket) => void;

  constructor(answer: (request: Sent, socket: FakeSocket) => void) {
    this.#answer = answer;
  }

  send(text: string): void {
    if (!this.isOpen || this.closed) {
      throw new Error('sent on a websocket that is not open');
    }
    const request = decodeRequest(text);
    this.received.push(request);
    this.#answer(request, this);
  }

  close(): void {
    this.closed = true;
    this.isOpen = false;
  }

  async accept(): Promise<void> {
    this.isOpen = true;
    this.onopen?.();
    await settle();
  }

  /** Sends what the protocol allows, and only that. */
  async say(message: Event | Reply): Promise<void> {
    const frame = JSON.stringify(message);
    decode(frame);
    this.onmessage?.({ data: frame });
    await settle();
  }

  /** The connection breaks. */
  async drop(): Promise<void> {
    this.isOpen = false;
    this.onclose?.();
    await settle();
  }
}

export class FakeServer {
  readonly sockets: FakeSocket[] = [];
  /** Whether new websockets open by themselves. */
  reachable = true;
  /** How requests are answered, by type; null: not at all. Everything else is 'done'. */
  readonly answers: { [type: string]: (request: Sent) => Answering | null } = {};

  open = (): WebSocketLike => {
    const socket = new FakeSocket((request, from) => this.#reply(request, from));
    this.sockets.push(socket);
    if (this.reachable) {
      queueMicrotask(() => void socket.accept());
    } else {
      queueMicrotask(() => void socket.drop());
    }
    return socket;
  };

  #listeners = new Set<() => void>();

  /** As LineDeps wants it. */
  whenBack = (run: () => void): (() => void) => {
    this.#listeners.add(run);
    return () => this.#listeners.delete(run);
  };

  /** Who listens for the network to come back. */
  get listeners(): number {
    return this.#listeners.size;
  }

  /** The browser says that the network is back. */
  back(): void {
    this.reachable = true;
    for (const run of [...this.#listeners]) {
      run();
    }
  }

  /** The websocket that was opened last. */
  get socket(): FakeSocket {
    const last = this.sockets.at(-1);
    if (last === undefined) {
      throw new Error('no websocket was opened');
    }
    return last;
  }

  /** Every request of every websocket, in order. */
  get received(): Sent[] {
    return this.sockets.flatMap(socket => socket.received);
  }

  /** The requests of one type. */
  requests<T extends Request['type']>(type: T): Extract<Sent, { type: T }>[] {
    return this.received.filter((request): request is Extract<Sent, { type: T }> => request.type === type);
  }

  #reply(request: Sent, socket: FakeSocket): void {
    const make = this.answers[request.type];
    const answer: Answering | null = make === undefined ? { type: 'done' } : make(request);
    if (answer !== null) {
      queueMicrotask(() => void socket.say({ ...answer, reply: request.id } as Reply));
    }
  }
}
