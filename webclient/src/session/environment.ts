// The browser behind the parts that sessions are given: what tests replace by fakes.

import type { Clock } from '../clock';
import type { Log } from '../log';
import type { Fetch } from './http';
import type { OpenSocket, WebSocketLike } from './socket';

interface BrowserTimer {
  readonly timer: ReturnType<typeof setTimeout>;
}

export const clock: Clock = {
  now: () => Date.now(),
  after: (ms, run): BrowserTimer => ({ timer: setTimeout(run, ms) }),
  cancel: timer => {
    if (timer !== null) {
      clearTimeout((timer as BrowserTimer).timer);
    }
  },
};

export const log: Log = line => {
  // biome-ignore lint/suspicious/noConsole: the one place that writes to the console
  console.info(`colloque: ${line}`);
};

export const random = (): number => Math.random();
export const fetchJson: Fetch = (path, init) => fetch(path, init);

export const openSocket: OpenSocket = () => {
  const address = new URL('/signal', location.href);
  address.protocol = location.protocol === 'http:' ? 'ws:' : 'wss:';
  const socket = new WebSocket(address, 'colloque.v1');
  const like: WebSocketLike = {
    onopen: null,
    onmessage: null,
    onclose: null,
    send: text => socket.send(text),
    close: () => socket.close(),
  };
  socket.onopen = () => like.onopen?.();
  socket.onmessage = message => like.onmessage?.(message);
  socket.onclose = () => like.onclose?.();
  return like;
};

/** Online again, or shown again after the browser had frozen the page (phones). */
export const whenBack = (run: () => void): (() => void) => {
  const events = ['online', 'pageshow'] as const;
  for (const event of events) {
    addEventListener(event, run);
  }
  return () => {
    for (const event of events) {
      removeEventListener(event, run);
    }
  };
};

const ownerKey = 'colloque.last-owner';

/** For whom a secretary worked last in this browser: an id, no name. A browser that keeps nothing begins with the first one. */
export const lastOwner = {
  read: (): string => {
    try {
      return localStorage.getItem(ownerKey) ?? '';
    } catch {
      return '';
    }
  },
  keep: (owner: string): void => {
    try {
      localStorage.setItem(ownerKey, owner);
    } catch {
      // As above.
    }
  },
};
