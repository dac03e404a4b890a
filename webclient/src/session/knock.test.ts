import { describe, expect, test } from 'vitest';
import { CallScene, joined, waiting } from '../testing/call';

describe('a seat that is taken', () => {
  test('the second device knocks, and joins by itself when the seat is free', async () => {
    const scene = new CallScene();
    scene.server.answers.join = () => ({ type: 'knocking' });
    await scene.join();
    expect(scene.snapshot).toMatchObject({ elsewhere: true, waiting: null, ended: null });
    scene.server.answers.join = () => joined({ waiting });
    await scene.server.socket.drop(); // closed with 1012
    await scene.clock.pass(1000);
    expect(scene.server.requests('join')).toHaveLength(2);
    expect(scene.snapshot).toMatchObject({ phase: 'waiting', elsewhere: false });
  });

  test('the second device is told when the first one stays', async () => {
    const scene = new CallScene();
    scene.server.answers.join = () => ({ type: 'knocking' });
    await scene.join();
    await scene.server.socket.say({ type: 'ended', reason: 'elsewhere' });
    expect(scene.snapshot).toMatchObject({ phase: 'ended', ended: { reason: 'elsewhere' }, elsewhere: false });
    await scene.clock.pass(60_000);
    expect(scene.server.sockets).toHaveLength(1);
  });

  test('the first device is asked, and answers', async () => {
    const scene = new CallScene();
    await scene.wait();
    await scene.server.socket.say({ type: 'knock', open: true });
    expect(scene.snapshot.knock).toBe(true);
    await scene.call.answerKnock(false);
    expect(scene.server.requests('answer-knock')).toMatchObject([{ continue: false }]);
    await scene.server.socket.say({ type: 'knock', open: false });
    expect(scene.snapshot.knock).toBe(false);
  });

  test('too early is the end, until somebody tries again', async () => {
    const scene = new CallScene();
    scene.server.answers.join = () => ({ type: 'error', code: 'too-early', message: 'Not yet.' });
    await scene.join();
    expect(scene.snapshot).toMatchObject({ phase: 'ended', ended: { reason: 'too-early' } });
  });
});
