import { expect, test } from 'vitest';
import type { Visit, Visitor } from '../../session/day';
import { en } from '../i18n/desk/en';
import { asHeard, deliveryOf, interpreterOf, isCalledOff, stateOf, testOf } from './visit';

const person: Visitor = {
  id: 'p_1',
  role: 'patient',
  as: '',
  name: 'Jeanne Martin',
  language: 'fr',
  needs: [],
  phone: '',
  mail: '',
  reach: 'sms',
  place: 'invited',
  since: null,
  devices: {},
  testedAt: null,
  absentAt: null,
};
const visit = (change: Partial<Visit>, who: Partial<Visitor> = {}): Visit => ({
  id: 'c_1',
  state: 'created',
  at: '2026-11-22T08:30:00Z',
  planned: true,
  minutes: 20,
  record: '',
  endedAt: null,
  called: false,
  people: [{ ...person, ...who }],
  deliveries: [],
  requests: [],
  practitioner: 'a_1',
  ...change,
});

test.each([
  ['expected', visit({})],
  ['notOpened', visit({ planned: false })],
  ['waiting', visit({ state: 'waiting' }, { place: 'waiting' })],
  ['call', visit({ state: 'live' }, { place: 'call' })],
  ['left', visit({ state: 'interrupted' }, { place: 'left' })],
  ['absent', visit({}, { absentAt: '2026-11-22T08:45:00Z' })],
  ['ended', visit({ state: 'ended' }, { place: 'left' })],
])('%s', (state, one) => {
  expect(stateOf(one)).toBe(state);
});

test.each([
  ['still to come', visit({}), false],
  ['ended before its time', visit({ state: 'ended', endedAt: '2026-11-22T08:00:00Z' }), true],
  ['begun early, and over', visit({ state: 'ended', endedAt: '2026-11-22T08:00:00Z', called: true }), false],
  ['nobody came', visit({ state: 'ended', endedAt: '2026-11-22T09:00:00Z' }), false],
  ['at once, and given up', visit({ state: 'ended', endedAt: '2026-11-22T08:00:00Z', planned: false }), false],
])('called off: %s', (_name, one, is) => {
  expect(isCalledOff(one)).toBe(is);
});

test.each([
  ['nothing', {}, false, []],
  ['all skipped', { camera: 'skipped', microphone: 'skipped', sound: 'skipped' }, false, []],
  ['fine', { camera: 'ok', microphone: 'ok', sound: 'heard' }, true, []],
  [
    'troubles',
    { camera: 'refused', microphone: 'silent', sound: 'not-heard' },
    true,
    ['camera blocked', 'microphone: nothing heard', 'does not hear the sound'],
  ],
] as const)('a device test: %s', (_name, devices, tested, troubles) => {
  expect(testOf(devices, en)).toEqual({ tested, troubles });
});

test('the newest message with a link counts, and only this person’s', () => {
  const sent = { participant: 'p_1', channel: 'sms', reason: '', changedAt: '' } as const;
  const one = visit({
    deliveries: [
      { ...sent, kind: 'invitation', state: 'failed' },
      { ...sent, kind: 'link-again', state: 'delivered' },
      { ...sent, kind: 'delay', state: 'sent' },
      { ...sent, participant: 'p_2', kind: 'invitation', state: 'queued' },
    ],
  });
  expect(deliveryOf(one, 'p_1')?.state).toBe('delivered');
  expect(deliveryOf(one, 'p_3')).toBeNull();
});

test('who arrives is seen at once, before the day is asked for again', () => {
  const about = {
    birthDate: '',
    language: '',
    needs: [],
    phone: '',
    reach: null,
    knocking: false,
    testedAt: null,
    absentAt: null,
    message: null,
    delivery: null,
  };
  const heard = {
    id: 'c_1',
    state: 'waiting' as const,
    patient: null,
    createdAt: '2026-11-22T08:00:00Z',
    scheduledAt: null,
    minutes: null,
    lateAt: null,
    passedBy: null,
    participants: [
      {
        id: 'p_1',
        role: 'patient' as const,
        name: '',
        place: 'waiting' as const,
        since: '2026-11-22T08:29:00Z',
        presence: 'here' as const,
        devices: null,
        about,
      },
    ],
  };
  const before = [visit({ planned: false }), visit({ id: 'c_2' })];
  const now = asHeard(before, [heard]);
  expect(now.map(stateOf)).toEqual(['waiting', 'expected']);
  expect(now[0]?.people[0]?.since).toBe('2026-11-22T08:29:00Z');
  const over = [visit({ state: 'ended' })];
  expect(asHeard(over, [heard]).map(stateOf)).toEqual(['ended']);
});

test.each([
  [[], null],
  [['asked'], 'asked'],
  [['asked', 'refused'], 'asked'],
  [['refused', 'lapsed'], 'none'],
  [['accepted', 'taken'], 'accepted'],
  [['accepted', 'asked'], 'asked'],
  [['withdrawn'], null],
] as const)('interpreters who were asked: %s', (states, want) => {
  const requests = states.map((state, at) => ({
    id: `r_${at}`,
    name: 'ISM',
    from: 'fr',
    into: 'ar',
    deadline: '2026-11-22T10:00:00Z',
    state,
  }));
  const now = Date.parse('2026-11-22T09:00:00Z');
  expect(interpreterOf(visit({ requests }), now)).toBe(want);
  expect(interpreterOf(visit({ requests: requests.filter(one => one.state === 'asked') }), now + 7_200_000)).toBe(
    states.includes('asked' as never) ? 'none' : null,
  );
});
