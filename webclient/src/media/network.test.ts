import { describe, expect, test } from 'vitest';
import { judge, NetworkMeter, type Sample, sampleOf } from './network';

const quiet: Sample = { at: 0, received: 0, lost: 0, frozen: 0, roundTrip: 0.05, uplinkLoss: 0 };

/** Two seconds later, with so much more of each. */
function later(before: Sample, more: Partial<Sample> = {}): Sample {
  return {
    at: before.at + 2000,
    received: before.received + (more.received ?? 400),
    lost: before.lost + (more.lost ?? 0),
    frozen: before.frozen + (more.frozen ?? 0),
    roundTrip: more.roundTrip ?? 0.05,
    uplinkLoss: more.uplinkLoss ?? 0,
  };
}

describe('two samples', () => {
  test.each([
    ['nothing wrong', {}, 'good'],
    ['2 % lost', { received: 392, lost: 8 }, 'good'],
    ['4 % lost', { received: 384, lost: 16 }, 'weak'],
    ['12 % lost', { received: 352, lost: 48 }, 'bad'],
    ['half of very little lost', { received: 5, lost: 5 }, 'good'],
    ['a slow way', { roundTrip: 0.5 }, 'weak'],
    ['a very slow way', { roundTrip: 1.2 }, 'bad'],
    ['what we send is lost', { uplinkLoss: 0.05 }, 'weak'],
    ['much of what we send is lost', { uplinkLoss: 0.2 }, 'bad'],
    ['a short freeze', { frozen: 0.2 }, 'weak'],
    ['a long freeze', { frozen: 1 }, 'bad'],
    ['silence', { received: 0 }, 'good'],
  ] as const)('%s: %s', (_name, more, verdict) => {
    expect(judge(quiet, later(quiet, more), false)).toBe(verdict);
  });

  test('a freeze while lanes settle is none', () => {
    expect(judge(quiet, later(quiet, { frozen: 2 }), true)).toBe('good');
  });

  test('counters of a lane that went away do not count backwards', () => {
    const before = later(quiet, { received: 10_000, lost: 500 });
    expect(judge(before, { ...before, at: before.at + 2000, received: 100, lost: 0 }, false)).toBe('good');
  });
});

describe('the word', () => {
  /** The words after each verdict, from good. */
  function words(...verdicts: ('good' | 'weak' | 'bad')[]): string[] {
    const meter = new NetworkMeter();
    let sample = quiet;
    meter.add(sample);
    return verdicts.map(verdict => {
      sample = later(sample, { uplinkLoss: { good: 0, weak: 0.05, bad: 0.5 }[verdict] });
      return meter.add(sample);
    });
  }

  test('one bad moment changes nothing', () => {
    expect(words('bad', 'good', 'bad', 'good')).toEqual(['good', 'good', 'good', 'good']);
  });
  test('two in a row make it worse', () => {
    expect(words('bad', 'bad')).toEqual(['good', 'bad']);
  });
  test('the milder of the two', () => {
    expect(words('bad', 'weak')).toEqual(['good', 'weak']);
  });
  test('three in a row make it better', () => {
    expect(words('bad', 'bad', 'good', 'good', 'good')).toEqual(['good', 'bad', 'bad', 'bad', 'good']);
  });
  test('only as much better as all three say', () => {
    expect(words('bad', 'bad', 'good', 'weak', 'good')).toEqual(['good', 'bad', 'bad', 'bad', 'weak']);
  });
  test('a relapse begins the count again', () => {
    expect(words('bad', 'bad', 'good', 'good', 'bad', 'good', 'good')).toEqual([
      'good',
      'bad',
      'bad',
      'bad',
      'bad',
      'bad',
      'bad',
    ]);
  });

  test('freezes around a change of lanes are discounted, and later ones are not', () => {
    const meter = new NetworkMeter();
    let sample = quiet;
    meter.add(sample);
    meter.picturesChanged(1000);
    const word = (frozen: number): string => {
      sample = later(sample, { frozen });
      return meter.add(sample);
    };
    expect([word(1), word(1)]).toEqual(['good', 'good']); // at 2 and 4 s
    expect([word(1), word(1)]).toEqual(['good', 'bad']); // at 6 and 8 s
  });

  test('a new connection begins with new counters', () => {
    const meter = new NetworkMeter();
    meter.add({ ...quiet, lost: 0, received: 0 });
    meter.restart();
    expect(meter.add({ ...quiet, at: 2000, lost: 500, received: 500 })).toBe('good');
    expect(meter.add({ ...quiet, at: 4000, lost: 500, received: 900 })).toBe('good');
  });
});

test('counters are added up over lanes, and what browsers leave out is left out', () => {
  const stats = new Map<string, { type: string }>(
    Object.entries({
      a: { type: 'inbound-rtp', packetsReceived: 100, packetsLost: 3, totalFreezesDuration: 0.5 },
      b: { type: 'inbound-rtp', packetsReceived: 50, packetsLost: -2 },
      c: { type: 'remote-inbound-rtp', fractionLost: 0.02 },
      d: { type: 'remote-inbound-rtp', fractionLost: 0.04 },
      e: { type: 'candidate-pair', nominated: true, state: 'succeeded', currentRoundTripTime: 0.08 },
      f: { type: 'candidate-pair', nominated: false, state: 'succeeded', currentRoundTripTime: 3 },
      g: { type: 'codec' },
    }),
  );
  expect(sampleOf(stats, 7)).toEqual({ at: 7, received: 150, lost: 3, frozen: 0.5, roundTrip: 0.08, uplinkLoss: 0.04 });
  expect(sampleOf(new Map(), 7)).toMatchObject({ roundTrip: null, uplinkLoss: null });
});
