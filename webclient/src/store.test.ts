import { expect, test, vi } from 'vitest';
import { keep, SnapshotStore } from './store';

class Counter extends SnapshotStore<{ count: number; people: { name: string; tags: string[] }[] }> {
  override set(change: Partial<{ count: number; people: { name: string; tags: string[] }[] }>): void {
    super.set(change);
  }
}

test('a change replaces the snapshot and tells; the old one stays as it was', () => {
  const store = new Counter({ count: 0, people: [] });
  const listener = vi.fn();
  const stop = store.subscribe(listener);
  const before = store.snapshot;
  store.set({ count: 1 });
  expect(before.count).toBe(0);
  expect(store.snapshot.count).toBe(1);
  expect(listener).toHaveBeenCalledTimes(1);
  stop();
  store.set({ count: 2 });
  expect(listener).toHaveBeenCalledTimes(1);
});

test('saying the same again tells nobody, however deep it is', () => {
  const store = new Counter({ count: 0, people: [{ name: 'a', tags: ['x'] }] });
  const listener = vi.fn();
  store.subscribe(listener);
  const before = store.snapshot;
  store.set({ people: [{ name: 'a', tags: ['x'] }] });
  expect(store.snapshot).toBe(before);
  expect(listener).not.toHaveBeenCalled();
});

test('what did not change stays the same object', () => {
  const before = { a: { n: 1 }, b: [{ n: 2 }, { n: 3 }] };
  const after = keep(before, { a: { n: 1 }, b: [{ n: 2 }, { n: 4 }] });
  expect(after.a).toBe(before.a);
  expect(after.b).not.toBe(before.b);
  expect(after.b[0]).toBe(before.b[0]);
  expect(after).toEqual({ a: { n: 1 }, b: [{ n: 2 }, { n: 4 }] });
});

test.each([
  [[], [1]],
  [[1, 2], [1]],
  [{ a: 1 }, {}],
  [{}, { a: undefined }],
  [null, {}],
  [{}, null],
  [[], {}],
])('%j is not %j', (before, after) => {
  expect(keep<unknown>(before, after)).not.toBe(before);
  expect(keep<unknown>(before, after)).toEqual(after);
});

test('only plain objects are looked into', () => {
  const before = { stream: new Map([[1, 1]]) };
  const after = { stream: new Map([[1, 1]]) };
  expect(keep(before, after).stream).toBe(after.stream);
});
