import { describe, expect, test, vi } from 'vitest';
import { FakeClock, settle } from '../testing/clock';
import { Documents, type DocumentsDeps, type FetchBytes, type Waiting, type WaitingFiles } from './documents';

const LIST = { documents: [], days: 30, max_bytes: 1e8 };

/** As much of the server as a sender notices: announced uploads, their offset, and a network that can be cut. */
class FakeServer {
  readonly uploads = new Map<string, { id: string; size: number; got: number[] }>();
  readonly asked: { method: string; path: string; headers: Record<string, string> }[] = [];
  cut = false;
  /** The next answers are lost, although the server did what was asked. */
  deaf = 0;
  refuse: { status: number; code: string } | null = null;

  readonly fetch: FetchBytes = async (path, init) => {
    this.asked.push({ method: init.method, path, headers: init.headers });
    if (this.cut) {
      throw new TypeError('Failed to fetch');
    }
    const answer = await this.#answer(path, init);
    if (this.deaf > 0) {
      this.deaf--;
      throw new TypeError('Failed to fetch');
    }
    return answer;
  };

  async #answer(path: string, init: Parameters<FetchBytes>[1]): ReturnType<FetchBytes> {
    const say = (status: number, body: unknown, offset?: number) => ({
      ok: status < 300,
      status,
      headers: { get: (name: string) => (name === 'Upload-Offset' && offset !== undefined ? String(offset) : null) },
      json: async () => body,
    });
    if (this.refuse !== null && init.method !== 'GET') {
      return say(this.refuse.status, { code: this.refuse.code });
    }
    if (init.method === 'GET') {
      return say(200, LIST);
    }
    if (init.method === 'POST') {
      const { key, size } = JSON.parse(String(init.body)) as { key: string; size: number };
      const one = this.uploads.get(key) ?? { id: `d_${this.uploads.size}`, size, got: [] };
      this.uploads.set(key, one);
      return say(201, { id: one.id, upload: `${path}/${one.id}/upload`, offset: one.got.length });
    }
    const one = [...this.uploads.values()].find(each => path.endsWith(`/${each.id}/upload`));
    if (one === undefined) {
      return say(404, { code: 'not-found' });
    }
    if (Number(init.headers['Upload-Offset']) !== one.got.length) {
      return say(409, { code: 'conflict' }, one.got.length);
    }
    for (const byte of new Uint8Array(await (init.body as Blob).arrayBuffer())) {
      one.got.push(byte);
    }
    return say(204, null, one.got.length);
  }

  get only(): number[] {
    return [...this.uploads.values()][0]?.got ?? [];
  }
}

class Shelf implements WaitingFiles {
  readonly kept = new Map<string, Waiting>();
  all = async (consultation: string) => [...this.kept.values()].filter(one => one.consultation === consultation);
  put = async (one: Waiting) => void this.kept.set(one.key, one);
  remove = async (key: string) => void this.kept.delete(key);
}

function stage(waiting: WaitingFiles | null = new Shelf(), ticket: string | null = 'Ck4') {
  const server = new FakeServer();
  const clock = new FakeClock();
  let back: () => void = () => undefined;
  let drawn = 0;
  const deps: DocumentsDeps = {
    fetch: server.fetch,
    clock,
    random: () => {
      drawn = (drawn + 0.37) % 1;
      return drawn;
    },
    whenBack: run => {
      back = run;
      return () => undefined;
    },
    log: () => undefined,
    waiting,
  };
  return { server, clock, deps, back: () => back(), documents: new Documents(deps, 'c_1', ticket) };
}

const file = (size: number): File => {
  const bytes = new Uint8Array(size).map((_, i) => i % 251);
  return new File([bytes], 'photo.jpg', { type: 'image/jpeg' });
};
/** Waits until it all arrived, byte for byte. Compared as text: a difference of thousands of numbers says nothing. */
async function arrives(server: FakeServer, photo: File): Promise<void> {
  await vi.waitFor(() => expect(server.only.length).toBe(photo.size), { timeout: 5000 });
  expect(String(server.only) === String(await bytesOf(photo))).toBe(true);
  await quiet();
}

const bytesOf = async (one: File): Promise<number[]> => [...new Uint8Array(await one.arrayBuffer())];

/** Until nothing more happens by itself: reading a blob takes turns of the event loop. */
async function quiet(): Promise<void> {
  for (let i = 0; i < 60; i++) {
    await settle();
    await new Promise(resolve => setImmediate(resolve));
  }
}

