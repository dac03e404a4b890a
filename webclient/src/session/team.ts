// Who works in the practice, as the screens want it.

import { list, type Request } from './entering';
import { field, fields, part, texts } from './http';

export interface Member {
  readonly id: string;
  readonly name: string;
  readonly roles: readonly string[];
  readonly units: readonly string[];
  readonly languages: readonly string[];
  // What only operators are told.
  readonly mail: string;
  readonly disabled: boolean;
  readonly setUp: boolean;
  readonly seen: boolean;
}

export interface Unit {
  readonly id: string;
  readonly name: string;
  readonly shares: boolean;
}

export async function membersOf(request: Request): Promise<readonly Member[]> {
  return list(await request('GET', '/accounts'), 'accounts', one => ({
    ...fields(one, 'id', 'name'),
    roles: texts(one, 'roles'),
    units: texts(one, 'units'),
    languages: texts(one, 'languages'),
    mail: field(one, 'mail') ?? '',
    disabled: part(one, 'disabled') === true,
    setUp: part(one, 'set_up') === true,
    seen: field(one, 'seen_at') !== null,
  }));
}

export async function unitsOf(request: Request): Promise<readonly Unit[]> {
  return list(await request('GET', '/units'), 'units', one => ({
    ...fields(one, 'id', 'name'),
    shares: part(one, 'shares_patients') === true,
  }));
}

/** A link to hand over, and whether it went by mail too. */
export function linkOf(answer: unknown): { readonly link: string; readonly sent: boolean } {
  return { ...fields(answer, 'link'), sent: part(answer, 'sent') === true };
}
