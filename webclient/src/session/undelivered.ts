// Undelivered is the list of messages that did not arrive, of everybody on whose behalf one works: GET /notices/undelivered.

import { SnapshotStore } from '../store';
import type { Delivery } from './day';
import { DeskError, field, flag, items } from './http';
import type { NoticeKind } from './messages';

/** Why a message failed. */
export type Reason =
  | 'expired'
  | 'refused'
  | 'unreached'
  | 'no-gateway'
  | 'interrupted'
  | 'unreadable'
  | 'no-address'
  | 'mailbox-full'
  | 'returned';

const reasons: readonly string[] = [
  'expired',
  'refused',
  'unreached',
  'no-gateway',
  'interrupted',
  'unreadable',
  'no-address',
  'mailbox-full',
  'returned',
] satisfies readonly Reason[];

/** A word of the server's as a reason; null for one that this page does not know. */
export function reasonOf(word: string | null | undefined): Reason | null {
  return word !== null && word !== undefined && reasons.includes(word) ? (word as Reason) : null;
}

/** A message that did not arrive, or perhaps did not. */
export interface Lost {
  readonly notice: string;
  readonly kind: NoticeKind;
  readonly channel: Delivery['channel'];
  readonly state: Delivery['state'];
  readonly reason: Reason | null;
  readonly practitioner: string;
  /** '' when it was about none. */
  readonly consultation: string;
  readonly participant: string;
  /** '' when it is not known any more. */
  readonly name: string;
  readonly phone: string;
  /** The time that it told; null when it told none. */
  readonly at: string | null;
  readonly createdAt: string;
  /** A fresh link brings all that it should have brought. */
  readonly canSendAgain: boolean;
}

export interface UndeliveredSnapshot {
  /** Oldest first; null until they are known. */
  readonly lost: readonly Lost[] | null;
  readonly failed: boolean;
}

type Ask = (method: string, path: string, body?: unknown) => Promise<unknown>;

/** Asks for the list, and says what was done about each. */
export class Undelivered extends SnapshotStore<UndeliveredSnapshot> {
  readonly #ask: Ask;

  constructor(ask: Ask) {
    super({ lost: null, failed: false });
    this.#ask = ask;
  }

  async load(): Promise<void> {
    try {
      const answer = await this.#ask('GET', '/notices/undelivered');
      this.set({ lost: items(answer, 'notices').map(lostOf), failed: false });
    } catch (error) {
      if (!(error instanceof DeskError)) {
        throw error;
      }
      this.set({ failed: true });
    }
  }

  /** Sends a fresh link; false: it could not be. */
  async sendAgain({ consultation, participant }: Pick<Lost, 'consultation' | 'participant'>): Promise<boolean> {
    try {
      await sendLink(this.#ask, consultation, participant);
    } catch (error) {
      if (!(error instanceof DeskError)) {
        throw error;
      }
      return false;
    }
    await this.load();
    return true;
  }

  /** Takes a message from the list: somebody has dealt with it. */
  async settle(notice: string): Promise<boolean> {
    try {
      await this.#ask('POST', `/notices/${encodeURIComponent(notice)}/settle`, {});
    } catch (error) {
      if (!(error instanceof DeskError)) {
        throw error;
      }
      return false;
    }
    await this.load();
    return true;
  }
}

/** Sends somebody a fresh link to where they are known to be reached. */
export async function sendLink(ask: Ask, consultation: string, participant: string): Promise<void> {
  const at = `/consultations/${encodeURIComponent(consultation)}/participants/${encodeURIComponent(participant)}`;
  await ask('POST', `${at}/send-link`, {});
}

function lostOf(value: unknown): Lost {
  return {
    notice: field(value, 'notice') ?? '',
    kind: (field(value, 'kind') ?? 'message') as NoticeKind,
    channel: field(value, 'channel') === 'mail' ? 'mail' : 'sms',
    state: (field(value, 'state') ?? 'failed') as Delivery['state'],
    reason: reasonOf(field(value, 'reason')),
    practitioner: field(value, 'practitioner') ?? '',
    consultation: field(value, 'consultation') ?? '',
    participant: field(value, 'participant') ?? '',
    name: field(value, 'name') ?? '',
    phone: field(value, 'phone') ?? '',
    at: field(value, 'at'),
    createdAt: field(value, 'created_at') ?? '',
    canSendAgain: flag(value, 'send_again'),
  };
}
