import { describe, expect, test } from 'vitest';
import type { DeskParticipant, DeskState } from '../protocol/messages';
import { FakeClock } from '../testing/clock';
import { FakeServer } from '../testing/server';
import { Desk, DeskError } from './desk';
import type { Fetch } from './http';

const jeanne: DeskParticipant = {
  id: 'p_1',
  role: 'patient',
  name: 'Jeanne Martin',
  place: 'waiting',
  since: '2026-11-22T09:01:10Z',
  presence: 'here',
  devices: { camera: 'ok', microphone: 'ok', sound: 'heard' },
};
const paul: DeskParticipant = {
  id: 'p_2',
  role: 'patient',
  name: 'Paul Durand',
  place: 'waiting',
  since: '2026-11-22T08:59:00Z',
  presence: 'here',
  devices: {},
};

function room(...participants: DeskParticipant[]): DeskState {
  return {
    consultations: participants.map((participant, index) => ({
      id: `c_${index}`,
      state: 'waiting',
      created_at: '2026-11-22T08:00:00Z',
      participants: [participant],
    })),
  };
}

class DeskScene {
  readonly clock = new FakeClock();
  readonly server = new FakeServer();
  readonly sent: { method: string; path: string; body: unknown; type: string | undefined }[] = [];
  answer: { status: number; body: unknown } | Error = { status: 200, body: {} };
  state: DeskState = room();
  readonly fetch: Fetch = async (path, { method, body, headers }) => {
    this.sent.push({
      method,
      path,
      body: typeof body === 'string' ? JSON.parse(body) : (body ?? null),
      type: headers['Content-Type'],
    });
    const { answer } = this;
    if (answer instanceof Error) {
      throw answer;
    }
    return { ok: answer.status < 400, status: answer.status, json: async () => answer.body };
  };
  readonly desk = new Desk({
    openSocket: this.server.open,
    whenBack: this.server.whenBack,
    clock: this.clock,
    random: () => 0.5,
    log: () => undefined,
    fetch: this.fetch,
  });

  constructor() {
    this.server.answers.watch = () => ({ type: 'desk', ...this.state });
  }

  async open(state: DeskState = room()): Promise<void> {
    this.state = state;
    this.desk.open();
    await this.clock.pass(0);
  }

  async say(state: DeskState): Promise<void> {
    this.state = state;
    await this.server.socket.say({ type: 'desk', ...state });
  }
}

describe('who waits', () => {
  test('in order of arrival, with what the device check found', async () => {
    const scene = new DeskScene();
    await scene.open({ ...room(jeanne, paul), delay: { minutes: 10, said_at: '2026-11-22T09:04:00Z' } });
    expect(scene.desk.snapshot).toMatchObject({
      connected: true,
      delay: { minutes: 10, saidAt: '2026-11-22T09:04:00Z' },
      waiting: [
        { participant: 'p_2', consultation: 'c_1', name: 'Paul Durand', devices: null },
        { participant: 'p_1', consultation: 'c_0', devices: { camera: 'ok', microphone: 'ok', sound: 'heard' } },
      ],
      arrivals: 0,
      lastArrival: null,
    });
  });

  test('only those who wait', async () => {
    const scene = new DeskScene();
    const { since: _, ...invited } = jeanne;
    await scene.open(room({ ...invited, place: 'invited', presence: 'away' }, { ...paul, place: 'call' }));
    expect(scene.desk.snapshot.waiting).toEqual([]);
    expect(scene.desk.snapshot.consultations).toHaveLength(2);
  });

  test('an arrival is counted once', async () => {
    const scene = new DeskScene();
    await scene.open(room({ ...jeanne, place: 'invited' }));
    await scene.say(room(jeanne));
    expect(scene.desk.snapshot).toMatchObject({ arrivals: 1, lastArrival: 'Jeanne Martin' });
    await scene.say(room({ ...jeanne, presence: 'lost' }));
    await scene.say(room(jeanne));
    expect(scene.desk.snapshot.arrivals).toBe(1);
    await scene.say(room(jeanne, paul));
    expect(scene.desk.snapshot).toMatchObject({ arrivals: 2, lastArrival: 'Paul Durand' });
  });

  test('who is sent back has not arrived; who left and comes again has', async () => {
    const scene = new DeskScene();
    await scene.open(room({ ...jeanne, place: 'call' }));
    await scene.say(room(jeanne));
    expect(scene.desk.snapshot.arrivals).toBe(0);
    await scene.say(room({ ...jeanne, place: 'left' }));
    await scene.say(room(jeanne));
    expect(scene.desk.snapshot.arrivals).toBe(1);
  });

  test('who came while the websocket was away has arrived too', async () => {
    const scene = new DeskScene();
    await scene.open(room());
    await scene.server.socket.drop();
    expect(scene.desk.snapshot.connected).toBe(false);
    scene.state = room(jeanne);
    await scene.clock.pass(1000);
    expect(scene.desk.snapshot).toMatchObject({ connected: true, arrivals: 1 });
  });
});

