import { describe, expect, test } from 'vitest';
import { CallScene, checked, consultation, joined, resumed, waiting } from '../testing/call';
import { settle } from '../testing/clock';
import { mediaError } from '../testing/media';
import type { CallPhase } from './call';

/** The phases that a call goes through while something happens. */
function phases(scene: CallScene): CallPhase[] {
  const seen: CallPhase[] = [scene.snapshot.phase];
  scene.call.subscribe(() => {
    if (scene.snapshot.phase !== seen.at(-1)) {
      seen.push(scene.snapshot.phase);
    }
  });
  return seen;
}

describe('joining', () => {
  test('the first message holds the right, the offer and what will be published', async () => {
    const scene = new CallScene();
    const seen = phases(scene);
    scene.call.check();
    await scene.wait();
    expect(scene.server.received).toHaveLength(1);
    expect(scene.server.received[0]).toMatchObject({
      type: 'join',
      ticket: 'Ck4aZ2xTq8w0Pn1yR7uVtA',
      language: 'fr',
      devices: checked,
      publish: [{ source: 'microphone' }, { source: 'camera' }, { source: 'screen' }],
    });
    expect(scene.connection.log).toEqual(['local', 'remote']);
    expect(seen).toEqual(['idle', 'checking', 'connecting', 'waiting']);
    expect(scene.snapshot).toMatchObject({
      selfId: 'p_me',
      role: 'patient',
      practice: { phone: '+33123456789' },
      waiting: { since: waiting.since, practitioner: 'available', delay: null },
      network: 'good',
      problem: null,
    });
  });

  test('a practitioner joins by sign-in, straight into the call', async () => {
    const scene = new CallScene();
    scene.server.answers.join = () => joined({ role: 'practitioner' });
    await scene.local.openMicrophone();
    scene.call.join({ consultation: 'c_77', language: 'fr' }, checked);
    await scene.clock.pass(0);
    expect(scene.snapshot.phase).toBe('connecting');
    scene.connection.become('connected');
    expect(scene.snapshot.phase).toBe('live');
    expect(scene.server.requests('join')[0]).toHaveProperty('consultation', 'c_77');
    expect(scene.server.requests('publish').map(({ source }) => source)).toEqual(['microphone']);
  });

  test('a refused camera, or none at all, never blocks', async () => {
    const scene = new CallScene();
    scene.devices.refuse = { video: mediaError('NotAllowedError'), audio: mediaError('NotFoundError') };
    await scene.talk();
    expect(scene.snapshot.phase).toBe('live');
    expect(scene.server.requests('publish')).toEqual([]);
    expect(scene.snapshot.problem).toBeNull();
  });

  test.each(['bad-ticket', 'forbidden', 'not-found', 'conflict'] as const)('%s is the end', async code => {
    const scene = new CallScene();
    scene.server.answers.join = () => ({ type: 'error', code, message: 'No.' });
    await scene.join();
    expect(scene.snapshot).toMatchObject({ phase: 'ended', ended: { reason: code } });
    await scene.clock.pass(60_000);
    expect(scene.server.sockets).toHaveLength(1);
    expect(scene.connections.every(connection => connection.closed)).toBe(true);
  });

  test('a full server is asked again, with the same offer', async () => {
    const scene = new CallScene();
    let answers = 0;
    scene.server.answers.join = () => {
      answers += 1;
      return answers < 3 ? { type: 'error', code: 'unavailable', message: 'Full.' } : joined({ waiting });
    };
    await scene.join();
    expect(scene.snapshot.problem).toBe('unavailable');
    scene.connection.become('connected');
    await scene.clock.pass(5000);
    expect(scene.snapshot).toMatchObject({ phase: 'waiting', problem: null });
    expect(scene.offers).toBe(1);
  });

  test('a server that cannot be reached is tried for as long as it takes', async () => {
    const scene = new CallScene();
    scene.server.reachable = false;
    await scene.join();
    await scene.clock.pass(120_000);
    expect(scene.snapshot).toMatchObject({ phase: 'connecting', network: 'lost' });
    expect(scene.server.sockets.length).toBeGreaterThan(15);
    scene.server.back();
    await scene.clock.pass(0);
    expect(scene.snapshot).toMatchObject({ phase: 'waiting', network: 'good' });
    expect(scene.offers).toBe(1);
  });

  test('an answer that the browser refuses is tried with new connections, then given up', async () => {
    const scene = new CallScene();
    scene.server.answers.join = () => {
      scene.connection.refuseAnswer = true;
      return joined({ waiting });
    };
    await scene.join();
    await scene.clock.pass(30_000);
    expect(scene.snapshot).toMatchObject({ phase: 'ended', ended: { reason: 'media' } });
    expect(scene.connections).toHaveLength(3);
  });
});

