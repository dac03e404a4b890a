// PathGuard decides when the media's path is dead enough to try others. A lost websocket alone is never a reason: the media does
// not pass through it. Restarting ICE costs a moment of picture even when all was well, so it waits for the browser to recover first.
//
//   not connected 3 s after the first answer, ─┐
//   disconnected for 4 s, or failed ───────────┴▶ restart ──10 s, still not connected──▶ restart ──10 s──▶ start over with a new connection
//
// All of it only while the websocket is up: an offer needs it.

import type { Clock, Timer } from '../clock';

/** ms that a new connection gets to find a path by itself. */
export const FIRST_WITHIN = 3000;
/** ms that a disconnected path gets to come back by itself. */
export const PATIENCE = 4000;
/** ms that it gets when the websocket has just come back: both were probably cut together. */
const PATIENCE_AFTER_RESUME = 1500;
/** ms that a restart may take. */
export const RESTART_WITHIN = 10_000;
/** Restarts before starting over. */
const RESTARTS = 2;

export interface PathGuardHandlers {
  restart(): void;
  startOver(): void;
}

export class PathGuard {
  readonly #clock: Clock;
  readonly #handlers: PathGuardHandlers;
  #state: RTCPeerConnectionState = 'new';
  #socketUp = false;
  /** Since when there has been no path; null when there is one, or nothing was tried yet. */
  #brokenAt: number | null = null;
  #patience = PATIENCE;
  #restarts = 0;
  #timer: Timer | null = null;

  constructor(clock: Clock, handlers: PathGuardHandlers) {
    this.#clock = clock;
    this.#handlers = handlers;
  }

  /** A new connection takes the place of the old one. */
  reset(): void {
    this.#state = 'new';
    this.#brokenAt = null;
    this.#patience = PATIENCE;
    this.#restarts = 0;
    this.#stop();
  }

  /** The first answer was taken in: from now on a path is due. */
  begin(): void {
    if (this.#state !== 'connected') {
      this.#brokenAt ??= this.#clock.now();
      this.#patience = FIRST_WITHIN;
      this.#plan(FIRST_WITHIN);
    }
  }

  handleState(state: RTCPeerConnectionState): void {
    this.#state = state;
    if (state === 'connected') {
      this.reset();
      this.#state = state;
      return;
    }
    if (state === 'disconnected' || state === 'failed') {
      this.#brokenAt ??= this.#clock.now();
      if (this.#restarts === 0 || state === 'failed') {
        this.#plan(state === 'failed' ? 0 : PATIENCE);
      }
    }
  }

  handleSocket(up: boolean): void {
    this.#socketUp = up;
    if (!up) {
      this.#stop();
      this.#restarts = 0; // a restart whose offer may have been lost says nothing
    } else if (this.#brokenAt !== null) {
      const waited = this.#clock.now() - this.#brokenAt;
      this.#plan(this.#state === 'failed' ? 0 : Math.max(PATIENCE_AFTER_RESUME, this.#patience - waited));
    }
  }

  close(): void {
    this.reset();
    this.#socketUp = false;
  }

  #plan(ms: number): void {
    this.#stop();
    if (this.#socketUp) {
      this.#timer = this.#clock.after(ms, () => this.#act());
    }
  }

  #act(): void {
    this.#timer = null;
    if (this.#restarts >= RESTARTS) {
      this.reset();
      this.#handlers.startOver();
      return;
    }
    this.#restarts += 1;
    this.#plan(RESTART_WITHIN);
    this.#handlers.restart();
  }

  #stop(): void {
    this.#clock.cancel(this.#timer);
    this.#timer = null;
  }
}
