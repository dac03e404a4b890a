// What ui reads: an immutable snapshot that is replaced as a whole, and a way to hear of it.

/** Something with a current snapshot. A new snapshot is a new object; an old one never changes. */
export interface Store<S> {
  readonly snapshot: S;
  /** Calls listener after every change, until the returned function is called. */
  subscribe(listener: () => void): () => void;
}

/** The usual Store: `set` replaces some fields, and tells listeners only if one of them really changed. */
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

  set(change: Partial<S>): void {
    const changed = (Object.keys(change) as (keyof S)[]).some(key => !Object.is(this.#snapshot[key], change[key]));
    if (!changed) {
      return;
    }
    this.#snapshot = { ...this.#snapshot, ...change };
    for (const listener of [...this.#listeners]) {
      listener();
    }
  }
}
