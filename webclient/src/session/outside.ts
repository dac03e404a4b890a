// Calendars that practitioners keep elsewhere, over HTTP: what is busy there is not offered.

import { field, fields, items, number } from './http';
import type { Ask } from './visit';

/** Why a calendar cannot be read; what this client does not know is 'unreachable'. */
export type Trouble = 'unreachable' | 'refused' | 'not-found' | 'no-calendar' | 'too-large' | 'forbidden-address';

const troubles: readonly Trouble[] = [
  'unreachable',
  'refused',
  'not-found',
  'no-calendar',
  'too-large',
  'forbidden-address',
];

export interface OutsideCalendar {
  readonly id: string;
  readonly name: string;
  readonly server: string;
  /** ISO 8601; '' when it was never read. */
  readonly readAt: string;
  readonly trouble: Trouble | null;
  readonly troubleSince: string;
  /** Events that could not be read. */
  readonly skipped: number;
}

/** Where a calendar is, and who may read it. */
export interface Access {
  readonly address: string;
  readonly user: string;
  readonly password: string;
}

export interface Choice {
  readonly address: string;
  readonly name: string;
}

function troubleOf(answer: unknown): Trouble | null {
  const said = field(answer, 'trouble');
  return said === null ? null : (troubles.find(known => known === said) ?? 'unreachable');
}

const of = (practitioner: string, more = ''): string =>
  `/practitioners/${encodeURIComponent(practitioner)}/calendars${more}`;

export async function outsideCalendars(ask: Ask, practitioner: string): Promise<readonly OutsideCalendar[]> {
  return items(await ask('GET', of(practitioner)), 'calendars').map(one => {
    return {
      ...fields(one, 'id', 'name', 'server'),
      readAt: field(one, 'read_at') ?? '',
      trouble: troubleOf(one),
      troubleSince: field(one, 'trouble_since') ?? '',
      skipped: number(one, 'skipped'),
    };
  });
}

/** Which calendars there are at an address, or why there are none. */
export async function lookOutside(
  ask: Ask,
  practitioner: string,
  access: Access,
): Promise<{ readonly choices: readonly Choice[]; readonly trouble: Trouble | null }> {
  const answer = await ask('POST', of(practitioner, '/look'), access);
  return {
    choices: items(answer, 'calendars').map(one => ({
      address: field(one, 'address') ?? '',
      name: field(one, 'name') ?? '',
    })),
    trouble: troubleOf(answer),
  };
}

export async function addOutside(ask: Ask, practitioner: string, access: Access, name: string): Promise<void> {
  await ask('POST', of(practitioner), { ...access, name });
}

export async function removeOutside(ask: Ask, practitioner: string, id: string): Promise<void> {
  await ask('DELETE', of(practitioner, `/${encodeURIComponent(id)}`));
}

export async function readOutside(ask: Ask, practitioner: string, id: string): Promise<void> {
  await ask('POST', of(practitioner, `/${encodeURIComponent(id)}/read`), {});
}