describe('intents', () => {
  test('are sent as the protocol names them', async () => {
    const scene = new DeskScene();
    await scene.open(room(jeanne));
    await scene.desk.admit('c_0', 'p_1');
    await scene.desk.sendBack('c_0', 'p_1');
    await scene.desk.decline('c_0', 'p_1');
    await scene.desk.delay(10);
    await scene.desk.end('c_0');
    expect(scene.server.received.map(({ type }) => type)).toEqual([
      'watch',
      'admit',
      'send-back',
      'decline',
      'delay',
      'end',
    ]);
    expect(scene.desk.snapshot.problem).toBeNull();
  });

  test('refused, they leave a problem until one works', async () => {
    const scene = new DeskScene();
    await scene.open(room(jeanne));
    scene.server.answers.admit = () => ({ type: 'error', code: 'conflict', message: 'Not waiting.' });
    await scene.desk.admit('c_0', 'p_1');
    expect(scene.desk.snapshot.problem).toBe('conflict');
    await scene.desk.delay(5);
    expect(scene.desk.snapshot.problem).toBeNull();
  });

  test('without a websocket they are lost, and say so', async () => {
    const scene = new DeskScene();
    await scene.desk.admit('c_0', 'p_1');
    expect(scene.desk.snapshot.problem).toBe('lost');
  });
});

test('a sign-in that is gone ends it', async () => {
  const scene = new DeskScene();
  scene.server.answers.watch = () => ({ type: 'error', code: 'forbidden', message: 'Sign in first.' });
  await scene.open();
  expect(scene.desk.snapshot).toMatchObject({ signedOut: true, connected: false });
  await scene.clock.pass(60_000);
  expect(scene.server.sockets).toHaveLength(1);
});

describe('over HTTP', () => {
  test('starting a consultation', async () => {
    const scene = new DeskScene();
    scene.answer = { status: 201, body: { id: 'c_1', participant: 'p_1', link: 'https://example.org/c/x' } };
    expect(await scene.desk.start({ name: ' Jeanne ', language: 'fr', contact: '' })).toEqual({
      id: 'c_1',
      participant: 'p_1',
      link: 'https://example.org/c/x',
    });
    await scene.desk.start({ name: '', language: 'en', contact: '06 39 98 00 10' });
    await scene.desk.start({ name: '', language: 'en', contact: 'j@example.org ' });
    expect(scene.sent).toEqual([
      {
        method: 'POST',
        path: '/api/v1/consultations',
        body: { patient_name: 'Jeanne', language: 'fr' },
        type: 'application/json',
      },
      ...[{ phone: '06 39 98 00 10' }, { mail: 'j@example.org' }].map(contact => ({
        method: 'POST',
        path: '/api/v1/consultations',
        body: { language: 'en', contact, tell: true },
        type: 'application/json',
      })),
    ]);
  });

  test('a fresh link, and inviting', async () => {
    const scene = new DeskScene();
    scene.answer = { status: 201, body: { participant: 'p_3', link: 'https://example.org/c/y' } };
    expect(await scene.desk.link('c_1', 'p_1')).toBe('https://example.org/c/y');
    expect(await scene.desk.invite('c_1', { role: 'interpreter', as: '', name: 'Ana', contact: '' })).toEqual({
      participant: 'p_3',
      link: 'https://example.org/c/y',
      sent: false,
    });
    expect(scene.sent.map(({ path }) => path)).toEqual([
      '/api/v1/consultations/c_1/participants/p_1/link',
      '/api/v1/consultations/c_1/participants',
    ]);
  });

  test('who is signed in, renaming, signing out', async () => {
    const scene = new DeskScene();
    await scene.open();
    scene.answer = {
      status: 200,
      body: {
        id: 'a_1',
        name: 'Dr Claire Moreau',
        roles: ['practitioner'],
        scopes: ['call'],
        delegates: ['a_2'],
        has_means: true,
        provider: 'psc',
        locked: false,
        lock_seconds: 900,
      },
    };
    await scene.desk.rename('Dr Claire Moreau');
    expect(scene.desk.snapshot.me).toEqual({
      id: 'a_1',
      name: 'Dr Claire Moreau',
      roles: ['practitioner'],
      scopes: ['call'],
      delegates: ['a_2'],
      actsFor: [],
      hasMeans: true,
      provider: 'psc',
      lockSeconds: 900,
    });
    scene.answer = { status: 204, body: null };
    await scene.desk.signOut();
    expect(scene.desk.snapshot).toMatchObject({ signedOut: true, connected: false });
    expect(scene.server.socket.closed).toBe(true);
  });

  test('a locked screen shows nothing, and comes back with who unlocks it', async () => {
    const scene = new DeskScene();
    await scene.open();
    scene.answer = { status: 423, body: { code: 'locked' } };
    await expect(scene.desk.request('GET', '/accounts')).rejects.toThrow();
    expect(scene.desk.snapshot).toMatchObject({ locked: true, signedOut: false, connected: false, consultations: [] });
    expect(scene.server.socket.closed).toBe(true);
    const me = { id: 'a_1', name: 'Dr Claire Moreau', has_means: true, lock_seconds: 900 };
    scene.answer = { status: 200, body: { ...me, locked: true } };
    await scene.desk.me();
    expect(scene.desk.snapshot.locked).toBe(true);
    const sockets = scene.server.sockets.length;
    scene.answer = { status: 200, body: { ...me, locked: false } };
    await scene.desk.me();
    await scene.open();
    expect(scene.desk.snapshot.locked).toBe(false);
    expect(scene.server.sockets.length).toBe(sockets + 1);
  });

  test.each([
    ['the server’s own code', { status: 409, body: { code: 'conflict', status: 409 } }, 'conflict', false],
    ['a proxy’s answer', { status: 503, body: '<html>' }, 'unavailable', false],
    ['signed out', { status: 401, body: { code: 'forbidden' } }, 'signed-out', true],
    ['nothing that is known', { status: 418, body: {} }, 'internal', false],
    ['an answer without a link', { status: 201, body: { id: 'c_1' } }, 'internal', false],
    ['no server', new TypeError('failed to fetch'), 'lost', false],
  ])('%s', async (_name, answer, code, signedOut) => {
    const scene = new DeskScene();
    scene.answer = answer;
    const failure: unknown = await scene.desk
      .start({ name: 'Jeanne', language: 'fr', contact: '' })
      .catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(DeskError);
    expect(failure).toHaveProperty('code', code);
    expect(String(failure)).not.toContain('Jeanne');
    expect(scene.desk.snapshot.signedOut).toBe(signedOut);
  });
});

