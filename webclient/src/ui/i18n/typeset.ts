const NARROW = '\u202f';
const WIDE = '\u00a0';
const ISOLATE = '\u2068';
const POP = '\u2069';

/** Words of an area in French: written with ordinary spaces and apostrophes, set with the right ones. */
export const french = <W extends object>(words: W): W => typeset(words, frenchSpaces);

/** Words of an area in English: written with ordinary apostrophes, set with typographic ones. */
export const english = <W extends object>(words: W): W => typeset(words, text => text.replace(/'/g, '’'));

/**
 * Words of an area in Arabic. A name, a time or a link put into a sentence is isolated (UAX #9 §2.4.2), so that Latin letters in it do not
 * turn the rest of the line round.
 */
export const arabic = <W extends object>(words: W): W => typeset(words, text => text, isolated);

const isolated = (given: unknown): unknown =>
  typeof given === 'string' && given !== '' ? `${ISOLATE}${given}${POP}` : given;

/**
 * frenchSpaces puts the spaces that French typography wants and that must not break at a line's end: a narrow one
 * before ? ! ;, a full one before : and inside « », and one between a number and the word it counts.
 */
export function frenchSpaces(text: string): string {
  return text
    .replace(/'/g, '’')
    .replace(/ ([?!;])/g, `${NARROW}$1`)
    .replace(/ :/g, `${WIDE}:`)
    .replace(/« /g, `«${WIDE}`)
    .replace(/ »/g, `${WIDE}»`)
    .replace(/(\d) (min|minute|seconde|personne|message|heure)/g, `$1${WIDE}$2`)
    .replace(/\b(Dr|M\.|Mme) /g, `$1${WIDE}`);
}

/** typeset applies a typographic rule to every text of a catalogue, also to what its functions return; and another to what they are given. */
export function typeset<T extends object>(
  catalogue: T,
  rule: (text: string) => string,
  given: (argument: unknown) => unknown = argument => argument,
): T {
  const apply = (value: unknown): unknown => {
    if (typeof value === 'string') return rule(value);
    if (typeof value === 'function') return (...args: unknown[]) => apply(value(...args.map(given)));
    if (Array.isArray(value)) return value.map(apply);
    if (value !== null && typeof value === 'object') {
      return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, apply(inner)]));
    }
    return value;
  };
  return apply(catalogue) as T;
}
