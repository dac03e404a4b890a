// What ui reads: an immutable snapshot that is replaced as a whole, and a way to hear of it.

/** Something with a current snapshot. A new snapshot is a new object; an old one never changes. */
export interface Store<S> {
  readonly snapshot: S;
  /** Calls listener after every change, until the returned function is called. */
  subscribe(listener: () => void): () => void;
}

/** The usual Store. Parts that say the same as before stay the same objects, so that a view of one part is drawn only when it changed. */
export class SnapshotStore<S extends object> implements Store<S> {
  #snapshot: S;
  readonly #listeners = new Set<() => void>();

  constructor(first: S) {
    this.#snapshot = first;
  }

  get snapshot(): S {
    return this.#snapshot;
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  /** Replaces some fields, and tells the listeners if that changed anything. */
  protected set(change: Partial<S>): void {
    const next = keep(this.#snapshot, { ...this.#snapshot, ...change });
    if (next === this.#snapshot) {
      return;
    }
    this.#snapshot = next;
    for (const listener of [...this.#listeners]) {
      listener();
    }
  }
}

/** `after`, with every part that says the same as in `before` taken from there. Only plain objects and arrays are looked into. */
export function keep<T>(before: T, after: T): T {
  if (
    Object.is(before, after) ||
    !isPlain(before) ||
    !isPlain(after) ||
    Array.isArray(before) !== Array.isArray(after)
  ) {
    return after;
  }
  const keys = Object.keys(after);
  let same = keys.length === Object.keys(before).length;
  const kept: Record<string, unknown> = {};
  for (const key of keys) {
    const value = keep(before[key], after[key]);
    kept[key] = value;
    same &&= Object.hasOwn(before, key) && Object.is(value, before[key]);
  }
  if (same) {
    return before;
  }
  return (Array.isArray(after) ? Object.values(kept) : kept) as T;
}

function isPlain(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) {
    return false;
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === Array.prototype;
}