describe('a secretary of several practitioners', () => {
  const secretary = (...actsFor: { id: string; name: string }[]) => ({
    status: 200,
    body: { id: 'a_9', name: 'Sonia', roles: ['secretary'], scopes: [], delegates: [], acts_for: actsFor },
  });
  const moreau = { id: 'a_1', name: 'Dr Moreau' };
  const vasseur = { id: 'a_2', name: 'Dr Vasseur' };

  /** A desk that watches the rooms of both, and what each of its websockets asked for. */
  async function both() {
    const scene = new DeskScene();
    const rooms: Record<string, DeskState> = { a_1: room(jeanne), a_2: room() };
    scene.server.answers.watch = request => {
      const { practitioner } = request as { practitioner?: string };
      return { type: 'desk', ...(rooms[practitioner ?? ''] ?? room()) };
    };
    scene.answer = secretary(vasseur, moreau);
    scene.desk.open();
    await scene.desk.me();
    await scene.clock.pass(0);
    return scene;
  }
  const watched = (scene: DeskScene) =>
    scene.server.sockets.flatMap((socket, index) =>
      socket.received.some(one => one.type === 'watch' && 'practitioner' in one)
        ? [
            {
              index,
              practitioner: socket.received.map(one => Reflect.get(one, 'practitioner')).find(Boolean) as string,
            },
          ]
        : [],
    );

  test('each has a websocket; the screens show one, the bell rings for all', async () => {
    const scene = await both();
    expect(watched(scene).map(({ practitioner }) => practitioner)).toEqual(['a_1', 'a_2']);
    expect(scene.desk.snapshot).toMatchObject({ connected: true, actingFor: 'a_1', arrivals: 0, undelivered: 0 });
    expect(scene.desk.snapshot.waiting.map(({ owner, name }) => [owner, name])).toEqual([['a_1', 'Jeanne Martin']]);

    const theirs = watched(scene).find(({ practitioner }) => practitioner === 'a_2')?.index ?? 0;
    await scene.server.sockets[theirs]?.say({ type: 'desk', ...room(paul), undelivered: 2 });
    expect(scene.desk.snapshot).toMatchObject({
      arrivals: 1,
      lastArrival: 'Paul Durand',
      lastArrivalFor: 'a_2',
      undelivered: 2,
    });
    expect(scene.desk.snapshot.waiting).toHaveLength(1);
    expect(scene.desk.snapshot.allWaiting.map(({ name }) => name)).toEqual(['Paul Durand', 'Jeanne Martin']);

    scene.desk.actFor('a_2');
    expect(scene.desk.snapshot.waiting.map(({ name }) => name)).toEqual(['Paul Durand']);
    scene.server.answers.delay = () => ({ type: 'done' });
    await scene.desk.delay(10);
    expect(scene.server.sockets[theirs]?.received.at(-1)).toMatchObject({ type: 'delay', minutes: 10 });
  });

  test('who lets them work for them no more is watched no more; signing out closes all', async () => {
    const scene = await both();
    scene.answer = secretary(vasseur);
    await scene.desk.me();
    expect(scene.desk.snapshot).toMatchObject({ actingFor: 'a_2', waiting: [], allWaiting: [] });
    scene.answer = { status: 200, body: {} };
    await scene.desk.signOut();
    await scene.clock.pass(20_000);
    expect(scene.server.sockets.filter(socket => !socket.closed)).toEqual([]);
  });
});
