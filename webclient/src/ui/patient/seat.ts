import type { Devices } from '../../session/call';

/** What this tab remembers of a consultation, so that a reload asks nothing again and goes straight back. */
export interface Seat {
  readonly devices: Devices;
  /** The person did not say "without camera". */
  readonly camera: boolean;
  readonly microphone: boolean;
}

/** Session storage is this tab's only; it holds no name and no ticket. A browser that refuses it just asks again. */
export class SeatMemory {
  readonly #key: string;

  constructor(participant: string) {
    this.#key = `colloque.seat.${participant}`;
  }

  read(): Seat | null {
    try {
      const text = sessionStorage.getItem(this.#key);
      return text === null ? null : (JSON.parse(text) as Seat);
    } catch {
      return null;
    }
  }

  keep(seat: Seat): void {
    try {
      sessionStorage.setItem(this.#key, JSON.stringify(seat));
    } catch {
      // Private windows of old browsers: nothing is kept, and a reload starts at the first screen.
    }
  }

  forget(): void {
    try {
      sessionStorage.removeItem(this.#key);
    } catch {
      // As above.
    }
  }
}
