// Wants tells the server how tall each video is shown here, so that it sends no more than that. ui says it as often as it likes;
// the wire hears of it once things have settled, and only when something changed.

import type { Clock, Timer } from '../clock';
import type { LaneUse, Want } from '../protocol/messages';

/** ms of quiet before it is sent: a dragged window changes heights with every frame. */
const SETTLE = 200;
/** As docs/protocol.md bounds it. */
const MAX_HEIGHT = 8640;
const MAX_WANTS = 64;

export class Wants {
  readonly #clock: Clock;
  readonly #send: (wants: Want[]) => Promise<unknown>;
  #wants: readonly Want[] = [];
  #shown: readonly LaneUse[] = [];
  #visible = true;
  #sent = '[]';
  #timer: Timer | null = null;

  /** send rejects when the websocket is not there. */
  constructor(clock: Clock, send: (wants: Want[]) => Promise<unknown>) {
    this.#clock = clock;
    this.#send = send;
  }

  set(wants: readonly Want[]): void {
    this.#wants = wants;
    this.#plan();
  }

  /** On a hidden page nothing is asked for; the sound goes on. */
  setVisible(visible: boolean): void {
    this.#visible = visible;
    this.#plan();
  }

  /** Whose videos come. For one that is new the server may have forgotten what was wanted (its page was reloaded). */
  handleLanes(lanes: readonly LaneUse[]): void {
    const videos = lanes.filter(lane => lane.source !== 'microphone');
    const known = new Set(this.#shown.map(keyOf));
    this.#shown = videos;
    if (videos.some(lane => !known.has(keyOf(lane)))) {
      this.again();
    }
  }

  /** The server has forgotten (a new session), or the websocket is back: say it again. */
  again(): void {
    this.#sent = '[]';
    this.#plan();
  }

  close(): void {
    this.#clock.cancel(this.#timer);
    this.#timer = null;
    this.#shown = [];
    this.#sent = '[]';
  }

  #plan(): void {
    this.#clock.cancel(this.#timer);
    this.#timer = this.#clock.after(SETTLE, () => this.#flush());
  }

  #flush(): void {
    const wants: readonly Want[] = this.#visible
      ? this.#wants
      : this.#shown.map(({ participant, source }) => ({ participant, source, height: 0 }));
    const exact = wants.slice(0, MAX_WANTS).map(({ participant, source, height }) => {
      return { participant, source, height: Math.min(MAX_HEIGHT, Math.max(0, Math.round(height))) };
    });
    const text = JSON.stringify(exact);
    if (text !== this.#sent) {
      this.#sent = text;
      this.#send(exact).catch(() => {
        this.#sent = '[]';
      });
    }
  }
}

function keyOf({ mid, participant, source }: LaneUse): string {
  return `${mid} ${participant} ${source}`;
}
