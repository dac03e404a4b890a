// The real browser behind the injected parts: what ui's entries call, and tests never do.

import type { Clock } from '../clock';
import type { Log } from '../log';
import { LocalMedia } from '../media/localmedia';
import type { PeerDeps } from '../media/peer';
import { Call } from './call';
import { Desk } from './desk';
import { type Fetch, send } from './http';
import type { OpenSocket, WebSocketLike } from './socket';

interface BrowserTimer {
  readonly timer: ReturnType<typeof setTimeout>;
}

const clock: Clock = {
  now: () => Date.now(),
  after: (ms, run): BrowserTimer => ({ timer: setTimeout(run, ms) }),
  cancel: timer => {
    if (timer !== null) {
      clearTimeout((timer as BrowserTimer).timer);
    }
  },
};

const log: Log = line => {
  // biome-ignore lint/suspicious/noConsole: the one place that writes to the console
  console.info(`colloque: ${line}`);
};

const random = (): number => Math.random();
const fetchJson: Fetch = (path, init) => fetch(path, init);

const openSocket: OpenSocket = () => {
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
const whenBack = (run: () => void): (() => void) => {
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

const newMediaStream = (tracks: MediaStreamTrack[]): MediaStream => new MediaStream(tracks);

const peer: PeerDeps = {
  newPeerConnection: config => new RTCPeerConnection(config),
  newMediaStream,
  codecs: kind => globalThis.RTCRtpReceiver?.getCapabilities?.(kind)?.codecs ?? null,
};

/** The devices of this tab. One for the whole page. */
export function newLocalMedia(): LocalMedia {
  const media = globalThis.HTMLMediaElement?.prototype;
  return new LocalMedia({
    // Undefined, whatever the types say, on a page that is not a secure context.
    mediaDevices: (navigator.mediaDevices as MediaDevices | undefined) ?? null,
    newAudioContext: () => new AudioContext(),
    newMediaStream,
    canChooseSpeaker: media !== undefined && 'setSinkId' in media,
    clock,
  });
}

/** A call that is not joined yet. */
export function newCall(local: LocalMedia): Call {
  return new Call({ local, peer, openSocket, clock, random, whenBack, log });
}

/** A desk that is not open yet. */
export function newDesk(): Desk {
  return new Desk({ openSocket, clock, random, whenBack, log, fetch: fetchJson });
}

/** Uses up the one-time link of the sign-in page. True: signed in, go to /desk. False: the link is no good. Rejects with DeskError otherwise. */
export async function signIn(ticket: string): Promise<boolean> {
  try {
    await send(fetchJson, 'POST', '/sign-in', { ticket });
    return true;
  } catch (error) {
    if (
      error instanceof Error &&
      'code' in error &&
      ['bad-ticket', 'not-found', 'signed-out'].includes(String(error.code))
    ) {
      return false;
    }
    throw error;
  }
}