describe('admission', () => {
  test('nothing leaves the device before it, everything right after it, without an offer', async () => {
    const scene = new CallScene();
    await scene.wait();
    expect(scene.connection.sending).toEqual({ microphone: null, camera: null, screen: null });
    expect(scene.server.requests('publish')).toEqual([]);
    await scene.say({ type: 'admitted', consultation });
    expect(scene.connection.sending).toMatchObject({
      microphone: scene.local.track('microphone'),
      camera: scene.local.track('camera'),
      screen: null,
    });
    expect(scene.server.requests('publish').map(({ source }) => source)).toEqual(['microphone', 'camera']);
    expect(scene.snapshot).toMatchObject({ phase: 'live', waiting: null });
    expect(scene.offers).toBe(1);
  });

  test('sent back: the tracks are taken off, and put on again at the next admission', async () => {
    const scene = new CallScene();
    await scene.talk();
    await scene.meet();
    await scene.local.shareScreen();
    await scene.say({ type: 'waiting', ...waiting, delay: { minutes: 10, said_at: '2026-11-22T09:04:00Z' } });
    expect(scene.snapshot).toMatchObject({
      phase: 'waiting',
      waiting: { delay: { minutes: 10, saidAt: '2026-11-22T09:04:00Z' } },
      tiles: [],
      audio: [],
      participants: [],
    });
    expect(scene.connection.sending).toEqual({ microphone: null, camera: null, screen: null });
    expect(scene.local.snapshot.screen).toBe('off');
    await scene.say({ type: 'admitted', consultation });
    expect(scene.connection.sending.microphone).not.toBeNull();
    expect(scene.server.requests('publish').map(({ source }) => source)).toEqual([
      'microphone',
      'camera',
      'screen',
      'microphone',
      'camera',
    ]);
    expect(scene.offers).toBe(1);
  });

  test('a microphone that was off in the waiting room is published muted', async () => {
    const scene = new CallScene();
    await scene.wait();
    scene.local.setMicrophone(false);
    await scene.say({ type: 'admitted', consultation });
    expect(scene.server.requests('mute')).toMatchObject([{ source: 'microphone', muted: true }]);
  });
});

describe('people and lanes', () => {
  test('who is there, and what they send', async () => {
    const scene = new CallScene();
    await scene.talk();
    await scene.meet();
    await scene.say({ type: 'speaking', participants: ['p_dr'] });
    expect(scene.snapshot.participants).toMatchObject([
      { id: 'p_dr', self: false, microphone: 'on', camera: 'muted', screen: false, speaking: true, quality: 'good' },
      { id: 'p_me', self: true, microphone: 'on', camera: 'on', speaking: false },
    ]);
    expect(scene.snapshot.consultation).toMatchObject({ state: 'live', liveAt: '2026-11-22T09:14:00Z' });
  });

  test('tiles follow the lanes, keep their key when they move, and never wait for a mute event', async () => {
    const scene = new CallScene();
    await scene.talk();
    await scene.meet();
    const [tile] = scene.snapshot.tiles;
    expect(tile).toMatchObject({ participant: 'p_dr', source: 'camera' });
    expect(scene.snapshot.audio).toMatchObject([{ participant: 'p_dr' }]);
    await scene.say({
      type: 'lanes',
      lanes: [{ mid: '9', participant: 'p_dr', source: 'camera' }],
      missing: 0,
    });
    expect(scene.snapshot.tiles[0]?.key).toBe(tile?.key);
    expect(scene.snapshot.tiles[0]?.stream).not.toBe(tile?.stream);
    expect(scene.snapshot.audio).toEqual([]);
    await scene.say({ type: 'lanes', lanes: [], missing: 0 });
    expect(scene.snapshot.tiles).toEqual([]);
  });

  test('people join, leave and share: one offer in all', async () => {
    const scene = new CallScene();
    await scene.talk();
    await scene.meet();
    await scene.local.shareScreen();
    await settle();
    for (const participant of ['p_a', 'p_b']) {
      const lanes = [
        { mid: '4', participant, source: 'microphone' as const },
        { mid: '8', participant, source: 'camera' as const },
        { mid: '10', participant, source: 'screen' as const },
      ];
      await scene.say({ type: 'lanes', lanes, missing: 0 });
      expect(scene.snapshot.tiles.map(tile => tile.source)).toEqual(['camera', 'screen']);
      await scene.say({ type: 'lanes', lanes: [], missing: 0 });
    }
    scene.local.stopScreen();
    await settle();
    expect(scene.offers).toBe(1);
    expect(scene.server.requests('offer')).toEqual([]);
  });

  test('missing lanes are offered once, however often they are said to be missing', async () => {
    const scene = new CallScene();
    await scene.talk();
    let answer = (): void => undefined;
    scene.server.answers.offer = request => {
      const socket = scene.server.socket;
      answer = () => void socket.say({ type: 'answer', reply: request.id, answer: 'v=0\r\n' });
      return null;
    };
    const lanes = [{ mid: '12', participant: 'p_5', source: 'camera' as const }];
    await scene.say({ type: 'lanes', lanes, missing: 1 });
    await scene.say({ type: 'lanes', lanes, missing: 1 });
    expect(scene.server.requests('offer')).toMatchObject([{ reason: 'lanes' }]);
    expect(scene.connection.transceivers).toHaveLength(13);
    expect(scene.snapshot.tiles).toEqual([]); // not negotiated yet
    answer();
    await settle();
    expect(scene.snapshot.tiles).toMatchObject([{ participant: 'p_5' }]);
    await scene.say({ type: 'lanes', lanes, missing: 1 });
    expect(scene.server.requests('offer')).toHaveLength(2);
  });
});

