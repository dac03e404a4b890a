/** Every wait of the tests ends here: a condition is looked at again and again, until it holds or its deadline has passed. */

const EVERY = 50;

/** Deadline of what takes no time on a quiet machine, in ms. Long, because the machine is often not quiet; nothing waits for it to pass. */
export const WITHIN = 40_000;

/** After so long a probe is given up: what a page is asked in the moment in which it is replaced may never be answered. */
const ANSWER_WITHIN = 10_000;

/** What a probe answers; undefined when that takes too long. */
export async function answerOf(probe) {
  let timer;
  const late = new Promise(resolve => {
    timer = setTimeout(resolve, ANSWER_WITHIN);
  });
  try {
    return await Promise.race([probe(), late]);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Resolves with the first truthy value of `probe`. Rejects when there is none in time, and says what was waited for and what was seen last.
 * @template T
 * @param {string} what
 * @param {() => T | Promise<T>} probe
 * @param {{within?: number, seen?: () => unknown}} [options]
 * @returns {Promise<NonNullable<T>>}
 */
export async function until(what, probe, { within = WITHIN, seen } = {}) {
  const start = Date.now();
  let last;
  for (;;) {
    try {
      last = await answerOf(probe);
      if (last) {
        return last;
      }
    } catch (error) {
      // A page that is being replaced cannot answer; the next look can.
      if (
        !/Execution context|navigat|Cannot find context|DiscardedBrowsingContext|no such frame/i.test(String(error))
      ) {
        throw error;
      }
      last = error;
    }
    if (Date.now() - start > within) {
      const state = seen === undefined ? last : await answerOf(seen).catch(String);
      throw new Error(`not within ${within} ms: ${what}; last seen: ${JSON.stringify(state) ?? String(state)}`);
    }
    await new Promise(resolve => setTimeout(resolve, EVERY));
  }
}
