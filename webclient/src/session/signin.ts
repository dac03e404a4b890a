// Signing in, for the page of the one-time link, which loads nothing else.

import { fetchJson } from './environment';
import { send } from './http';

/** Uses up the one-time link of the sign-in page. True: signed in, go to /desk. False: the link is no good. Rejects with DeskError otherwise. */
export async function signIn(ticket: string): Promise<boolean> {
  try {
    await send(fetchJson, 'POST', '/sign-in', { ticket });
    return true;
  } catch (error) {
    if (
      error instanceof Error &&
      'code' in error &&
      ['bad-ticket', 'not-found', 'signed-out'].includes(String(error.code))
    ) {
      return false;
    }
    throw error;
  }
}
