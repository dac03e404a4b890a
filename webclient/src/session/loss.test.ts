// Websockets that go, paths that die, servers that forget: what stays and what begins again.

import { describe, expect, test } from 'vitest';
import { CallScene, joined, resumed, waiting } from '../testing/call';
import { settle } from '../testing/clock';
import { GRACE } from './call';
import { FIRST_WITHIN, PATIENCE, RESTART_WITHIN } from './pathguard';
import { SILENCE } from './socket';

describe('a lost websocket', () => {
  test('is resumed with the token; the media is not touched', async () => {
    const scene = new CallScene();
    await scene.talk();
    await scene.meet();
    const { tiles } = scene.snapshot;
    await scene.server.socket.drop();
    await scene.clock.pass(0);
    expect(scene.server.sockets).toHaveLength(2);
    expect(scene.server.requests('resume')).toMatchObject([{ session: 's_1', token: 't_1' }]);
    expect(scene.connections).toHaveLength(1);
    expect(scene.connection.closed).toBe(false);
    expect(scene.offers).toBe(1);
    expect(scene.snapshot.phase).toBe('live');
    expect(scene.snapshot.tiles).toBe(tiles);
    expect(scene.server.requests('publish')).toHaveLength(2);
  });

  test('shows only when it is gone for a while', async () => {
    const scene = new CallScene();
    await scene.talk();
    scene.server.reachable = false;
    await scene.server.socket.drop();
    await scene.clock.pass(GRACE - 1);
    expect(scene.snapshot).toMatchObject({ phase: 'live', network: 'good' });
    await scene.clock.pass(1);
    expect(scene.snapshot).toMatchObject({ phase: 'reconnecting', network: 'lost', networkOf: 'self' });
    scene.server.reachable = true;
    await scene.clock.pass(10_000);
    expect(scene.snapshot).toMatchObject({ phase: 'live', network: 'good', networkOf: null });
  });

  test('in the waiting room keeps the place on the screen', async () => {
    const scene = new CallScene();
    await scene.wait();
    scene.server.reachable = false;
    await scene.server.socket.drop();
    await scene.clock.pass(5000);
    expect(scene.snapshot).toMatchObject({ phase: 'waiting', network: 'lost', waiting: { since: waiting.since } });
  });

  test('is tried after 0, 0.3, 1, 2, 4, 8, 8 … seconds', async () => {
    const scene = new CallScene();
    await scene.talk();
    scene.server.reachable = false;
    await scene.server.socket.drop();
    const at: number[] = [];
    const begin = scene.clock.now();
    for (let last = 1; scene.clock.now() - begin < 24_000; await scene.clock.pass(100)) {
      for (; last < scene.server.sockets.length; last += 1) {
        at.push(Math.round((scene.clock.now() - begin) / 100) / 10);
      }
    }
    expect(at).toEqual([0.1, 0.3, 1.3, 3.3, 7.3, 15.3, 23.3].map(seconds => expect.closeTo(seconds, 0)));
  });

  test('that goes silent is noticed after 12 s, and ticks keep it alive', async () => {
    const scene = new CallScene();
    await scene.talk();
    for (let tick = 0; tick < 10; tick += 1) {
      await scene.clock.pass(4000);
      await scene.say({ type: 'tick' });
    }
    expect(scene.server.sockets).toHaveLength(1);
    await scene.clock.pass(SILENCE - 1);
    expect(scene.server.sockets).toHaveLength(1);
    await scene.clock.pass(1);
    expect(scene.server.sockets).toHaveLength(2);
    expect(scene.server.requests('resume')).toHaveLength(1);
  });

  test('whose resume is refused is joined again, with a new connection and the same right', async () => {
    const scene = new CallScene();
    await scene.talk();
    scene.server.answers.resume = () => ({ type: 'error', code: 'bad-ticket', message: 'Too late.' });
    await scene.server.socket.drop();
    await scene.clock.pass(0);
    await scene.clock.pass(0);
    expect(scene.server.requests('join')).toHaveLength(2);
    expect(scene.connections).toHaveLength(2);
    expect(scene.connections[0]?.closed).toBe(true);
    expect(scene.snapshot).toMatchObject({ phase: 'reconnecting', network: 'lost' });
    scene.connection.become('connected');
    expect(scene.snapshot.phase).toBe('live');
    // The new session knows nothing: all is published again.
    expect(scene.connection.sending.camera).toBe(scene.local.track('camera'));
    expect(scene.server.requests('publish')).toHaveLength(4);
    // And the next loss resumes the new session.
    scene.server.answers.resume = () => resumed();
    await scene.server.socket.drop();
    await scene.clock.pass(0);
    expect(scene.server.requests('resume').at(-1)).toMatchObject({ session: 's_2', token: 't_2' });
  });

  test('whose join is refused after that is the end', async () => {
    const scene = new CallScene();
    await scene.talk();
    scene.server.answers.resume = () => ({ type: 'error', code: 'bad-ticket', message: 'Too late.' });
    scene.server.answers.join = () => ({ type: 'error', code: 'bad-ticket', message: 'Gone.' });
    await scene.server.socket.drop();
    await scene.clock.pass(1000);
    expect(scene.snapshot).toMatchObject({ phase: 'ended', ended: { reason: 'bad-ticket' } });
  });

  test('in the middle of a publish: it is said again', async () => {
    const scene = new CallScene();
    await scene.talk();
    scene.server.answers.publish = () => null;
    await scene.local.shareScreen();
    await settle();
    delete scene.server.answers.publish;
    await scene.server.socket.drop();
    await scene.clock.pass(0);
    expect(scene.server.socket.received).toMatchObject([{ type: 'resume' }, { type: 'publish', source: 'screen' }]);
  });

  test('in the middle of joining: the offer is used again', async () => {
    const scene = new CallScene();
    scene.server.answers.join = () => null;
    await scene.join();
    scene.server.answers.join = () => joined({ waiting });
    await scene.server.socket.drop();
    await scene.clock.pass(1000);
    expect(scene.snapshot.phase).toBe('waiting');
    expect(scene.offers).toBe(1);
    const [first, second] = scene.server.requests('join');
    expect(second?.offer).toBe(first?.offer);
  });
});

