import type { CallParticipant, CallSnapshot, Tile } from '../../session/call';
import type { Catalogue } from '../i18n';

/** What to call somebody: the name, or what they are here. */
export function nameOf(person: Pick<CallParticipant, 'name' | 'role'>, t: Catalogue): string {
  return person.name === '' ? t.common.roles[person.role] : person.name;
}

/** What somebody is in the call, when that is not plain: not of patient and practitioner. '' for those, and when the name says it already. */
export function roleOf(person: Pick<CallParticipant, 'name' | 'role' | 'as'>, t: Catalogue): string {
  if (person.as !== '') {
    return t.call.guests[person.as];
  }
  return person.name === '' || person.role === 'patient' || person.role === 'practitioner'
    ? ''
    : t.common.roles[person.role];
}

export interface Pictured {
  readonly person: CallParticipant;
  /** The camera's picture, when there is one to see now. */
  readonly tile: Tile | null;
}

export interface Staged {
  readonly people: readonly Pictured[];
  readonly screens: readonly { readonly person: CallParticipant; readonly tile: Tile }[];
}

/** Who and what is on the stage: everybody but oneself, and the screens that others show. */
export function stagedOf(snapshot: CallSnapshot): Staged {
  const others = snapshot.participants.filter(person => !person.self);
  const tileOf = (id: string, source: Tile['source']): Tile | null =>
    snapshot.tiles.find(tile => tile.participant === id && tile.source === source) ?? null;
  return {
    people: others.map(person => ({
      person,
      tile: person.camera === 'on' && person.presence === 'here' ? tileOf(person.id, 'camera') : null,
    })),
    screens: others.flatMap(person => {
      const tile = tileOf(person.id, 'screen');
      return tile === null ? [] : [{ person, tile }];
    }),
  };
}

/** Whom the call is with, in one name: the patient for a practitioner, the practitioner for everybody else. */
export function otherSideOf(snapshot: CallSnapshot, t: Catalogue): string {
  const wanted = snapshot.role === 'practitioner' ? 'patient' : 'practitioner';
  const person = snapshot.participants.find(one => !one.self && one.role === wanted);
  if (person !== undefined) {
    return nameOf(person, t);
  }
  const known = snapshot.role === 'practitioner' ? '' : (snapshot.consultation?.practitioner ?? '');
  return known === '' ? t.common.roles[wanted] : known;
}

/** How many columns a grid of equal pictures wants in a space of this shape (width ÷ height), for 4:3 pictures. */
export function columnsFor(count: number, shape: number): number {
  let best = 1;
  let bestSize = 0;
  for (let columns = 1; columns <= count; columns++) {
    const rows = Math.ceil(count / columns);
    const width = Math.min(shape / columns, (4 / 3) * (1 / rows));
    if (width > bestSize * 1.001) {
      best = columns;
      bestSize = width;
    }
  }
  return best;
}
