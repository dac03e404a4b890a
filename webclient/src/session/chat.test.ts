import { expect, test } from 'vitest';
import { CallScene, joined, resumed } from '../testing/call';
import { settle } from '../testing/clock';

const message = (id: string, from: string, text: string) => ({
  id,
  from,
  name: from,
  text,
  at: '2026-11-22T09:15:00Z',
});

test('a line shows at once, is confirmed, and becomes the server’s', async () => {
  const scene = new CallScene();
  await scene.talk();
  scene.call.sendChat('  Bonjour  ');
  expect(scene.snapshot.chat).toMatchObject([{ text: 'Bonjour', mine: true, pending: true, failed: false }]);
  await settle();
  expect(scene.snapshot.chat).toMatchObject([{ text: 'Bonjour', pending: false }]);
  await scene.say({ type: 'chat', messages: [message('m_1', 'p_me', 'Bonjour')] });
  expect(scene.snapshot.chat).toMatchObject([{ id: 'm_1', text: 'Bonjour', mine: true, pending: false }]);
  expect(scene.snapshot.unread).toBe(0);
});

test('spaces are no message', async () => {
  const scene = new CallScene();
  await scene.talk();
  scene.call.sendChat(' \n ');
  expect(scene.snapshot.chat).toEqual([]);
});

test('the others’ messages count until they are read; twice is once', async () => {
  const scene = new CallScene();
  await scene.talk();
  await scene.say({ type: 'chat', messages: [message('m_1', 'p_dr', 'a'), message('m_2', 'p_dr', 'b')] });
  await scene.say({ type: 'chat', messages: [message('m_2', 'p_dr', 'b')] });
  expect(scene.snapshot).toMatchObject({ unread: 2, chat: [{ id: 'm_1' }, { id: 'm_2' }] });
  scene.call.readChat();
  expect(scene.snapshot.unread).toBe(0);
  await scene.say({ type: 'chat', messages: [message('m_3', 'p_dr', 'c')] });
  expect(scene.snapshot.unread).toBe(1);
});

test('a refused line stays, and can be sent again', async () => {
  const scene = new CallScene();
  await scene.talk();
  scene.server.answers.chat = () => ({ type: 'error', code: 'too-fast', message: 'Wait.' });
  scene.call.sendChat('Bonjour');
  await settle();
  const [line] = scene.snapshot.chat;
  expect(line).toMatchObject({ pending: false, failed: true });
  delete scene.server.answers.chat;
  scene.call.retryChat(line?.id ?? '');
  expect(scene.snapshot.chat).toMatchObject([{ pending: true, failed: false }]);
  await settle();
  expect(scene.snapshot.chat).toMatchObject([{ pending: false, failed: false }]);
  expect(scene.server.requests('chat')).toHaveLength(2);
});

test('an unanswered line fails in time', async () => {
  const scene = new CallScene();
  await scene.talk();
  scene.server.answers.chat = () => null;
  scene.call.sendChat('Bonjour');
  for (let tick = 0; tick < 4; tick += 1) {
    await scene.clock.pass(4000);
    await scene.say({ type: 'tick' });
  }
  expect(scene.snapshot.chat).toMatchObject([{ failed: true }]);
});

test('written while the websocket is away: sent when it is back', async () => {
  const scene = new CallScene();
  await scene.talk();
  scene.server.reachable = false;
  await scene.server.socket.drop();
  scene.call.sendChat('Vous m’entendez ?');
  expect(scene.snapshot.chat).toMatchObject([{ pending: true }]);
  scene.server.reachable = true;
  await scene.clock.pass(5000);
  expect(scene.server.requests('chat')).toMatchObject([{ text: 'Vous m’entendez ?' }]);
  expect(scene.snapshot.chat).toMatchObject([{ pending: false }]);
});

test('lost in flight but on disk: resume brings it, and it is not sent twice', async () => {
  const scene = new CallScene();
  await scene.talk();
  await scene.say({ type: 'chat', messages: [message('m_1', 'p_me', 'oui')] });
  scene.server.answers.chat = () => null;
  scene.call.sendChat('oui');
  scene.server.answers.resume = () => resumed({ chat: [message('m_2', 'p_me', 'oui')] });
  await scene.server.socket.drop();
  await scene.clock.pass(100);
  expect(scene.server.requests('resume')).toMatchObject([{ chat_after: 'm_1' }]);
  expect(scene.server.requests('chat')).toHaveLength(1);
  expect(scene.snapshot.chat.map(({ id }) => id)).toEqual(['m_1', 'm_2']);
});

test('a message that is known already confirms nothing', async () => {
  const scene = new CallScene();
  await scene.talk();
  await scene.say({ type: 'chat', messages: [message('m_1', 'p_me', 'oui')] });
  scene.server.answers.chat = () => null;
  scene.call.sendChat('oui');
  await scene.say({ type: 'chat', messages: [message('m_1', 'p_me', 'oui')] });
  expect(scene.snapshot.chat).toMatchObject([{ id: 'm_1' }, { text: 'oui', pending: true }]);
});

test('lost in flight and not on disk: sent again, once', async () => {
  const scene = new CallScene();
  await scene.talk();
  await scene.say({ type: 'chat', messages: [message('m_1', 'p_me', 'oui')] });
  scene.server.answers.chat = () => null;
  scene.call.sendChat('oui');
  delete scene.server.answers.chat;
  await scene.server.socket.drop();
  await scene.clock.pass(100);
  expect(scene.server.requests('chat')).toHaveLength(2);
  expect(scene.snapshot.chat).toMatchObject([{ id: 'm_1' }, { text: 'oui', pending: false }]);
});

test('a new session brings the whole chat', async () => {
  const scene = new CallScene();
  await scene.talk();
  await scene.say({ type: 'chat', messages: [message('m_1', 'p_dr', 'a')] });
  scene.server.answers.resume = () => ({ type: 'error', code: 'bad-ticket', message: 'Too late.' });
  scene.server.answers.join = () => joined({ chat: [message('m_1', 'p_dr', 'a'), message('m_2', 'p_dr', 'b')] });
  await scene.server.socket.drop();
  await scene.clock.pass(100);
  expect(scene.snapshot.chat.map(({ id }) => id)).toEqual(['m_1', 'm_2']);
});

test('nothing is sent from the waiting room', async () => {
  const scene = new CallScene();
  await scene.wait();
  scene.call.sendChat('Bonjour');
  await settle();
  expect(scene.server.requests('chat')).toEqual([]);
  await scene.say({
    type: 'admitted',
    consultation: { id: 'c_77', state: 'called', practitioner: 'Dr', created_at: '2026-11-22T09:00:00Z' },
  });
  expect(scene.server.requests('chat')).toHaveLength(1);
});
