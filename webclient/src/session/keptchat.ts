// The messages of a consultation after its end, as GET …/chat tells them.

import { field, flag, items } from './http';

export interface KeptLine {
  readonly name: string;
  readonly role: 'practitioner' | 'patient' | 'interpreter' | 'guest';
  readonly mine: boolean;
  readonly text: string;
  readonly at: string;
}

export interface KeptChat {
  readonly lines: readonly KeptLine[];
  /** null before the end. */
  readonly until: string | null;
}

export function keptChatOf(answer: unknown): KeptChat {
  return {
    until: field(answer, 'kept_until'),
    lines: items(answer, 'messages').map(one => ({
      name: field(one, 'from') ?? '',
      role: (field(one, 'role') ?? 'guest') as KeptLine['role'],
      mine: flag(one, 'mine'),
      text: field(one, 'text') ?? '',
      at: field(one, 'at') ?? '',
    })),
  };
}

/** For who has a ticket that link and code gave; null when there is nothing to read. */
export async function keptChatByTicket(consultation: string, ticket: string): Promise<KeptChat | null> {
  try {
    const response = await fetch(`/api/v1/consultations/${consultation}/chat`, {
      headers: { Authorization: `Ticket ${ticket}` },
      credentials: 'same-origin',
      cache: 'no-store',
    });
    return response.ok ? keptChatOf(await response.json()) : null;
  } catch {
    return null;
  }
}
