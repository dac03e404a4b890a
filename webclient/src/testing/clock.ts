import type { Clock, Timer } from '../clock';

interface FakeTimer extends Timer {
  readonly at: number;
  readonly run: () => void;
}

/** Lets everything that only waits for promises happen. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) {
    await Promise.resolve();
  }
}

/** A clock whose hands the test turns. */
export class FakeClock implements Clock {
  #now = Date.parse('2026-11-22T09:00:00Z');
  #timers: FakeTimer[] = [];

  now(): number {
    return this.#now;
  }

  after(ms: number, run: () => void): Timer {
    const timer: FakeTimer = { timer: null, at: this.#now + ms, run };
    this.#timers.push(timer);
    return timer;
  }

  cancel(timer: Timer | null): void {
    this.#timers = this.#timers.filter(one => one !== timer);
  }

  /** How many timers run. */
  get timers(): number {
    return this.#timers.length;
  }

  /** Turns the hands on, running what falls due, in order, and what follows from it. */
  async pass(ms: number): Promise<void> {
    const end = this.#now + ms;
    await settle();
    for (;;) {
      const due = this.#timers.filter(timer => timer.at <= end).sort((a, b) => a.at - b.at)[0];
      if (due === undefined) {
        break;
      }
      this.cancel(due);
      this.#now = Math.max(this.#now, due.at);
      due.run();
      await settle();
    }
    this.#now = end;
  }
}