describe('a broken path', () => {
  test('comes back by itself: no offer', async () => {
    const scene = new CallScene();
    await scene.talk();
    scene.connection.become('disconnected');
    expect(scene.snapshot).toMatchObject({ phase: 'reconnecting', network: 'lost' });
    await scene.clock.pass(PATIENCE - 1);
    scene.connection.become('connected');
    await scene.clock.pass(1000);
    expect(scene.snapshot).toMatchObject({ phase: 'live', network: 'good' });
    expect(scene.offers).toBe(1);
  });

  test('disconnected for 4 s: ICE is restarted, the connection stays', async () => {
    const scene = new CallScene();
    await scene.talk();
    scene.connection.become('disconnected');
    await scene.clock.pass(PATIENCE);
    expect(scene.server.requests('offer')).toMatchObject([{ reason: 'ice' }]);
    expect(scene.connection.iceRestarts).toBe(1);
    scene.connection.become('connected');
    await scene.clock.pass(0);
    expect(scene.snapshot.phase).toBe('live');
    expect(scene.connections).toHaveLength(1);
  });

  test('failed: at once', async () => {
    const scene = new CallScene();
    await scene.talk();
    scene.connection.become('failed');
    await scene.clock.pass(0);
    expect(scene.server.requests('offer')).toMatchObject([{ reason: 'ice' }]);
  });

  test('also while waiting, so that admission finds it whole', async () => {
    const scene = new CallScene();
    await scene.wait();
    scene.connection.become('failed');
    await scene.clock.pass(0);
    expect(scene.server.requests('offer')).toHaveLength(1);
    expect(scene.snapshot.phase).toBe('waiting');
  });

  test('waits for the websocket, and is then restarted with the fresh relays', async () => {
    const scene = new CallScene();
    await scene.talk();
    scene.server.reachable = false;
    await scene.server.socket.drop();
    scene.connection.become('disconnected');
    await scene.clock.pass(60_000);
    expect(scene.server.requests('offer')).toEqual([]);
    expect(scene.connection.iceRestarts).toBe(0);
    expect(scene.connections).toHaveLength(1);
    scene.server.answers.resume = () => resumed({ ice_servers: [{ urls: ['turn:new'], username: 'later' }] });
    scene.server.reachable = true;
    scene.call.retryNow();
    await scene.clock.pass(0);
    expect(scene.server.requests('offer')).toEqual([]); // it gets a moment to recover by itself
    await scene.clock.pass(1500);
    expect(scene.server.requests('offer')).toHaveLength(1);
    expect(scene.connection.configuration.iceServers).toMatchObject([{ username: 'later' }]);
  });

  test('two restarts in vain: a new connection', async () => {
    const scene = new CallScene();
    await scene.talk();
    scene.connection.become('disconnected');
    await scene.clock.pass(PATIENCE + 2 * RESTART_WITHIN - 1);
    expect(scene.server.requests('offer')).toHaveLength(2);
    expect(scene.connections).toHaveLength(1);
    await scene.clock.pass(1);
    await scene.clock.pass(0);
    expect(scene.connections).toHaveLength(2);
    expect(scene.server.requests('join')).toHaveLength(2);
    expect(scene.snapshot).toMatchObject({ phase: 'reconnecting', problem: 'media' });
    scene.connection.become('connected');
    expect(scene.snapshot).toMatchObject({ phase: 'live', problem: null });
  });

  test('a restart that the server refuses: a new connection', async () => {
    const scene = new CallScene();
    await scene.talk();
    scene.server.answers.offer = () => ({ type: 'error', code: 'media', message: 'No.' });
    scene.connection.become('failed');
    await scene.clock.pass(0);
    await scene.clock.pass(0);
    expect(scene.connections).toHaveLength(2);
    expect(scene.snapshot.phase).toBe('reconnecting');
  });

  test('relays are kept from the browser until the way without them is blocked; then it gets the freshest', async () => {
    const scene = new CallScene();
    await scene.talk();
    await scene.say({ type: 'ice-servers', ice_servers: [{ urls: ['turn:fresh'], username: 'fresh' }] });
    expect(scene.connection.configuration.iceServers).toBeUndefined();
    expect(scene.offers).toBe(1);
    scene.connection.become('failed');
    await scene.clock.pass(0);
    expect(scene.connection.configuration.iceServers).toMatchObject([{ username: 'fresh' }]);
    expect(scene.offers).toBe(2);
    await scene.say({ type: 'ice-servers', ice_servers: [{ urls: ['turn:fresh'], username: 'fresher' }] });
    expect(scene.connection.configuration.iceServers).toMatchObject([{ username: 'fresher' }]);
  });

  test('that never came in the first place is tried with the relays', async () => {
    const scene = new CallScene();
    await scene.join();
    scene.connection.become('connecting');
    await scene.clock.pass(FIRST_WITHIN - 1);
    expect(scene.offers).toBe(1);
    await scene.clock.pass(1);
    await scene.clock.pass(0);
    expect(scene.connections).toHaveLength(2);
    expect(scene.server.requests('join')).toHaveLength(2);
    expect(scene.connection.configuration.iceServers).toMatchObject([{ username: 'u' }]);
    expect(scene.connection.log).toEqual(['configuration', 'local', 'remote']);
    expect(scene.snapshot.problem).toBeNull();
  });

  test('a restart lost with the websocket is offered again', async () => {
    const scene = new CallScene();
    await scene.talk();
    scene.server.answers.offer = () => null;
    scene.connection.become('failed');
    await scene.clock.pass(0);
    scene.server.answers.offer = () => ({ type: 'answer', answer: 'v=0\r\n' });
    await scene.server.socket.drop();
    await scene.clock.pass(0);
    expect(scene.server.socket.received.map(({ type }) => type)).toEqual(['resume', 'offer']);
    expect(scene.connection.log.filter(step => step === 'remote')).toHaveLength(2);
  });
});

