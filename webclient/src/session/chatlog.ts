// ChatLog holds the lines of the chat as this tab knows them: what the server sent, and our own that it has not confirmed yet.
//
// The server's messages have ids and are the truth. A line of ours is shown at once, pending; the reply says that it is on disk, and
// the message itself comes as an event. The two meet by author and text, in order, and only with messages that were not known
// before. After a loss, what the server turns out not to have is sent again.

import type { ChatMessage } from '../protocol/messages';

export interface ChatLine {
  readonly id: string;
  readonly from: string;
  readonly name: string;
  readonly text: string;
  readonly at: string;
  readonly mine: boolean;
  /** Not yet acknowledged by the server. */
  readonly pending: boolean;
  /** Refused or unanswered: offer retryChat(id). */
  readonly failed: boolean;
}

/** A line of ours that the server has not sent back yet. */
interface Draft {
  readonly id: string;
  readonly text: string;
  readonly at: string;
  state: 'pending' | 'confirmed' | 'failed';
}

export class ChatLog {
  readonly #messages = new Map<string, ChatMessage>();
  #drafts: Draft[] = [];
  #count = 0;
  #self = '';
  #read = new Set<string>();

  /** Who we are in this consultation. */
  setSelf(id: string): void {
    this.#self = id;
  }

  /** The id of the last message of the server's, for resume; undefined when there is none. */
  get last(): string | undefined {
    return [...this.#messages.keys()].at(-1);
  }

  /** A line that is being sent. Its id is for confirm, fail and retry. */
  draft(text: string, at: string): string {
    this.#count += 1;
    const id = `draft-${this.#count}`;
    this.#drafts.push({ id, text, at, state: 'pending' });
    return id;
  }

  confirm(id: string): void {
    this.#change(id, 'confirmed');
  }

  fail(id: string): void {
    this.#change(id, 'failed');
  }

  /** The text of a failed line, which is pending again; null when there is no such line. */
  retry(id: string): string | null {
    const draft = this.#drafts.find(line => line.id === id && line.state === 'failed');
    if (draft === undefined) {
      return null;
    }
    draft.state = 'pending';
    return draft.text;
  }

  /** Takes in messages of the server's; those known already do no harm. */
  add(messages: readonly ChatMessage[]): void {
    for (const message of messages) {
      if (this.#messages.has(message.id)) {
        continue;
      }
      this.#messages.set(message.id, message);
      if (message.from === this.#self) {
        const index = this.#drafts.findIndex(draft => draft.text === message.text);
        this.#drafts = this.#drafts.filter((_draft, at) => at !== index);
      }
    }
  }

  /** Ours that nobody confirmed, oldest first: to be sent again after a loss. */
  unsent(): readonly { readonly id: string; readonly text: string }[] {
    return this.#drafts.filter(draft => draft.state === 'pending');
  }

  /** Everything there is has been seen. */
  readAll(): void {
    this.#read = new Set(this.#messages.keys());
  }

  /** How many of the others' messages have not been seen. */
  get unread(): number {
    return [...this.#messages.values()].filter(({ id, from }) => from !== this.#self && !this.#read.has(id)).length;
  }

  lines(): readonly ChatLine[] {
    const sent = [...this.#messages.values()].map(({ id, from, name, text, at }) => {
      return { id, from, name, text, at, mine: from === this.#self, pending: false, failed: false };
    });
    const own = this.#drafts.map(({ id, text, at, state }) => {
      return {
        id,
        from: this.#self,
        name: '',
        text,
        at,
        mine: true,
        pending: state === 'pending',
        failed: state === 'failed',
      };
    });
    return [...sent, ...own];
  }

  clear(): void {
    this.#messages.clear();
    this.#drafts = [];
    this.#read.clear();
  }

  #change(id: string, state: Draft['state']): void {
    const draft = this.#drafts.find(line => line.id === id);
    if (draft !== undefined) {
      draft.state = state;
    }
  }
}