describe('the end', () => {
  test.each(['ended', 'declined', 'replaced', 'left'] as const)(
    '%s: devices, media and websocket are let go of',
    async reason => {
      const scene = new CallScene();
      await scene.talk();
      await scene.say({ type: 'ended', reason });
      expect(scene.snapshot).toMatchObject({ phase: 'ended', ended: { reason }, tiles: [], participants: [] });
      expect(scene.connection.closed).toBe(true);
      expect(scene.server.socket.closed).toBe(true);
      expect(scene.devices.given.every(track => track.readyState === 'ended')).toBe(true);
      await scene.clock.pass(120_000);
      expect(scene.server.sockets).toHaveLength(1);
      expect(scene.clock.timers).toBe(0);
    },
  );

  test('a server that stops is waited for, and joined again', async () => {
    const scene = new CallScene();
    await scene.talk();
    await scene.say({ type: 'ended', reason: 'stopped' });
    expect(scene.snapshot.phase).toBe('live');
    await scene.server.socket.drop();
    await scene.clock.pass(100);
    expect(scene.server.requests('join')).toHaveLength(2);
    expect(scene.connections).toHaveLength(2);
    scene.connection.become('connected');
    expect(scene.snapshot.phase).toBe('live');
  });

  test('close says nothing and leaves nothing running', async () => {
    const scene = new CallScene();
    await scene.talk();
    const before = scene.server.received.length;
    scene.call.close();
    await scene.clock.pass(60_000);
    expect(scene.server.received).toHaveLength(before);
    expect(scene.clock.timers).toBe(0);
    expect(scene.server.listeners).toBe(0);
    expect(scene.connection.closed).toBe(true);
  });
});

test('phase, waiting and end change together', async () => {
  const scene = new CallScene();
  scene.call.subscribe(() => {
    const { phase, waiting: place, ended } = scene.snapshot;
    expect(place !== null).toBe(phase === 'waiting');
    expect(ended !== null).toBe(phase === 'ended');
  });
  await scene.talk();
  await scene.say({ type: 'waiting', ...waiting });
  await scene.say({ type: 'admitted', consultation });
  await scene.say({ type: 'ended', reason: 'ended' });
  expect(scene.snapshot.phase).toBe('ended');
});

test('an unreadable message is dropped and logged without its content', async () => {
  const scene = new CallScene();
  await scene.talk();
  scene.server.socket.onmessage?.({ data: '{"type":"chat","messages":[{"text":"secret"}]}' });
  expect(scene.log.join()).toContain('not in the protocol: chat.messages[0].id');
  expect(scene.log.join()).not.toContain('secret');
  expect(scene.snapshot.phase).toBe('live');
});

test('resumed in the waiting room keeps what was said of the delay', async () => {
  const scene = new CallScene();
  await scene.wait();
  scene.server.answers.resume = () =>
    resumed({ waiting: { ...waiting, delay: { minutes: 5, said_at: '2026-11-22T09:05:00Z' } } });
  await scene.server.socket.drop();
  await scene.clock.pass(100);
  expect(scene.snapshot.waiting?.delay?.minutes).toBe(5);
});
