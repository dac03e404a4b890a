import { expect, test } from 'vitest';
import { type Appointment, appointmentOf, type Book } from '../../session/agenda';
import {
  aligned,
  arrow,
  cardsOf,
  clockOf,
  columnsOf,
  hoursOf,
  instantOf,
  minuteOf,
  mondayOf,
  outOfHole,
  slotsOf,
  stopsOf,
} from './layout';

const day = (date: string, open: readonly [string, string][] = [], blocked: readonly [string, string][] = []) => {
  const at = (time: string): string => `${date}T${time}:00Z`;
  const all = (spans: readonly [string, string][]) => spans.map(([from, to]) => ({ from: at(from), to: at(to) }));
  const end = new Date(Date.parse(at('00:00')) + 24 * 3_600_000).toISOString();
  return { date, from: at('00:00'), to: end, open: all(open), blocked: all(blocked), held: [] };
};
const tuesday = day('2026-11-24', [['09:00', '12:00']], [['11:00', '11:30']]);

const agreed = (id: string, from: string, to: string, state = 'booked'): Appointment =>
  appointmentOf({
    id,
    state,
    service: 's_1',
    label: 'Visit',
    practitioner: 'a_1',
    start: `2026-11-24T${from}:00Z`,
    end: `2026-11-24T${to}:00Z`,
  });
const book = (appointments: readonly Appointment[]): Book => ({
  practitioner: 'a_1',
  name: 'Dr Moreau',
  timeZone: 'UTC',
  bookable: true,
  days: [tuesday],
  appointments,
});

test('minutes and instants', () => {
  expect(minuteOf(tuesday, '2026-11-24T09:30:00Z')).toBe(570);
  expect(instantOf(tuesday, 570)).toBe('2026-11-24T09:30:00.000Z');
  expect(['2026-11-23', '2026-11-24', '2026-11-29'].map(mondayOf)).toEqual(Array(3).fill('2026-11-23'));
});

test('the hours hold what is open and what is agreed, in whole hours; cancelled ones take no room', () => {
  expect(hoursOf([book([])])).toEqual({ from: 540, to: 720 });
  expect(hoursOf([book([agreed('ap_1', '07:45', '08:00'), agreed('ap_2', '18:00', '19:10', 'cancelled')])])).toEqual({
    from: 420,
    to: 720,
  });
  expect(hoursOf([])).toEqual({ from: 480, to: 1080 });
});

test('what overlaps stands beside each other, and only that', () => {
  const cards = cardsOf(tuesday, [
    agreed('ap_1', '09:00', '10:00'),
    agreed('ap_2', '09:30', '10:30'),
    agreed('ap_3', '10:00', '10:15'),
    agreed('ap_4', '10:30', '11:00'),
  ]);
  expect(cards.map(({ appointment, lane, lanes }) => [appointment.id, lane, lanes])).toEqual([
    ['ap_1', 0, 2],
    ['ap_2', 1, 2],
    ['ap_3', 0, 2],
    ['ap_4', 0, 1],
  ]);
});

test('the rest is cut on the clock and where appointments end, and says what it is', () => {
  const hours = { from: 525, to: 720 };
  const slots = slotsOf(
    tuesday,
    [
      { from: 540, to: 560 },
      { from: 575, to: 650 },
    ],
    hours,
  );
  expect(slots.map(({ from, to, kind }) => `${from}-${to} ${kind}`)).toEqual([
    '525-540 closed',
    '560-570 free',
    '570-575 free',
    '650-660 free',
    '660-675 blocked',
    '675-690 blocked',
    '690-705 free',
    '705-720 free',
  ]);
});

test('slots and appointments fill the hours without a gap, whatever is agreed', () => {
  for (let seed = 1; seed < 200; seed++) {
    const random = (most: number, salt: number): number => (seed * 7919 * salt + salt * 104_729) % most;
    const times = Array.from({ length: random(6, 3) }, (_, i) => {
      const from = 540 + random(170, i + 5);
      return { from, to: from + 5 + random(60, i + 11) };
    });
    const hours = { from: 540, to: 720 };
    const covered = [...slotsOf(tuesday, times, hours), ...times].sort((a, b) => a.from - b.from);
    let at = hours.from;
    for (const { from, to } of covered) {
      expect(from, `seed ${seed}`).toBeLessThanOrEqual(at);
      at = Math.max(at, to);
    }
    expect(at).toBeGreaterThanOrEqual(hours.to);
  }
});

