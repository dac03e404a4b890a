import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { type Language, languageCodes } from './languages';
import { plurals } from './plural';
import { arabic, frenchSpaces } from './typeset';

/** The texts that are made for a number first; all others are made for a name. */
const counted =
  /\.(minutes|step|late|unreadShort|messageUnread|waitingChip|tooLong|device|waits|waitingHeading|titleWaiting|lateMinutes|lateSaid|found|others)$|Count$/;

const folder = new URL('.', import.meta.url);
const areas = readdirSync(folder, { withFileTypes: true })
  .filter(entry => entry.isDirectory())
  .map(entry => entry.name);
// biome-ignore lint/suspicious/noExplicitAny: whatever the areas hold.
type Whole = any;

/** Every area's words in one language, by section. */
async function wholeOf(language: Language): Promise<Whole> {
  const whole: Record<string, unknown> = {};
  for (const area of areas) {
    const module: Record<string, object> = await import(`./${area}/${language}.ts`);
    for (const [section, words] of Object.entries(module[language] ?? {})) {
      expect(whole, `${area}: ${section}`).not.toHaveProperty(section);
      whole[section] = words;
    }
  }
  return whole;
}

const all = Object.fromEntries(
  await Promise.all(languageCodes.map(async code => [code, await wholeOf(code)] as const)),
);
const { fr, en, ar } = all as Record<Language, Whole>;

/** Every text of a catalogue with its key. */
function texts(catalogue: object, key = ''): [string, string][] {
  return Object.entries(catalogue).flatMap(([name, value]): [string, string][] => {
    const path = key === '' ? name : `${key}.${name}`;
    if (typeof value === 'string') {
      return [[path, value]];
    }
    if (typeof value === 'function') {
      return [0, 1, 2, 3, 11, 20, 100].map(count => [
        path,
        String(value(counted.test(path) ? count : 'Anna', count, 'Anna')),
      ]);
    }
    return texts(value as object, path);
  });
}

test.each(languageCodes)('%s: every text is there, with typographic apostrophes and no stray spaces', language => {
  for (const [key, text] of texts(all[language])) {
    expect(text, key).not.toBe('');
    expect(text, key).not.toMatch(/'|undefined|\[object|#| {2}/);
  }
});

test('French never breaks a line before its high punctuation or inside « »', () => {
  for (const [key, text] of texts(fr)) {
    expect(text, key).not.toMatch(/ [?!;:»]|« /);
  }
});

/** Made of names, numbers and dots only. */
const wordless = /desk\.titleWaiting$|sheet\.at$|common\.pair$/;

test('Arabic is Arabic: a text without one Arabic letter is an untranslated one', () => {
  for (const [key, text] of texts(ar)) {
    expect(wordless.test(key) || /[\u0600-\u06ff]/.test(text), `${key}: ${text}`).toBe(true);
    expect(text, key).not.toMatch(/[?;,](\s|$)/);
  }
});

test('all languages give the same number of steps and tips', () => {
  const keys = (catalogue: object) => texts(catalogue).map(([key]) => key);
  expect(keys(en)).toEqual(keys(fr));
  expect(keys(ar)).toEqual(keys(fr));
});

test.each([
  ["Qu'est-ce ?", 'Qu’est-ce\u202f?'],
  ['Voici : « Autoriser »', 'Voici\u00a0: «\u00a0Autoriser\u00a0»'],
  ['attend 9 minutes', 'attend 9\u00a0minutes'],
  ['Dr Moreau', 'Dr\u00a0Moreau'],
])('%s', (plain, set) => {
  expect(frenchSpaces(plain)).toBe(set);
});

test.each([
  [0, 'Environ 0 minute de retard', 'About 0 minutes late'],
  [1, 'Environ 1 minute de retard', 'About 1 minute late'],
  [20, 'Environ 20 minutes de retard', 'About 20 minutes late'],
])('plurals: %i', (count, french, english) => {
  expect(fr.waiting.late(count).replace('\u00a0', ' ')).toBe(french);
  expect(en.waiting.late(count)).toBe(english);
});

test.each([
  [0, 'zero'],
  [1, 'one'],
  [2, 'two'],
  [3, 'few'],
  [10, 'few'],
  [11, 'many'],
  [99, 'many'],
  [100, 'other'],
  [103, 'few'],
])('Arabic has six plurals: %i is %s', (count, form) => {
  const forms = { zero: 'zero', one: 'one', two: 'two', few: 'few', many: 'many', other: 'other' };
  expect(plurals('ar')(count, forms)).toBe(form);
});

test('a name in an Arabic sentence is isolated, so that it turns nothing round', () => {
  const words = arabic({ who: (name: string, count: number) => `مع ${name} ${count}` });
  expect(words.who('Dr Moreau', 3)).toBe('مع \u2068Dr Moreau\u2069 3');
});

test('French elides before a vowel', () => {
  expect(fr.call.screenOf('Ahmed')).toBe('Écran d’Ahmed');
  expect(fr.call.screenOf('Jeanne')).toBe('Écran de Jeanne');
});
