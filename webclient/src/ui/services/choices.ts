import type { Choice } from '../parts/field';

/** A list with one more or one less; what is there already stays in its order. */
export function toggled<V>(all: readonly V[], one: V, on: boolean): readonly V[] {
  return on ? [...all.filter(other => other !== one), one] : all.filter(other => other !== one);
}

/** Numbers to choose from, in order; one that is there already is among them. */
export function numbersWith(
  own: number,
  usual: readonly number[],
  say: (value: number) => string,
): readonly Choice<string>[] {
  return [...new Set([...usual, own])]
    .sort((a, b) => a - b)
    .map(value => ({ value: String(value), label: say(value) }));
}
