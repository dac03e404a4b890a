// How this tab's connection is, in one word, from the browser's counters. Two steps: two samples give a verdict, and several
// verdicts in a row change the word, so that it does not flicker. 'lost' is not found here: it is the connection's own state.

/** How the connection stands, in words. */
export type Network = 'good' | 'weak' | 'bad' | 'lost';
type Verdict = Exclude<Network, 'lost'>;

/** ms between samples. */
export const SAMPLE_EVERY = 2000;
/** Samples in a row that make it worse, and better. */
const WORSE_AFTER = 2;
const BETTER_AFTER = 3;
/** ms around a change of lanes, or of who shows something, in which freezes say nothing: a camera that was off looks frozen. */
const PICTURES_SETTLE = 4000;
/** Packets under which a share of loss says nothing. */
const ENOUGH = 20;

/** Where each measure begins to be weak, and bad. */
const limits = {
  /** Share of packets lost, either way. */
  loss: [0.03, 0.1],
  /** Share of the time that pictures stood still. */
  frozen: [0.05, 0.2],
  /** Seconds there and back. */
  roundTrip: [0.4, 0.8],
} as const;

/** Counters at one moment, summed over all lanes. */
export interface Sample {
  /** ms */
  readonly at: number;
  readonly received: number;
  readonly lost: number;
  /** Seconds that pictures stood still, in all. */
  readonly frozen: number;
  /** Seconds; null while unknown. */
  readonly roundTrip: number | null;
  /** Share of our packets that the server did not get; null while unknown. */
  readonly uplinkLoss: number | null;
}

/** The fields of getStats() that are read (W3C webrtc-stats); browsers leave some out. */
interface Stat {
  readonly type: string;
  readonly packetsReceived?: number;
  readonly packetsLost?: number;
  readonly totalFreezesDuration?: number;
  readonly fractionLost?: number;
  readonly currentRoundTripTime?: number;
  readonly nominated?: boolean;
  readonly state?: string;
}

export function sampleOf(stats: { forEach(look: (stat: Stat) => void): void }, at: number): Sample {
  let received = 0;
  let lost = 0;
  let frozen = 0;
  let roundTrip: number | null = null;
  let uplinkLoss: number | null = null;
  stats.forEach(stat => {
    switch (stat.type) {
      case 'inbound-rtp':
        received += stat.packetsReceived ?? 0;
        lost += Math.max(0, stat.packetsLost ?? 0); // duplicates make it negative
        frozen += stat.totalFreezesDuration ?? 0;
        break;
      case 'remote-inbound-rtp':
        if (stat.fractionLost !== undefined) {
          uplinkLoss = Math.max(uplinkLoss ?? 0, stat.fractionLost);
        }
        break;
      case 'candidate-pair':
        if (stat.nominated === true && stat.state === 'succeeded' && stat.currentRoundTripTime !== undefined) {
          roundTrip = Math.max(roundTrip ?? 0, stat.currentRoundTripTime);
        }
        break;
    }
  });
  return { at, received, lost, frozen, roundTrip, uplinkLoss };
}

/** What two samples say. With settling, freezes are not counted. */
export function judge(before: Sample, after: Sample, settling: boolean): Verdict {
  const lost = Math.max(0, after.lost - before.lost);
  const packets = Math.max(0, after.received - before.received) + lost;
  const seconds = (after.at - before.at) / 1000;
  const measures: readonly (readonly [number | null, readonly [number, number]])[] = [
    [packets >= ENOUGH ? lost / packets : null, limits.loss],
    [after.uplinkLoss, limits.loss],
    [settling || seconds <= 0 ? null : (after.frozen - before.frozen) / seconds, limits.frozen],
    [after.roundTrip, limits.roundTrip],
  ];
  const reaches = (limit: 0 | 1): boolean => measures.some(([value, at]) => value !== null && value >= at[limit]);
  return reaches(1) ? 'bad' : reaches(0) ? 'weak' : 'good';
}

const rank: { readonly [V in Verdict]: number } = { good: 0, weak: 1, bad: 2 };
const worst = (a: Verdict, b: Verdict): Verdict => (rank[a] >= rank[b] ? a : b);
const best = (a: Verdict, b: Verdict): Verdict => (rank[a] <= rank[b] ? a : b);

/** Turns samples into a word that stays until several samples in a row say otherwise. */
export class NetworkMeter {
  #word: Verdict = 'good';
  #last: Sample | null = null;
  #picturesChanged = Number.NEGATIVE_INFINITY;
  /** Verdicts in a row that are worse (or better) than the word, and the mildest change that all of them ask for. */
  #run: { direction: 'worse' | 'better'; count: number; verdict: Verdict } | null = null;

  get word(): Verdict {
    return this.#word;
  }

  /** A lane carries something else, or somebody switched a camera on or off. */
  picturesChanged(at: number): void {
    this.#picturesChanged = at;
  }

  /** A new connection: its counters begin again. */
  restart(): void {
    this.#last = null;
    this.#run = null;
  }

  add(sample: Sample): Verdict {
    const before = this.#last;
    this.#last = sample;
    if (before !== null) {
      this.#weigh(judge(before, sample, sample.at - this.#picturesChanged < PICTURES_SETTLE));
    }
    return this.#word;
  }

  #weigh(verdict: Verdict): void {
    if (verdict === this.#word) {
      this.#run = null;
      return;
    }
    const direction = rank[verdict] > rank[this.#word] ? 'worse' : 'better';
    const mildest = direction === 'worse' ? best : worst;
    this.#run =
      this.#run?.direction === direction
        ? { direction, count: this.#run.count + 1, verdict: mildest(this.#run.verdict, verdict) }
        : { direction, count: 1, verdict };
    if (this.#run.count >= (direction === 'worse' ? WORSE_AFTER : BETTER_AFTER)) {
      this.#word = this.#run.verdict;
      this.#run = null;
    }
  }
}
