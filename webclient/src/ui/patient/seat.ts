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

  /** What this tab proves with that it is the one that sat here before (docs/protocol.md, join). The same until the tab is closed. */
  proof(): string {
    const key = `${this.#key}.proof`;
    try {
      const kept = sessionStorage.getItem(key);
      if (kept !== null) {
        return kept;
      }
    } catch {
      // As above: a reload then asks the tab that is not there any more, which is no question.
    }
    const made = [...crypto.getRandomValues(new Uint8Array(16))]
      .map(byte => byte.toString(16).padStart(2, '0'))
      .join('');
    try {
      sessionStorage.setItem(key, made);
    } catch {
      // As above.
    }
    return made;
  }

  forget(): void {
    try {
      sessionStorage.removeItem(this.#key);
    } catch {
      // As above.
    }
  }
}
