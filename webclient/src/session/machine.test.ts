import { expect, test } from 'vitest';
import { type CallPhase, next, type Step } from './machine';

const phases: readonly CallPhase[] = ['idle', 'checking', 'waiting', 'connecting', 'live', 'reconnecting', 'ended'];
const steps: readonly Step[] = ['check', 'join', 'wait', 'admit', 'up', 'down', 'over'];

/** Everything that moves, written out; all else stays. */
const moves: readonly string[] = [
  'idle check checking',
  'idle join connecting',
  'idle over ended',
  'checking join connecting',
  'checking over ended',
  'connecting wait waiting',
  'connecting up live',
  'connecting over ended',
  'waiting admit connecting',
  'waiting over ended',
  'live down reconnecting',
  'live wait waiting',
  'live over ended',
  'reconnecting up live',
  'reconnecting wait waiting',
  'reconnecting over ended',
  'ended check checking',
  'ended join connecting',
];

test('what moves is this, and nothing else', () => {
  const all = phases.flatMap(phase =>
    steps.filter(step => next(phase, step) !== phase).map(step => `${phase} ${step} ${next(phase, step)}`),
  );
  expect(all.sort()).toEqual([...moves].sort());
});
