const NARROW = '\u202f';
const WIDE = '\u00a0';

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

/** typeset applies a typographic rule to every text of a catalogue, also to what its functions return. */
export function typeset<T extends object>(catalogue: T, rule: (text: string) => string): T {
  const apply = (value: unknown): unknown => {
    if (typeof value === 'string') return rule(value);
    if (typeof value === 'function') return (...given: unknown[]) => apply(value(...given));
    if (Array.isArray(value)) return value.map(apply);
    if (value !== null && typeof value === 'object') {
      return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, apply(inner)]));
    }
    return value;
  };
  return apply(catalogue) as T;
}
