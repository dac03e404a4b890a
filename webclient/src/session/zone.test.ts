import { expect, test } from 'vitest';
import { instantAt, wallOf } from './zone';

test.each([
  ['2026-11-24', '09:30', 'Europe/Paris', '2026-11-24T08:30:00.000Z'],
  ['2026-07-01', '00:00', 'Europe/Paris', '2026-06-30T22:00:00.000Z'],
  ['2027-03-28', '02:30', 'Europe/Paris', null], // clocks skip it
  ['2026-10-25', '02:30', 'Europe/Paris', '2026-10-25T00:30:00.000Z'], // twice: the first
  ['2026-11-24', '09:30', 'Indian/Reunion', '2026-11-24T05:30:00.000Z'],
  ['2026-11-24', '23:45', 'Pacific/Apia', '2026-11-24T10:45:00.000Z'],
  ['2026-11-24', '23:45', 'America/New_York', '2026-11-25T04:45:00.000Z'],
  ['2026-11-24', '', 'Europe/Paris', null],
  ['', '09:30', 'Europe/Paris', null],
])('%s %s in %s', (date, time, zone, instant) => {
  expect(instantAt(date, time, zone)).toBe(instant);
  if (instant !== null) {
    expect(wallOf(instant, zone)).toEqual({ date, time });
  }
});
