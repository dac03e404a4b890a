import { expect, test, vi } from 'vitest';
import { en } from '../i18n/en';
import { dialledPhone, initials, minutesSince, newFormat, shownPhone } from './format';

test.each([
  ['Dr Claire Moreau', 'CM'],
  ['Marie-Antoinette Lefebvre', 'ML'],
  ['Jeanne', 'J'],
  ['', ''],
  ['  Élodie   de la Tour ', 'ÉT'],
])('initials of "%s"', (name, expected) => {
  expect(initials(name)).toBe(expected);
});

test.each([
  ['+33123456789', '01\u00a023\u00a045\u00a067\u00a089', '+33123456789'],
  ['01.23.45.67.89', '01\u00a023\u00a045\u00a067\u00a089', '0123456789'],
  ['+44 20 7946 0000', '+44 20 7946 0000', '+442079460000'],
  ['', '', ''],
])('telephone %s', (configured, shown, dialled) => {
  expect(shownPhone(configured)).toBe(shown);
  expect(dialledPhone(configured)).toBe(dialled);
});

test.each([
  [0, '00:00'],
  [761.9, '12:41'],
  [3761, '1:02:41'],
  [-5, '00:00'],
])('clock %d', (seconds, expected) => {
  expect(newFormat('en', en, []).clock(seconds)).toBe(expected);
});

test('minutes since a time are whole, and never negative', () => {
  const now = Date.parse('2026-11-22T09:10:00Z');
  expect(minutesSince('2026-11-22T09:00:31Z', now)).toBe(9);
  expect(minutesSince('2026-11-22T09:11:00Z', now)).toBe(0);
  expect(minutesSince('nonsense', now)).toBe(0);
});

test('a span in the largest unit that fits; a moment with its day when that is another', () => {
  const format = newFormat('en', en, ['en-GB'], 'Europe/Paris');
  expect([15, 60, 90, 240, 1440, 4320].map(format.span)).toEqual([
    '15 minutes',
    '1 hour',
    '90 minutes',
    '4 hours',
    '1 day',
    '3 days',
  ]);
  expect(format.moment(new Date().toISOString())).toBe(format.time(new Date().toISOString()));
  expect(format.moment('2020-11-24T09:00:00Z')).toMatch(/Tuesday.*24 November.*2020.*10:00/);
});

test.each([
  ['fr', '2026-12-01', 'mardi 1er décembre'],
  ['fr', '2026-12-11', 'vendredi 11 décembre'],
  ['fr', '2026-12-21', 'lundi 21 décembre'],
  ['en', '2026-12-01', 'Tuesday 1 December'],
] as const)('%s: %s is %s', (language, day, want) => {
  vi.useFakeTimers({ now: new Date('2026-11-22T12:00:00Z') });
  expect(newFormat(language, en, [language === 'en' ? 'en-GB' : language]).day(day)).toBe(want);
  vi.useRealTimers();
});

test('a zone is made once', () => {
  const format = newFormat('fr', en, ['fr'], 'Europe/Paris');
  expect(format.inZone('Pacific/Apia')).toBe(format.inZone('Pacific/Apia'));
  expect(format.inZone('Pacific/Apia').time('2026-11-22T12:00:00Z')).toBe('1:00');
});

test('in the hour that comes twice it is said which', () => {
  const paris = newFormat('fr', en, ['fr'], 'Europe/Paris');
  const times = ['2026-10-24T23:30:00Z', '2026-10-25T00:30:00Z', '2026-10-25T01:30:00Z', '2026-10-25T02:00:00Z'];
  expect(times.map(paris.time)).toEqual(['1:30', '2:30 (UTC+2)', '2:30 (UTC+1)', '3:00']);
  expect(newFormat('en', en, ['en-GB'], 'Europe/Paris').time('2027-03-28T01:00:00Z')).toBe('3:00');
});
