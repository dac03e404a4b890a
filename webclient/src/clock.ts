// Time as media and session see it, so that tests can turn the hands.

/** A running timer. */
export interface Timer {
  readonly timer: unknown;
}

/** Milliseconds and timers. */
export interface Clock {
  now(): number;
  after(ms: number, run: () => void): Timer;
  cancel(timer: Timer | null): void;
}
