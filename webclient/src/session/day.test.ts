import { expect, test } from 'vitest';
import { Day, dayAfter, isDay, visitorOf } from './day';
import { DeskError } from './http';

const visit = {
  id: 'c_1',
  state: 'waiting',
  created_at: '2026-11-20T10:00:00Z',
  scheduled_at: '2026-11-22T08:30:00Z',
  duration_minutes: 20,
  patient: 'pt_1',
  participants: [
    {
      id: 'p_0',
      role: 'practitioner',
      name: 'Dr Claire Moreau',
      contact: {},
      needs: [],
      place: 'invited',
      devices: {},
    },
    {
      id: 'p_1',
      role: 'patient',
      name: 'Jeanne Martin',
      language: 'ar',
      needs: ['hearing'],
      contact: { phone: '+33639980010', reach: 'sms' },
      place: 'waiting',
      waiting_since: '2026-11-22T08:21:00Z',
      devices: { camera: 'ok', sound: 'heard' },
    },
  ],
  deliveries: [{ participant: 'p_1', kind: 'invitation', channel: 'sms', state: 'delivered', changed_at: 'x' }],
};

test('a day is read into visits', async () => {
  const asked: string[] = [];
  const day = new Day(async (_method, path) => {
    asked.push(path);
    return { date: '2026-11-22', consultations: [visit, { id: 'c_2', created_at: '2026-11-22T09:00:00Z' }] };
  });
  await day.show('2026-11-22');
  const [first, second] = day.snapshot.visits ?? [];
  expect(asked).toEqual(['/consultations?date=2026-11-22']);
  expect(first).toMatchObject({ at: '2026-11-22T08:30:00Z', planned: true, minutes: 20, record: 'pt_1' });
  expect(first && visitorOf(first)).toMatchObject({
    name: 'Jeanne Martin',
    place: 'waiting',
    since: '2026-11-22T08:21:00Z',
    needs: ['hearing'],
    devices: { camera: 'ok', sound: 'heard' },
  });
  expect(first?.deliveries).toEqual([
    { participant: 'p_1', kind: 'invitation', channel: 'sms', state: 'delivered', reason: '', changedAt: 'x' },
  ]);
  expect(second).toMatchObject({ at: '2026-11-22T09:00:00Z', planned: false, people: [] });
});

test('an answer for a day that nobody looks at any more is not shown', async () => {
  const answers: ((value: unknown) => void)[] = [];
  const day = new Day(() => new Promise(resolve => answers.push(resolve)));
  const first = day.show('2026-11-22');
  const second = day.show('2026-11-23');
  answers[0]?.({ date: '2026-11-22', consultations: [visit] });
  await Promise.resolve();
  await second;
  expect(day.snapshot).toMatchObject({ wanted: '2026-11-23', visits: null });
  await new Promise(resolve => setImmediate(resolve));
  answers[1]?.({ date: '2026-11-23', consultations: [] });
  await first;
  expect(day.snapshot).toMatchObject({ date: '2026-11-23', visits: [] });
});

test('what was shown stays when a refresh fails, and says so', async () => {
  let works = true;
  const day = new Day(async () => {
    if (!works) {
      throw new DeskError('lost', 'no server');
    }
    return { date: '2026-11-22', consultations: [visit] };
  });
  await day.show('');
  works = false;
  await day.refresh();
  expect(day.snapshot.failed).toBe(true);
  expect(day.snapshot.visits).toHaveLength(1);
});

test.each([
  ['2026-11-22', 1, '2026-11-23'],
  ['2026-12-31', 1, '2027-01-01'],
  ['2026-03-29', -1, '2026-03-28'],
  ['2028-02-28', 1, '2028-02-29'],
])('%s and %i', (date, days, other) => {
  expect(dayAfter(date, days)).toBe(other);
});

test.each([
  ['2026-11-22', true],
  ['2026-02-30', false],
  ['2026-13-01', false],
  ['today', false],
  ['', false],
])('%s is a day: %s', (text, is) => {
  expect(isDay(text)).toBe(is);
});