describe('sending', () => {
  test('a file arrives byte for byte, piece by piece, with the ticket in a header and never in an address', async () => {
    const { server, documents } = stage();
    const photo = file(900_000);
    await documents.send([photo]);
    await quiet();
    await arrives(server, photo);
    await vi.waitFor(() => expect(documents.snapshot.sending).toEqual([]));
    expect(server.asked.filter(one => one.method === 'PATCH').length).toBeGreaterThan(2);
    expect(server.asked.every(one => one.headers.Authorization === 'Ticket Ck4' && !one.path.includes('Ck4'))).toBe(
      true,
    );
  });

  test('a network that goes away is waited for, and it goes on where the server is', async () => {
    const { server, documents, clock } = stage();
    const photo = file(600_000);
    server.cut = true;
    await documents.send([photo]);
    await quiet();
    await vi.waitFor(() => expect(documents.snapshot.sending[0]?.state).toBe('stuck'));
    await clock.pass(20_000);
    await quiet();
    await vi.waitFor(() => expect(documents.snapshot.sending[0]?.state).toBe('stuck'));
    server.cut = false;
    await clock.pass(20_000);
    await quiet();
    await arrives(server, photo);
  });

  test('when the browser says that it is back, nothing is waited for', async () => {
    const { server, documents, back } = stage();
    server.cut = true;
    await documents.send([file(1000)]);
    await quiet();
    server.cut = false;
    back();
    await quiet();
    await vi.waitFor(() => expect(server.only.length).toBe(1000));
    await quiet();
  });

  test('answers that are lost cost nothing: no byte comes twice', async () => {
    const { server, documents, clock } = stage();
    const photo = file(700_000);
    server.deaf = 3;
    await documents.send([photo]);
    for (let i = 0; i < 6; i++) {
      await quiet();
      await clock.pass(20_000);
    }
    await quiet();
    expect(server.uploads.size).toBe(1);
    await arrives(server, photo);
  });

  test('a refusal is final, says why, and lets the next file pass', async () => {
    const { server, documents } = stage();
    server.refuse = { status: 415, code: 'bad-type' };
    await documents.send([file(1000)]);
    await quiet();
    await vi.waitFor(() =>
      expect(documents.snapshot.sending[0]).toMatchObject({ state: 'failed', problem: 'bad-type' }),
    );
    server.refuse = null;
    await documents.send([file(2000)]);
    await quiet();
    await vi.waitFor(() => expect(server.only.length).toBe(2000));
    await quiet();
    documents.retry(documents.snapshot.sending[0]?.key ?? '');
    await quiet();
    await vi.waitFor(() => expect(documents.snapshot.sending).toEqual([]));
    expect(server.uploads.size).toBe(2);
  });

  test('after a reload it goes on; what has arrived is not kept', async () => {
    const shelf = new Shelf();
    const { server, documents, deps } = stage(shelf);
    server.cut = true;
    const photo = file(300_000);
    await documents.send([photo]);
    await quiet();
    documents.close();
    await quiet();
    expect(shelf.kept.size).toBe(1);
    server.cut = false;
    const again = new Documents(deps, 'c_1', 'Ck4');
    await again.start();
    await quiet();
    await arrives(server, photo);
    expect(shelf.kept.size).toBe(0);
    const other = new Documents(deps, 'c_2', 'Ck4');
    await other.start();
    expect(other.snapshot.sending).toEqual([]);
  });

  test('what is not to be sent after all stops, and is kept nowhere', async () => {
    const shelf = new Shelf();
    const { server, documents } = stage(shelf);
    server.cut = true;
    await documents.send([file(1000)]);
    await quiet();
    await documents.cancel(documents.snapshot.sending[0]?.key ?? '');
    server.cut = false;
    await quiet();
    expect(server.uploads.size).toBe(0);
    expect(shelf.kept.size).toBe(0);
    expect(documents.snapshot.sending).toEqual([]);
  });
});

test('what the websocket says while the list is on its way is not undone by it', async () => {
  const { deps, server } = stage();
  let arrive: () => void = () => undefined;
  const slow = new Promise<void>(resolve => {
    arrive = resolve;
  });
  const fetch: FetchBytes = async (path, init) => {
    const answer = await server.fetch(path, init);
    await slow;
    return answer;
  };
  const documents = new Documents({ ...deps, fetch }, 'c_1', 'Ck4');
  const asked = documents.refresh();
  const said = { documents: [], days: 12, max_bytes: 1e6 };
  documents.take(said);
  arrive();
  await asked;
  expect(documents.snapshot.list).toBe(said);
});
