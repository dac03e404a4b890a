import { expect, test } from 'vitest';
import { FakeClock } from '../testing/clock';
import { FIRST_WITHIN, PATIENCE, PathGuard, RESTART_WITHIN } from './pathguard';

function setUp() {
  const clock = new FakeClock();
  const done: string[] = [];
  const guard = new PathGuard(clock, { restart: () => done.push('restart'), startOver: () => done.push('start over') });
  return { clock, done, guard };
}

test('nothing is tried without a websocket, and the path is looked at again when it is there', async () => {
  const { clock, done, guard } = setUp();
  guard.handleState('failed');
  await clock.pass(60_000);
  expect(done).toEqual([]);
  guard.handleSocket(true);
  await clock.pass(0);
  expect(done).toEqual(['restart']);
});

test('a new connection that finds no path in its time is restarted, one that does is left alone', async () => {
  const { clock, done, guard } = setUp();
  guard.begin();
  guard.handleSocket(true);
  await clock.pass(FIRST_WITHIN - 1);
  expect(done).toEqual([]);
  await clock.pass(1);
  expect(done).toEqual(['restart']);
  guard.reset();
  guard.begin();
  guard.handleState('connecting');
  guard.handleState('connected');
  guard.begin();
  await clock.pass(60_000);
  expect(done).toEqual(['restart']);
});

test('a disconnected path gets its time, from when it broke', async () => {
  const { clock, done, guard } = setUp();
  guard.handleSocket(true);
  guard.handleState('disconnected');
  await clock.pass(PATIENCE - 1);
  expect(done).toEqual([]);
  await clock.pass(1);
  expect(done).toEqual(['restart']);
});

test('restart, restart, start over; connected forgets it all', async () => {
  const { clock, done, guard } = setUp();
  guard.handleSocket(true);
  guard.handleState('failed');
  await clock.pass(RESTART_WITHIN);
  guard.handleState('connected');
  await clock.pass(60_000);
  expect(done).toEqual(['restart', 'restart']);
  guard.handleState('failed');
  await clock.pass(2 * RESTART_WITHIN);
  expect(done.slice(2)).toEqual(['restart', 'restart', 'start over']);
  expect(clock.timers).toBe(0);
});

test('a restart whose offer went with the websocket does not count', async () => {
  const { clock, done, guard } = setUp();
  guard.handleSocket(true);
  guard.handleState('failed');
  for (let loss = 0; loss < 5; loss += 1) {
    await clock.pass(0);
    guard.handleSocket(false);
    guard.handleSocket(true);
  }
  await clock.pass(0);
  expect(done).toEqual(Array<string>(6).fill('restart'));
});

test('a path that breaks again while it is being restarted waits for that restart', async () => {
  const { clock, done, guard } = setUp();
  guard.handleSocket(true);
  guard.handleState('disconnected');
  await clock.pass(PATIENCE);
  guard.handleState('connecting');
  guard.handleState('disconnected');
  await clock.pass(PATIENCE + 1);
  expect(done).toEqual(['restart']);
});
