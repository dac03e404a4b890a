import { expect, test } from 'vitest';
import { en } from './en';
import { fr } from './fr';
import { frenchSpaces } from './typeset';

/** The texts that are made for a number first; all others are made for a name. */
const counted =
  /\.(minutes|step|late|unreadShort|messageUnread|waitingChip|tooLong|device|waits|waitingHeading|titleWaiting|lateMinutes|lateSaid)$/;

/** Every text of a catalogue with its key. */
function texts(catalogue: object, key = ''): [string, string][] {
  return Object.entries(catalogue).flatMap(([name, value]): [string, string][] => {
    const path = key === '' ? name : `${key}.${name}`;
    if (typeof value === 'string') {
      return [[path, value]];
    }
    if (typeof value === 'function') {
      return [1, 20].map(count => [path, String(value(counted.test(path) ? count : 'Anna', count))]);
    }
    return texts(value as object, path);
  });
}

test.each([
  ['fr', fr],
  ['en', en],
])('%s: every text is there, with typographic apostrophes and no stray spaces', (_language, catalogue) => {
  for (const [key, text] of texts(catalogue)) {
    expect(text, key).not.toBe('');
    expect(text, key).not.toMatch(/'|undefined|\[object| {2}/);
  }
});

test('French never breaks a line before its high punctuation or inside « »', () => {
  for (const [key, text] of texts(fr)) {
    expect(text, key).not.toMatch(/ [?!;:»]|« /);
  }
});

test('both languages give the same number of steps and tips', () => {
  const keys = (catalogue: object) => texts(catalogue).map(([key]) => key);
  expect(keys(en)).toEqual(keys(fr));
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

test('French elides before a vowel', () => {
  expect(fr.call.screenOf('Ahmed')).toBe('Écran d’Ahmed');
  expect(fr.call.screenOf('Jeanne')).toBe('Écran de Jeanne');
});
