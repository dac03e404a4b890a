// A Line keeps a websocket open: it opens one, sends the opening request, and after a loss opens the next with growing pauses.
//
//   closed ── open() ──▶ opening ── opened ──▶ open ── loss ──▶ pausing ── 0, 0.3, 1, 2, 4, 8 s ──▶ opening
//                            └── refused: again (pausing) or stop (closed)

import type { Timer } from '../clock';
import type { Event, Opening, Request } from '../protocol/messages';
import { codeOf, type ReplyTo, RequestError, Socket, type SocketDeps } from './socket';

/** ms before each try, the last one for all that follow. A fifth is added or taken at random, so that a restarted server is not stormed. */
export const PAUSES: readonly number[] = [0, 300, 1000, 2000, 4000, 8000];

export interface LineDeps extends SocketDeps {
  /** 0 ≤ random() < 1. */
  random(): number;
  /** Calls run whenever the network, or the page itself, is said to be back, until the returned function is called. */
  whenBack(run: () => void): () => void;
}

export interface LineHandlers<O extends Opening> {
  /** The request that opens the next websocket. Asked while the websocket itself is opening. */
  opening(): Promise<O>;
  opened(reply: ReplyTo<O>): void;
  /** The opening was refused. What to do: try at once, after a pause, or not any more. */
  refused(code: RequestError['code']): 'at-once' | 'again' | 'stop';
  event(event: Event): void;
  /** The websocket was lost, or could not be opened; another will be. Not told after close(). */
  lost(): void;
}

export class Line<O extends Opening> {
  readonly #deps: LineDeps;
  readonly #handlers: LineHandlers<O>;
  #socket: Socket | null = null;
  #opened = false;
  #wanted = false;
  #tries = 0;
  #pause: Timer | null = null;
  #unlisten: (() => void) | null = null;

  constructor(deps: LineDeps, handlers: LineHandlers<O>) {
    this.#deps = deps;
    this.#handlers = handlers;
  }

  /** The opening request was answered and the websocket is still there. */
  get up(): boolean {
    return this.#opened;
  }

  open(): void {
    if (!this.#wanted) {
      this.#wanted = true;
      this.#tries = 0;
      this.#unlisten = this.#deps.whenBack(() => this.retryNow());
      this.#next();
    }
  }

  /** Does not wait for the rest of a pause: the network is said to be back. */
  retryNow(): void {
    if (this.#pause !== null) {
      this.#tries = 0;
      this.#next();
    }
  }

  /** Drops the websocket and opens another, with what opening() then says. */
  reopen(): void {
    if (this.#wanted) {
      this.#drop();
      this.#tries = 0;
      this.#next();
    }
  }

  close(): void {
    this.#wanted = false;
    this.#unlisten?.();
    this.#unlisten = null;
    this.#deps.clock.cancel(this.#pause);
    this.#pause = null;
    this.#drop();
  }

  request<R extends Request>(request: R): Promise<ReplyTo<R>> {
    if (this.#socket === null || !this.#opened) {
      return Promise.reject(new RequestError('lost', 'the websocket is not open'));
    }
    return this.#socket.request(request);
  }

  #drop(): void {
    const socket = this.#socket;
    this.#socket = null;
    this.#opened = false;
    socket?.close();
  }

  #next(): void {
    this.#deps.clock.cancel(this.#pause);
    const base = PAUSES[Math.min(this.#tries, PAUSES.length - 1)] ?? 0;
    const pause = base * (0.8 + 0.4 * this.#deps.random());
    this.#tries += 1;
    this.#pause = this.#deps.clock.after(pause, () => {
      this.#pause = null;
      this.#try();
    });
  }

  #try(): void {
    const isOpen = new Promise<void>(resolve => {
      this.#socket = new Socket(this.#deps, {
        onOpen: resolve,
        onEvent: event => this.#handlers.event(event),
        onLost: () => this.#lost(),
      });
    });
    const socket = this.#socket;
    if (socket !== null) {
      void this.#sendOpening(socket, isOpen);
    }
  }

  async #sendOpening(socket: Socket, isOpen: Promise<void>): Promise<void> {
    try {
      const [opening] = await Promise.all([this.#handlers.opening(), isOpen]);
      if (this.#socket !== socket) {
        return;
      }
      const reply = await socket.request(opening);
      if (this.#socket !== socket) {
        return;
      }
      this.#opened = true;
      this.#tries = 0;
      this.#handlers.opened(reply);
    } catch (error) {
      if (this.#socket !== socket) {
        return; // lost or closed meanwhile, which has been dealt with
      }
      if (!(error instanceof RequestError)) {
        this.#deps.log(`the opening could not be made: ${error instanceof Error ? error.name : 'unknown'}`);
      }
      this.#refused(codeOf(error));
    }
  }

  #refused(code: RequestError['code']): void {
    this.#drop();
    const next = this.#handlers.refused(code);
    if (!this.#wanted) {
      return;
    }
    if (next === 'stop') {
      this.close();
      return;
    }
    if (next === 'at-once') {
      this.#tries = 0;
    }
    this.#next();
  }

  #lost(): void {
    const opened = this.#opened;
    this.#socket = null;
    this.#opened = false;
    if (!this.#wanted) {
      return;
    }
    if (opened) {
      this.#tries = 0;
    }
    this.#next();
    this.#handlers.lost();
  }
}
