// A consultation's documents in the real browser: what ui's parts call, and tests never do.

import { Documents, type Waiting, type WaitingFiles } from './documents';
import { clock, log, random, whenBack } from './environment';

/** ticket: of the link, and then files wait in this browser's storage; null for whoever is signed in. */
export function newDocuments(consultation: string, ticket: string | null): Documents {
  return new Documents(
    {
      fetch: (path, init) => fetch(path, init),
      clock,
      random,
      whenBack,
      log,
      // A practitioner's computer is often several people's: nothing of a patient stays on it.
      waiting: ticket === null || globalThis.indexedDB === undefined ? null : new StoredFiles(),
    },
    consultation,
    ticket,
  );
}

const STORE = 'waiting';

/** Files in IndexedDB, from the moment they are chosen until they have arrived. */
class StoredFiles implements WaitingFiles {
  async all(consultation: string): Promise<readonly Waiting[]> {
    const found: readonly Waiting[] = await this.#do('readonly', store => store.getAll());
    return found.filter(one => one.consultation === consultation);
  }

  async put(one: Waiting): Promise<void> {
    await this.#do('readwrite', store => store.put(one));
  }

  async remove(key: string): Promise<void> {
    await this.#do('readwrite', store => store.delete(key));
  }

  async #do<T>(mode: IDBTransactionMode, act: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> {
    const database = await new Promise<IDBDatabase>((resolve, reject) => {
      const opening = indexedDB.open('colloque-documents', 1);
      opening.onupgradeneeded = () => opening.result.createObjectStore(STORE, { keyPath: 'key' });
      opening.onsuccess = () => resolve(opening.result);
      opening.onerror = () => reject(opening.error);
    });
    try {
      return await new Promise<T>((resolve, reject) => {
        const transaction = database.transaction(STORE, mode);
        const request = act(transaction.objectStore(STORE));
        transaction.oncomplete = () => resolve(request.result);
        transaction.onabort = () => reject(transaction.error);
      });
    } finally {
      database.close();
    }
  }
}

/** What link and code give: a ticket that reads for an hour. Throws an error code as its message. */
export async function unlock(ticket: string, code: string): Promise<{ ticket: string; consultation: string }> {
  const answer = await ask('/api/v1/documents/unlock', { ticket, code });
  return { ticket: String(Reflect.get(answer, 'ticket')), consultation: String(Reflect.get(answer, 'consultation')) };
}

/** Has the code sent to the patient. Throws an error code as its message. */
export async function sendCode(ticket: string): Promise<void> {
  await ask('/api/v1/documents/code', { ticket });
}

async function ask(path: string, body: object): Promise<object> {
  let response: Response;
  try {
    response = await fetch(path, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
      credentials: 'same-origin',
      cache: 'no-store',
    });
  } catch {
    throw new Error('lost');
  }
  const answer: unknown = response.status === 204 ? {} : await response.json().catch(() => ({}));
  const value = typeof answer === 'object' && answer !== null ? answer : {};
  if (!response.ok) {
    throw new Error(String(Reflect.get(value, 'code') ?? 'internal'));
  }
  return value;
}
