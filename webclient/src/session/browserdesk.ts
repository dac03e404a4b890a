// A desk in the real browser. Apart from browser.ts, so that patients do not load it.

import { Desk } from './desk';
import { clock, fetchJson, lastOwner, log, openSocket, random, whenBack } from './environment';

/** A desk that is not open yet. */
export function newDesk(): Desk {
  return new Desk({ openSocket, clock, random, whenBack, log, fetch: fetchJson, lastOwner });
}
