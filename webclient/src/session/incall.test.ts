// In the call: what the person does, and what the tab shows.

import { describe, expect, test } from 'vitest';
import { CallScene, joined, waiting } from '../testing/call';
import { settle } from '../testing/clock';

describe('what the person does', () => {
  test('mute and unmute', async () => {
    const scene = new CallScene();
    await scene.talk();
    await scene.meet();
    scene.local.setMicrophone(false);
    expect(scene.snapshot.participants[1]?.microphone).toBe('muted');
    await settle();
    scene.local.setMicrophone(true);
    await settle();
    expect(scene.server.requests('mute')).toMatchObject([
      { source: 'microphone', muted: true },
      { source: 'microphone', muted: false },
    ]);
  });

  test('a quick double tap says the last word only', async () => {
    const scene = new CallScene();
    await scene.talk();
    scene.local.setMicrophone(false);
    scene.local.setMicrophone(true);
    scene.local.setMicrophone(false);
    await settle();
    expect(scene.server.requests('mute').at(-1)).toMatchObject({ muted: true });
    expect(scene.server.requests('mute').length).toBeLessThanOrEqual(3);
  });

  test('camera off takes the track away and is seen as a pause; on brings another track', async () => {
    const scene = new CallScene();
    await scene.talk();
    scene.local.setCamera(false);
    await settle();
    expect(scene.connection.sending.camera).toBeNull();
    expect(scene.server.requests('mute')).toMatchObject([{ source: 'camera', muted: true }]);
    scene.local.setCamera(true);
    await settle();
    expect(scene.connection.sending.camera).toBe(scene.local.track('camera'));
    expect(scene.server.requests('mute').at(-1)).toMatchObject({ source: 'camera', muted: false });
    expect(scene.server.requests('publish')).toHaveLength(2);
    expect(scene.offers).toBe(1);
  });

  test('another camera is put on without a word', async () => {
    const scene = new CallScene();
    await scene.talk();
    const before = scene.server.received.length;
    await scene.local.switchCamera();
    await settle();
    expect(scene.connection.sending.camera).toBe(scene.local.track('camera'));
    expect(scene.server.received).toHaveLength(before);
  });

  test('an unplugged camera without another is unpublished', async () => {
    const scene = new CallScene();
    await scene.talk();
    scene.devices.devices = scene.devices.devices.filter(device => device.deviceId !== 'cam-2');
    scene.devices.unplug('cam-1');
    await settle();
    expect(scene.server.requests('unpublish')).toMatchObject([{ source: 'camera' }]);
    expect(scene.connection.sending.camera).toBeNull();
  });

  test('a screen that the browser’s own bar stops is unpublished', async () => {
    const scene = new CallScene();
    await scene.talk();
    await scene.local.shareScreen();
    await settle();
    const screen = scene.connection.sending.screen;
    expect(screen).toBe(scene.local.track('screen'));
    screen?.end();
    await settle();
    expect(scene.connection.sending.screen).toBeNull();
    expect(scene.server.requests('unpublish')).toMatchObject([{ source: 'screen' }]);
  });

  test('a refused publish is a problem, and is not asked again and again', async () => {
    const scene = new CallScene();
    await scene.talk();
    scene.server.answers.publish = () => ({ type: 'error', code: 'forbidden', message: 'No.' });
    await scene.local.shareScreen();
    await settle();
    scene.local.setMicrophone(false);
    await settle();
    expect(scene.snapshot.problem).toBe('forbidden');
    expect(scene.server.requests('publish').filter(({ source }) => source === 'screen')).toHaveLength(1);
  });

  test('leaving, and coming back with the same link', async () => {
    const scene = new CallScene();
    await scene.talk();
    await scene.call.leave();
    expect(scene.server.requests('leave')).toHaveLength(1);
    expect(scene.snapshot).toMatchObject({ phase: 'ended', ended: { reason: 'left' } });
    expect(scene.connection.closed).toBe(true);
    expect(scene.devices.given.every(track => track.readyState === 'ended')).toBe(true);
    scene.server.answers.join = () => joined({ waiting });
    await scene.join();
    expect(scene.snapshot).toMatchObject({ phase: 'waiting', ended: null });
    expect(scene.local.snapshot).toMatchObject({ camera: 'on', microphone: 'on' });
    expect(scene.connections).toHaveLength(2);
  });

  test('leaving does not wait for a server that says nothing', async () => {
    const scene = new CallScene();
    await scene.talk();
    scene.server.answers.leave = () => null;
    const leaving = scene.call.leave();
    await scene.clock.pass(2000);
    await leaving;
    expect(scene.snapshot.phase).toBe('ended');
  });

  test('ending for everybody; refused, the call goes on', async () => {
    const scene = new CallScene();
    await scene.talk();
    scene.server.answers.end = () => ({ type: 'error', code: 'forbidden', message: 'No.' });
    await scene.call.end();
    expect(scene.snapshot).toMatchObject({ phase: 'live', problem: 'forbidden' });
    delete scene.server.answers.end;
    await scene.call.end();
    expect(scene.snapshot).toMatchObject({ phase: 'ended', ended: { reason: 'ended' } });
  });
});

describe('what the tab shows', () => {
  test('is told once it has settled, and only when it changed', async () => {
    const scene = new CallScene();
    await scene.talk();
    await scene.meet();
    await scene.clock.pass(1000);
    scene.call.want([{ participant: 'p_dr', source: 'camera', height: 100 }]);
    scene.call.want([{ participant: 'p_dr', source: 'camera', height: 359.6 }]);
    await scene.clock.pass(1000);
    scene.call.want([{ participant: 'p_dr', source: 'camera', height: 360 }]);
    await scene.clock.pass(1000);
    expect(scene.server.requests('want').map(({ wants }) => wants)).toEqual([
      [{ participant: 'p_dr', source: 'camera', height: 360 }],
    ]);
  });

  test('a hidden page wants no picture, and wants them again', async () => {
    const scene = new CallScene();
    await scene.talk();
    await scene.meet();
    scene.call.want([{ participant: 'p_dr', source: 'camera', height: 360 }]);
    await scene.clock.pass(1000);
    scene.call.setVisible(false);
    await scene.clock.pass(1000);
    scene.call.setVisible(true);
    await scene.clock.pass(1000);
    expect(scene.server.requests('want').map(({ wants }) => wants[0]?.height)).toEqual([360, 0, 360]);
  });

  test('is said again when a picture comes anew: its sender may have been reloaded', async () => {
    const scene = new CallScene();
    await scene.talk();
    await scene.meet();
    scene.call.want([{ participant: 'p_dr', source: 'camera', height: 360 }]);
    await scene.clock.pass(1000);
    await scene.say({ type: 'lanes', lanes: [], missing: 0 });
    await scene.meet();
    await scene.clock.pass(1000);
    expect(scene.server.requests('want')).toHaveLength(2);
  });
});