test('arrows go down the column, and across to what is there at that time', () => {
  const first = book([agreed('ap_1', '09:00', '09:40')]);
  const second = { ...book([]), practitioner: 'a_2' };
  const columns = columnsOf([first, second], { from: 540, to: 720 });
  const [one] = columns;
  if (one === undefined) {
    throw new Error('no column');
  }
  expect(
    stopsOf(one)
      .slice(0, 2)
      .map(stop => stop.id),
  ).toEqual(['ap_1', 'a_1/2026-11-24/580']);
  expect(arrow(columns, 'ap_1', 0, 1)).toBe('a_1/2026-11-24/580');
  expect(arrow(columns, 'ap_1', 0, -1)).toBe('ap_1');
  expect(arrow(columns, 'ap_1', 1, 0)).toBe('a_2/2026-11-24/540');
  expect(arrow(columns, 'a_2/2026-11-24/555', -1, 0)).toBe('ap_1');
  expect(arrow(columns, 'ap_1', -1, 0)).toBe('ap_1');
  expect(arrow(columns, 'gone', 0, 1)).toBe('ap_1');
});

/** A book in Paris, open all night on these days; each from midnight to midnight in UTC. */
const nights = (days: readonly [string, string, string][], appointments: readonly Appointment[] = []): Book => ({
  ...book(appointments),
  timeZone: 'Europe/Paris',
  days: days.map(([date, from, to]) => ({ date, from, to, open: [{ from, to }], blocked: [], held: [] })),
});
const saturdayLong: [string, string, string] = ['2026-10-24', '2026-10-23T22:00:00Z', '2026-10-24T22:00:00Z'];
const sundayLong: [string, string, string] = ['2026-10-25', '2026-10-24T22:00:00Z', '2026-10-25T23:00:00Z'];
const saturdayShort: [string, string, string] = ['2027-03-27', '2027-03-26T23:00:00Z', '2027-03-27T23:00:00Z'];
const sundayShort: [string, string, string] = ['2027-03-28', '2027-03-27T23:00:00Z', '2027-03-28T22:00:00Z'];
const paris = new Intl.DateTimeFormat('en-GB', { timeZone: 'Europe/Paris', hour: '2-digit', minute: '2-digit' });

test.each([
  ['an hour twice', [saturdayLong, sundayLong], [0, 1, 2, 2, 3, 4], [180, 240]],
  ['an hour missing', [saturdayShort, sundayShort], [0, 1, 2, 3, 4, 5], [120, 180]],
  ['an hour twice, by itself', [sundayLong], [0, 1, 2, 2, 3, 4], null],
  ['an hour missing, by itself', [sundayShort], [0, 1, 3, 4, 5, 6], null],
] as const)('one clock is true for all columns: %s', (_, days, clock, hole) => {
  const side = aligned([nights(days as never)]);
  const hours = hoursOf(side);
  const columns = columnsOf(side, hours);
  const named = clockOf(columns);
  if (named === undefined) {
    throw new Error('no column');
  }
  expect(clock.map((_, i) => Number(paris.format(new Date(instantOf(named.day, i * 60))).slice(0, 2)))).toEqual(clock);
  const holes = columns.map(column => column.day.hole ?? null).filter(one => one !== null);
  expect(holes).toEqual(hole === null ? [] : [{ from: hole[0], to: hole[1] }]);
  for (const column of columns) {
    for (const { from } of column.slots) {
      expect(minuteOf(column.day, instantOf(column.day, from))).toBe(from);
      expect(paris.format(new Date(instantOf(column.day, from))), column.day.date).toBe(
        paris.format(new Date(instantOf(named.day, from))),
      );
    }
  }
});

test('both 02:30 have a place of their own; what moves steps over the hour that a day does not have', () => {
  const twice = ['00:30', '01:30'].map((time, i) => {
    const start = `2026-10-25T${time}:00Z`;
    const end = new Date(Date.parse(start) + 1_800_000).toISOString();
    return { ...agreed(`ap_${i}`, '09:00', '10:00'), start, end };
  });
  const [column] = columnsOf([nights([sundayLong], twice)], { from: 0, to: 1500 });
  expect(column?.cards.map(({ from, to, lanes }) => [from, to, lanes])).toEqual([
    [150, 180, 1],
    [210, 240, 1],
  ]);
  const [, short] = columnsOf(aligned([nights([saturdayShort, sundayShort])]), { from: 0, to: 1440 });
  if (short === undefined) {
    throw new Error('no column');
  }
  const before = { ...agreed('ap_9', '09:00', '10:00'), start: '2027-03-28T00:30:00Z', end: '2027-03-28T01:00:00Z' };
  expect(cardsOf(short.day, [before]).map(({ from, to }) => [from, to])).toEqual([[90, 120]]);
  expect([110, 120, 165, 180].map(minute => outOfHole(short.day, minute, 15))).toEqual([110, 180, 180, 180]);
  expect([170, 120].map(minute => outOfHole(short.day, minute, -15))).toEqual([105, 105]);
});
