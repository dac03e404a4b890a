// How one's own appointments go into calendar programs, over HTTP.

import type { Request } from './entering';
import { field, fields, items, part } from './http';

/** What appointments are called in calendar programs. */
export type Titles = 'name' | 'initials' | 'neutral';

const titles: readonly Titles[] = ['name', 'initials', 'neutral'];

/** Lets one calendar program in. */
export interface AppPassword {
  readonly id: string;
  readonly name: string;
  /** ISO 8601, by the hour; '' when it was never used. */
  readonly usedAt: string;
}

export interface Calendars {
  readonly address: string;
  readonly titles: Titles;
  readonly passwords: readonly AppPassword[];
  /** ISO 8601; '' when there is no feed. */
  readonly feedSince: string;
}

/** What one types into a calendar program; the password is shown once. */
export interface Access {
  readonly user: string;
  readonly password: string;
}

const path = '/me/calendars';

export async function calendarsOf(request: Request): Promise<Calendars> {
  const answer = await request('GET', path);
  return {
    address: field(answer, 'address') ?? '',
    titles: titles.find(known => known === field(answer, 'titles')) ?? 'initials',
    passwords: items(answer, 'passwords').map(one => ({
      ...fields(one, 'id', 'name'),
      usedAt: field(one, 'used_at') ?? '',
    })),
    feedSince: field(answer, 'feed_since') ?? '',
  };
}

export async function setTitles(request: Request, chosen: Titles): Promise<void> {
  await request('PATCH', path, { titles: chosen });
}

export async function newAppPassword(request: Request, name: string): Promise<Access> {
  const answer = await request('POST', `${path}/passwords`, { name });
  const made = part(answer, 'made');
  return { user: field(made, 'user') ?? '', password: field(answer, 'password') ?? '' };
}

export async function revokeAppPassword(request: Request, id: string): Promise<void> {
  await request('DELETE', `${path}/passwords/${encodeURIComponent(id)}`);
}

/** Makes a feed, in place of the one before, and returns its link, which is shown once. */
export async function newFeed(request: Request): Promise<string> {
  return field(await request('POST', `${path}/feed`, {}), 'link') ?? '';
}

export async function endFeed(request: Request): Promise<void> {
  await request('DELETE', `${path}/feed`);
}
