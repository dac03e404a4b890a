// Chat sends what the person writes, keeps it in the ChatLog, and sends it again after a loss.

import type { Clock } from '../clock';
import type { Done } from '../protocol/messages';
import { ChatLog } from './chatlog';
import { codeOf } from './socket';

export interface ChatDeps {
  readonly clock: Clock;
  /** In the call, and the websocket is up. */
  may(): boolean;
  request(request: { type: 'chat'; text: string }): Promise<Done>;
  changed(): void;
}

export class Chat {
  readonly log = new ChatLog();
  readonly #deps: ChatDeps;
  readonly #sending = new Set<string>();

  constructor(deps: ChatDeps) {
    this.#deps = deps;
  }

  /** Shows a line at once and sends it, now or when the websocket is back. */
  send(text: string): void {
    const line = text.trim();
    if (line !== '') {
      this.log.draft(line, new Date(this.#deps.clock.now()).toISOString());
      this.flush();
      this.#deps.changed();
    }
  }

  retry(id: string): void {
    this.log.retry(id);
    this.flush();
    this.#deps.changed();
  }

  readAll(): void {
    this.log.readAll();
    this.#deps.changed();
  }

  /** Sends what is not confirmed and not under way. */
  flush(): void {
    if (this.#deps.may()) {
      for (const { id, text } of this.log.unsent()) {
        void this.#send(id, text);
      }
    }
  }

  async #send(id: string, text: string): Promise<void> {
    if (this.#sending.has(id)) {
      return;
    }
    this.#sending.add(id);
    try {
      await this.#deps.request({ type: 'chat', text });
      this.log.confirm(id);
    } catch (error) {
      if (codeOf(error) !== 'lost') {
        this.log.fail(id);
      }
    }
    this.#sending.delete(id);
    this.#deps.changed();
  }
}
