import { expect, test } from 'vitest';
import { DeskError } from './http';
import { mergeFields, mergeLists } from './merge';
import {
  overlap,
  plainHours,
  planOf,
  type ScheduleFields,
  Schedules,
  usualWeek,
  weekdayOf,
  withUsualWeek,
} from './schedules';

const plain: ScheduleFields = {
  name: 'Dr Claire Moreau',
  timeZone: 'Europe/Paris',
  languages: [],
  weekly: usualWeek,
  exceptions: [],
  closed: [],
  holidays: '',
  extra: [],
  places: {},
};
const told = (schedule: ScheduleFields, date: string, holidays: readonly string[] = []): string => {
  const known = holidays.map(one => ({ date: one, name: 'christmas' }));
  const { hours, why, extra } = planOf(schedule, date, known);
  return `${hours.map(({ from, to }) => `${from}-${to}`).join(' ')}|${why}|${extra}`;
};

test.each<[string, Partial<ScheduleFields>, string, readonly string[], string]>([
  ['a Monday', {}, '2026-11-23', [], '09:00-12:00 14:00-18:00||false'],
  ['a Sunday', {}, '2026-11-22', [], '||false'],
  ['a holiday', { holidays: 'fr' }, '2026-12-25', ['2026-12-25'], '|holiday|false'],
  ['a holiday that is not kept', {}, '2026-12-25', ['2026-12-25'], '09:00-12:00 14:00-18:00||false'],
  [
    'the last day of a period',
    { closed: [{ from: '2026-12-20', to: '2026-12-28' }] },
    '2026-12-28',
    [],
    '|closed|false',
  ],
  ['a day that is closed', { exceptions: [{ date: '2026-11-23', hours: [] }] }, '2026-11-23', [], '|exception|false'],
  [
    'an exception on a holiday, with extra hours',
    {
      holidays: 'fr',
      exceptions: [{ date: '2026-12-25', hours: [plainHours('10:00', '11:00')] }],
      extra: [{ ...plainHours('08:00', '09:00'), date: '2026-12-25' }],
    },
    '2026-12-25',
    ['2026-12-25'],
    '08:00-09:00 10:00-11:00|exception|true',
  ],
])('what a day has: %s', (_, change, date, holidays, want) => {
  expect(told({ ...plain, ...change }, date, holidays)).toBe(want);
});

test.each<[string, ScheduleFields['holidays'], string]>([
  ['Europe/Paris', '', 'fr'],
  ['Indian/Reunion', '', 'fr-reunion'],
  ['America/Martinique', '', 'fr-martinique'],
  ['America/Miquelon', '', 'fr'],
  ['Europe/Paris', 'fr-alsace-moselle', 'fr-alsace-moselle'],
  ['Europe/Brussels', '', ''],
  ['Europe/Zurich', '', ''],
  ['Africa/Casablanca', '', ''],
])('the usual week keeps the public holidays of France there alone: %s', (timeZone, holidays, want) => {
  expect(withUsualWeek({ ...plain, weekly: [], timeZone, holidays })).toEqual({ ...plain, timeZone, holidays: want });
});

test('every other week counts from the week of its first day, which may be another weekday', () => {
  const weekly = [{ ...plainHours('09:00', '12:00'), weekday: 2, since: '2026-11-26', until: '2026-12-22', every: 2 }];
  const schedule = { ...plain, weekly };
  const open = ['2026-11-24', '2026-12-01', '2026-12-08', '2026-12-15', '2026-12-22', '2027-01-05'].filter(
    date => planOf(schedule, date, []).hours.length > 0,
  );
  expect(open).toEqual(['2026-12-08', '2026-12-22']);
});

test('weekdays, and what overlaps', () => {
  expect(['2026-11-22', '2026-11-23', '1970-01-01', '1969-12-31'].map(weekdayOf)).toEqual([0, 1, 4, 3]);
  const pairs = [
    ['09:00-12:00', '11:00-13:00'],
    ['09:00-12:00', '12:00-13:00'],
    ['22:00-02:00', '23:00-23:30'],
    ['22:00-00:00', '09:00-22:00'],
  ];
  const hours = (text = ''): ReturnType<typeof plainHours> => plainHours(text.slice(0, 5), text.slice(6));
  expect(pairs.map(([a, b]) => overlap(hours(a), hours(b)))).toEqual([true, false, true, false]);
});

test('who changes a schedule while somebody else does changes what they have written', async () => {
  let stored: Record<string, unknown> = {
    practitioner: 'a_1',
    revision: 1,
    name: 'Dr Moreau',
    time_zone: 'Europe/Paris',
  };
  let overtaken = 2;
  const server = {
    request: async (method: string, _path: string, body?: unknown): Promise<unknown> => {
      const said = body as typeof stored;
      if (method === 'PUT' && overtaken-- > 0) {
        const closed = [...((stored.closed as object[] | undefined) ?? []), { from: '2026-12-24', to: '2026-12-26' }];
        stored = { ...stored, closed, revision: Number(stored.revision) + 1 };
      }
      if (method === 'PUT') {
        if (said.revision !== stored.revision) {
          throw new DeskError('conflict', 'changed meanwhile');
        }
        stored = { ...said, practitioner: 'a_1', revision: Number(stored.revision) + 1 };
      }
      return stored;
    },
  };
  const kept = await new Schedules(server).change('a_1', now => ({ ...now, holidays: 'fr' }));
  expect([kept.holidays, kept.closed.length, kept.revision]).toEqual(['fr', 2, 4]);
  overtaken = 100;
  await expect(new Schedules(server).change('a_1', now => now)).rejects.toThrow('changed meanwhile');
});

test('of two changes nothing is lost', () => {
  expect(mergeLists(['a', 'b', 'c'], ['a', 'c', 'd'], ['a', 'b', 'e'])).toEqual(['a', 'e', 'd']);
  const base = { name: 'a', size: 1, kind: 'x' };
  expect(
    mergeFields(base, { name: 'b', size: 2, kind: 'x' }, { name: 'c', size: 1, kind: 'y' }, ['name', 'size', 'kind']),
  ).toEqual({
    fields: { name: 'b', size: 2, kind: 'y' },
    clashes: ['name'],
  });
});
