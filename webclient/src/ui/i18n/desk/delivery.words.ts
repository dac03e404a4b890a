import type { LinkDelivery, NoticeState } from '../../../protocol/messages';
import type { NoticeKind } from '../../../session/messages';
import type { Reason } from '../../../session/undelivered';

/** What became of messages: beside a name, and the list of those that did not arrive. */
export interface DeliveryWords {
  states: Record<LinkDelivery['channel'], Record<NoticeState, string>>;
  /** Why one failed, after its state. */
  reasons: Record<Reason, string>;
  /** A state, and the reason. */
  because(state: string, reason: string): string;
  sendAgain: string;
  sendAgainLabel(who: string): string;
  sentAgain(who: string): string;
  notSentAgain: string;
  headingCount(count: number): string;
  more: string;
  /** What it was to say. */
  kinds: Record<NoticeKind, string>;
  /** For which practitioner it was sent. */
  of(practitioner: string): string;
  somebody: string;
  forWhen(when: string): string;
  done: string;
  doneLabel(who: string): string;
  failed: string;
}
