/** Whether sound and pictures really arrive: by the browser's counters and by the frames that reach the screen. */
import { until } from './until.mjs';

/** Runs in the page: the counters of all its open connections. */
async function counters() {
  const seen = { videos: {}, voices: {}, ciphers: [], pairs: [], states: [] };
  for (const [index, connection] of window.record.connections.entries()) {
    if (connection.connectionState === 'closed') {
      continue;
    }
    seen.states.push(connection.connectionState);
    const stats = await connection.getStats();
    const chosen = [];
    const nominated = [];
    for (const one of stats.values()) {
      if (one.type === 'inbound-rtp' && one.kind === 'video') {
        seen.videos[`${index}/${one.mid}`] = one.framesDecoded ?? 0;
      } else if (one.type === 'inbound-rtp' && one.kind === 'audio') {
        seen.voices[`${index}/${one.mid}`] = one.totalAudioEnergy ?? 0;
      } else if (one.type === 'transport') {
        if (one.srtpCipher !== undefined) {
          seen.ciphers.push(one.srtpCipher);
        }
        chosen.push(one.selectedCandidatePairId);
      } else if (
        one.type === 'candidate-pair' &&
        (one.selected === true || (one.nominated && one.state === 'succeeded'))
      ) {
        nominated.push(one.id);
      }
    }
    // Firefox has no transport to ask; Chromium may keep more than one nominated pair, and uses one.
    for (const id of chosen.filter(Boolean).length > 0 ? chosen : nominated) {
      seen.pairs.push(stats.get(stats.get(id)?.localCandidateId)?.candidateType);
    }
  }
  return seen;
}

/** The counters of a tab now. */
export const countersOf = tab => tab.evaluate(counters);

const risen = (before, after, by) => Object.keys(after).filter(key => after[key] - (before[key] ?? 0) >= by);

/**
 * Waits until, from now on, that many lanes decode 10 more frames and that many voices bring energy.
 * @param {import('./tab.mjs').Tab} tab
 * @param {{videos?: number, voices?: number, within?: number}} [expected]
 */
export async function flows(tab, { videos = 1, voices = 1, within } = {}) {
  const before = await countersOf(tab);
  let now = before;
  await until(
    `${tab.name}: ${videos} pictures move and ${voices} voices sound`,
    async () => {
      now = await countersOf(tab);
      return (
        risen(before.videos, now.videos, 10).length >= videos && risen(before.voices, now.voices, 1e-7).length >= voices
      );
    },
    { within, seen: () => ({ before, now }) },
  );
  return now;
}

/** Waits until every remote picture on the page, and at least `videos`, has put 3 frames more on the screen (requestVideoFrameCallback). */
export async function painted(tab, { videos = 1, within } = {}) {
  await tab.evaluate(() => {
    window.painted = new Map();
    for (const video of document.querySelectorAll('.stage .tile video')) {
      window.painted.set(video, 0);
      const count = () => {
        window.painted.set(video, window.painted.get(video) + 1);
        video.requestVideoFrameCallback(count);
      };
      video.requestVideoFrameCallback(count);
    }
  });
  await tab.until(
    `${videos} pictures are painted`,
    wanted => window.painted.size >= wanted && [...window.painted.values()].every(count => count >= 3),
    videos,
    { within, seen: () => tab.evaluate(() => [...window.painted.values()]) },
  );
}

/** Fails when, while `during` runs, a picture of the tab stands still for longer than `atMost` ms. */
export async function keepsMoving(tab, during, atMost = 3000) {
  let last = await countersOf(tab);
  let since = Date.now();
  let longest = 0;
  let over = false;
  const done = during().finally(() => {
    over = true;
  });
  await until(`${tab.name}: what happens meanwhile`, async () => {
    const now = await countersOf(tab);
    if (risen(last.videos, now.videos, 1).length > 0) {
      last = now;
      since = Date.now();
    }
    longest = Math.max(longest, Date.now() - since);
    return over;
  });
  await done;
  if (longest > atMost) {
    throw new Error(`${tab.name}: the picture stood still for ${longest} ms`);
  }
}
