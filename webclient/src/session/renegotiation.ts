// Renegotiation sends the few offers after the first: to restart ICE, and for more lanes. One at a time; lanes that a lost websocket
// swallowed are offered again when it is back.

import type { Peer } from '../media/peer';
import type { Answer, CallRequest } from '../protocol/messages';
import { codeOf } from './socket';

export interface RenegotiationDeps {
  request(request: Extract<CallRequest, { type: 'offer' }>): Promise<Answer>;
  /** An answer was taken in: lanes that were asked for work now. */
  done(): void;
  /** The server refused, or the browser refused its answer. */
  refused(reason: 'ice' | 'lanes', code: string): void;
}

export class Renegotiation {
  readonly #peer: Peer;
  readonly #deps: RenegotiationDeps;
  #wanted = { ice: false, lanes: false };
  #busy = false;
  #closed = false;
  /** Lanes of each kind that the server knows of. */
  #lanes: number;

  constructor(peer: Peer, deps: RenegotiationDeps) {
    this.#peer = peer;
    this.#deps = deps;
    this.#lanes = peer.lanes;
  }

  /** Tries every path again, with new credentials. */
  restartIce(): void {
    this.#wanted.ice = true;
    this.retry();
  }

  /** The server is short of so many lanes. Said again with every snapshot, also while an offer for them is under way. */
  handleMissing(missing: number): void {
    const more = this.#lanes + missing - this.#peer.lanes;
    if (missing === 0 || more <= 0) {
      return;
    }
    const before = this.#peer.lanes;
    this.#peer.addLanes(more);
    if (this.#peer.lanes > before) {
      this.#wanted.lanes = true;
      this.retry();
    }
  }

  /** Goes on with what is still wanted; called when the websocket is back. */
  retry(): void {
    if (!this.#busy && !this.#closed && (this.#wanted.ice || this.#wanted.lanes)) {
      this.#busy = true;
      void this.#run();
    }
  }

  close(): void {
    this.#closed = true;
  }

  async #run(): Promise<void> {
    const wanted = this.#wanted;
    const reason = wanted.ice ? 'ice' : 'lanes';
    this.#wanted = { ice: false, lanes: false };
    try {
      const offer = await this.#peer.offer({ ice: wanted.ice });
      const lanes = this.#peer.lanes;
      const { answer } = await this.#deps.request({ type: 'offer', offer: offer.sdp, reason });
      if (this.#closed) {
        return;
      }
      await this.#peer.accept(answer);
      this.#lanes = lanes;
      this.#busy = false;
      this.#deps.done();
      this.retry();
    } catch (error) {
      this.#busy = false;
      if (this.#closed) {
        return;
      }
      const code = codeOf(error);
      if (code === 'lost') {
        // Lanes are offered again when the websocket is back; whether ICE still needs it then, the PathGuard says.
        this.#wanted = { ice: this.#wanted.ice, lanes: this.#wanted.lanes || wanted.lanes };
      } else {
        this.#deps.refused(reason, code);
      }
    }
  }
}
