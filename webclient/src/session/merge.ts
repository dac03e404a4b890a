// What becomes of a record that two people changed at the same time: nothing of either is lost.

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

export interface Merged<F> {
  readonly fields: F;
  /** What both changed, differently: mine was kept, theirs is to be shown. */
  readonly clashes: readonly (keyof F)[];
}

/** Field by field: what only one has changed is theirs, what both have is mine. */
export function mergeFields<F extends object>(base: F, mine: F, theirs: F, keys: readonly (keyof F)[]): Merged<F> {
  const clashes: (keyof F)[] = [];
  const fields = { ...theirs };
  for (const key of keys) {
    if (same(mine[key], base[key])) {
      continue;
    }
    if (!same(theirs[key], base[key]) && !same(mine[key], theirs[key])) {
      clashes.push(key);
    }
    fields[key] = mine[key];
  }
  return { fields, clashes };
}

/** Of a list, whose items have no names: theirs without what I took out, and with what I added. */
export function mergeLists<I>(base: readonly I[], mine: readonly I[], theirs: readonly I[]): readonly I[] {
  const within = (list: readonly I[], item: I): boolean => list.some(one => same(one, item));
  return [
    ...theirs.filter(item => !within(base, item) || within(mine, item)),
    ...mine.filter(item => !within(base, item) && !within(theirs, item)),
  ];
}
