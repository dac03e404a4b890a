// One websocket, from opening to loss: puts ids on requests and finds their replies, hands events on, and notices silence.
// What happens after a loss is the Line's business.

import type { Clock, Timer } from '../clock';
import type { Log } from '../log';
import { DecodeError, decode } from '../protocol/decode';
import type {
  Answer,
  DeskReply,
  Done,
  ErrorCode,
  Event,
  Joined,
  Knocking,
  Reply,
  Request,
  Resumed,
  Told,
} from '../protocol/messages';

/** The part of a WebSocket that is used. */
export interface WebSocketLike {
  onopen: (() => void) | null;
  onmessage: ((message: { data: unknown }) => void) | null;
  onclose: (() => void) | null;
  send(text: string): void;
  close(): void;
}
export type OpenSocket = () => WebSocketLike;

/** What a request is answered with. */
export type ReplyTo<R extends Request> = R extends { type: 'join' }
  ? Joined | Knocking
  : R extends { type: 'resume' }
    ? Resumed
    : R extends { type: 'watch' }
      ? DeskReply
      : R extends { type: 'offer' }
        ? Answer
        : R extends { type: 'message' }
          ? Told
          : Done;

const replyTypes: { readonly [type: string]: readonly Reply['type'][] } = {
  join: ['joined', 'knocking'],
  resume: ['resumed'],
  watch: ['desk'],
  offer: ['answer'],
  message: ['told'],
};

/** A request that came to nothing. 'lost': the websocket went first, so nobody knows. 'timeout': no reply came. */
export class RequestError extends Error {
  readonly code: ErrorCode | 'lost' | 'timeout';
  constructor(code: ErrorCode | 'lost' | 'timeout', message: string) {
    super(message);
    this.name = 'RequestError';
    this.code = code;
  }
}

/** The code of whatever went wrong with a request. */
export function codeOf(error: unknown): RequestError['code'] {
  return error instanceof RequestError ? error.code : 'internal';
}

/** ms without any message (the server ticks every 4 s) after which the websocket is taken as lost; docs/protocol.md §5. */
export const SILENCE = 12_000;
/** ms that a reply may take. */
export const REPLY_WITHIN = 15_000;

export interface SocketDeps {
  readonly openSocket: OpenSocket;
  readonly clock: Clock;
  readonly log: Log;
}
export interface SocketHandlers {
  onOpen(): void;
  onEvent(event: Event): void;
  /** Told once: closed, silent, or never opened. Every waiting request has been failed with 'lost' before. */
  onLost(): void;
}

interface Pending {
  readonly types: readonly Reply['type'][];
  readonly timer: Timer;
  resolve(reply: Reply): void;
  reject(error: RequestError): void;
}

export class Socket {
  readonly #deps: SocketDeps;
  readonly #handlers: SocketHandlers;
  readonly #pending = new Map<string, Pending>();
  #socket: WebSocketLike | null;
  #open = false;
  #lastId = 0;
  #heard: number;
  #watchdog: Timer | null = null;

  constructor(deps: SocketDeps, handlers: SocketHandlers) {
    this.#deps = deps;
    this.#handlers = handlers;
    this.#heard = deps.clock.now();
    const socket = deps.openSocket();
    this.#socket = socket;
    socket.onopen = () => {
      this.#open = true;
      this.#heard = deps.clock.now();
      handlers.onOpen();
    };
    socket.onmessage = message => {
      this.#heard = deps.clock.now();
      this.#receive(message.data);
    };
    socket.onclose = () => this.#lost();
    this.#watch(SILENCE);
  }

  get open(): boolean {
    return this.#open && this.#socket !== null;
  }

  /** Sends a request. Rejects with RequestError, and with nothing else. */
  request<R extends Request>(request: R): Promise<ReplyTo<R>> {
    return new Promise((resolve, reject) => {
      if (this.#socket === null || !this.#open) {
        reject(new RequestError('lost', 'the websocket is not open'));
        return;
      }
      this.#lastId += 1;
      const id = String(this.#lastId);
      const timer = this.#deps.clock.after(REPLY_WITHIN, () => {
        this.#pending.delete(id);
        reject(new RequestError('timeout', `no reply to ${request.type}`));
      });
      const types = replyTypes[request.type] ?? ['done'];
      // The reply's type was checked against the request's when it came (#settle), which the compiler cannot see.
      this.#pending.set(id, { types, timer, resolve: reply => resolve(reply as ReplyTo<R>), reject });
      this.#socket.send(JSON.stringify({ ...request, id }));
    });
  }

  /** Closes without telling onLost. Waiting requests fail with 'lost'. */
  close(): void {
    this.#drop();
  }

  #receive(data: unknown): void {
    let received: ReturnType<typeof decode>;
    try {
      received = decode(String(data));
    } catch (error) {
      this.#deps.log(error instanceof DecodeError ? error.message : 'a message could not be read');
      return;
    }
    if ('reply' in received) {
      this.#settle(received.reply);
    } else {
      this.#handlers.onEvent(received.event);
    }
  }

  #settle(reply: Reply): void {
    const pending = this.#pending.get(reply.reply ?? '');
    if (pending === undefined) {
      this.#deps.log(
        reply.type === 'error' ? `server: ${reply.code}: ${reply.message}` : `a late reply: ${reply.type}`,
      );
      return;
    }
    this.#pending.delete(reply.reply ?? '');
    this.#deps.clock.cancel(pending.timer);
    if (reply.type === 'error') {
      this.#deps.log(`server: ${reply.code}: ${reply.message}`);
      pending.reject(new RequestError(reply.code, reply.message));
    } else if (!pending.types.includes(reply.type)) {
      pending.reject(new RequestError('bad-message', `${reply.type} instead of ${pending.types.join(' or ')}`));
    } else {
      pending.resolve(reply);
    }
  }

  /** One timer that looks again when the silence could be long enough, instead of one a message. */
  #watch(ms: number): void {
    this.#watchdog = this.#deps.clock.after(ms, () => {
      const silent = this.#deps.clock.now() - this.#heard;
      if (silent < SILENCE) {
        this.#watch(SILENCE - silent);
        return;
      }
      this.#deps.log('the websocket is silent');
      this.#lost();
    });
  }

  #lost(): void {
    if (this.#socket !== null) {
      this.#drop();
      this.#handlers.onLost();
    }
  }

  #drop(): void {
    const socket = this.#socket;
    if (socket === null) {
      return;
    }
    this.#socket = null;
    this.#open = false;
    socket.onopen = null;
    socket.onmessage = null;
    socket.onclose = null;
    socket.close();
    this.#deps.clock.cancel(this.#watchdog);
    for (const pending of this.#pending.values()) {
      this.#deps.clock.cancel(pending.timer);
      pending.reject(new RequestError('lost', 'the websocket was lost'));
    }
    this.#pending.clear();
  }
}