describe('the network in words', () => {
  test('of this tab, by its counters', async () => {
    const scene = new CallScene();
    await scene.talk();
    await scene.meet();
    scene.connection.stats = [{ type: 'remote-inbound-rtp', fractionLost: 0.3 }];
    await scene.clock.pass(5000);
    await scene.say({ type: 'tick' });
    await scene.clock.pass(5000);
    expect(scene.snapshot).toMatchObject({ network: 'bad', networkOf: 'self' });
    scene.connection.stats = [];
    await scene.say({ type: 'tick' });
    await scene.clock.pass(10_000);
    expect(scene.snapshot).toMatchObject({ network: 'good', networkOf: null });
  });

  test('of this tab, as its sound and picture reach the server', async () => {
    const scene = new CallScene();
    await scene.talk();
    await scene.meet();
    await scene.say({ type: 'quality', participants: [{ id: 'p_me', level: 'weak' }] });
    expect(scene.snapshot).toMatchObject({ network: 'weak', networkOf: 'self' });
  });

  test('of the other', async () => {
    const scene = new CallScene();
    await scene.talk();
    await scene.meet();
    await scene.say({ type: 'quality', participants: [{ id: 'p_dr', level: 'bad' }] });
    expect(scene.snapshot).toMatchObject({ network: 'bad', networkOf: 'other' });
  });
});
