import { beforeEach, describe, expect, test } from 'vitest';
import { FakeClock, settle } from '../testing/clock';
import { FakeAudioContext, FakeDevices, type FakeTrack, mediaError, newStream } from '../testing/media';
import { LocalMedia } from './localmedia';
import { levelOf } from './sound';

let devices: FakeDevices;
let audio: FakeAudioContext;
let clock: FakeClock;
let local: LocalMedia;

function make(mediaDevices: FakeDevices | null): LocalMedia {
  return new LocalMedia({
    mediaDevices,
    newAudioContext: () => audio.real,
    newMediaStream: newStream,
    canChooseSpeaker: true,
    clock,
  });
}

const last = (): FakeTrack => {
  const track = devices.given.at(-1);
  if (track === undefined) {
    throw new Error('no track was given');
  }
  return track;
};

beforeEach(() => {
  devices = new FakeDevices();
  audio = new FakeAudioContext();
  clock = new FakeClock();
  local = make(devices);
});

describe('opening', () => {
  test.each([
    ['refused by the person', mediaError('NotAllowedError', 'Permission denied'), 'refused', false, false],
    ['refused by the system', mediaError('NotAllowedError', 'Permission denied by system'), 'refused', true, false],
    ['not there', mediaError('NotFoundError'), 'missing', false, false],
    ['held by another program', mediaError('NotReadableError'), 'missing', false, true],
    ['something else', mediaError('TypeError'), 'missing', false, false],
  ])('%s', async (_name, error, result, blockedBySystem, busy) => {
    devices.refuse = { video: error, audio: error };
    expect(await local.openCamera()).toBe(result);
    expect(local.snapshot).toMatchObject({ camera: result, preview: null, blockedBySystem, busy });
    expect(await local.openMicrophone()).toBe(result);
    expect(local.snapshot).toMatchObject({ microphone: result });
    devices.refuse = {};
    expect(await local.openCamera()).toBe('ok');
    expect(local.snapshot).toMatchObject({ camera: 'on', blockedBySystem: false, busy: false });
  });

  test('without a secure context everything is missing, and nothing breaks', async () => {
    const bare = make(null);
    expect(await bare.openCamera()).toBe('missing');
    expect(await bare.openMicrophone()).toBe('missing');
    expect(await bare.shareScreen()).toBe(false);
    expect(bare.snapshot.canShareScreen).toBe(false);
    bare.close();
  });

  test('the camera gives a preview, and devices their names', async () => {
    expect(await local.openCamera()).toBe('ok');
    expect(local.snapshot).toMatchObject({ camera: 'on', cameraId: 'cam-1', facing: 'user', canSwitchCamera: true });
    expect(local.snapshot.preview).not.toBeNull();
    expect(local.snapshot.cameras).toEqual([
      { id: 'cam-1', label: 'Front' },
      { id: 'cam-2', label: 'Back' },
    ]);
    expect(local.track('camera')).toBe(last());
  });

  test('a microphone that the system keeps muted is silent', async () => {
    const opening = local.openMicrophone();
    await Promise.resolve();
    for (const track of devices.given) {
      track.muted = true;
    }
    expect(await opening).toBe('silent');
  });

  test('a permission given after the person moved on is let go of', async () => {
    let answer = (): void => undefined;
    devices.question = new Promise<void>(resolve => {
      answer = resolve;
    });
    const opening = local.openCamera();
    local.closeCamera();
    answer();
    expect(await opening).toBe('skipped');
    expect(last().readyState).toBe('ended');
    expect(local.track('camera')).toBeNull();
    expect(local.snapshot.camera).toBe('off');
  });
});

describe('on and off', () => {
  test('a camera that is off is really stopped, and comes back', async () => {
    await local.openCamera();
    const track = last();
    local.setCamera(false);
    expect(track.readyState).toBe('ended');
    expect(local.snapshot).toMatchObject({ camera: 'off', preview: null });
    local.setCamera(true);
    await settle();
    expect(local.snapshot.camera).toBe('on');
    expect(local.track('camera')).toBe(last());
  });

  test('a microphone that is off is silenced, and stays open', async () => {
    await local.openMicrophone();
    local.setMicrophone(false);
    expect(last()).toMatchObject({ enabled: false, readyState: 'live' });
    expect(local.snapshot.microphone).toBe('off');
    local.setMicrophone(true);
    expect(last().enabled).toBe(true);
    expect(devices.given).toHaveLength(1);
  });

  test('release lets go of all, restore opens again what was open', async () => {
    await local.openCamera();
    await local.openMicrophone();
    await local.shareScreen();
    local.release();
    expect(devices.given.every(track => track.readyState === 'ended')).toBe(true);
    expect(local.snapshot).toMatchObject({ camera: 'off', microphone: 'off', screen: 'off' });
    await local.restore();
    expect(local.snapshot).toMatchObject({ camera: 'on', microphone: 'on', screen: 'off' });
  });

  test('restore does not switch a silenced microphone on', async () => {
    await local.openMicrophone();
    local.setMicrophone(false);
    local.release();
    await local.restore();
    expect(local.snapshot.microphone).toBe('off');
    expect(last().enabled).toBe(false);
  });

  test('restore opens nothing that was closed before', async () => {
    await local.openMicrophone();
    local.release();
    await local.restore();
    expect(local.snapshot).toMatchObject({ camera: 'off', microphone: 'on' });
  });
});

describe('choosing', () => {
  test('front and back', async () => {
    await local.openCamera();
    const front = last();
    await local.switchCamera();
    expect(front.readyState).toBe('ended');
    expect(local.snapshot).toMatchObject({ facing: 'environment', cameraId: 'cam-2', camera: 'on' });
    await local.switchCamera();
    expect(local.snapshot.facing).toBe('user');
  });

  test('a camera that cannot be switched to gives the old one back', async () => {
    await local.openCamera();
    devices.refuse = { video: mediaError('NotReadableError') };
    const switching = local.switchCamera();
    await Promise.resolve();
    devices.refuse = {};
    await switching;
    expect(local.snapshot).toMatchObject({ camera: 'on', facing: 'user' });
  });

  test('a device by name; one that is gone falls back to what there is', async () => {
    await local.openCamera();
    await local.choose('camera', 'cam-2');
    expect(local.snapshot.cameraId).toBe('cam-2');
    await local.choose('camera', 'cam-9');
    expect(local.snapshot).toMatchObject({ camera: 'on', cameraId: 'cam-1' });
  });

  test('another microphone keeps the switch where it was', async () => {
    devices.devices.push({ deviceId: 'mic-2', kind: 'audioinput', label: 'Headset' });
    await local.openMicrophone();
    local.setMicrophone(false);
    await local.choose('microphone', 'mic-2');
    expect(local.snapshot).toMatchObject({ microphone: 'off', microphoneId: 'mic-2' });
    expect(last().enabled).toBe(false);
  });

  test('the test sound goes to the chosen speaker', async () => {
    await local.choose('speaker', 'out-1');
    const playing = local.playTestSound();
    await clock.pass(3000);
    await playing;
    expect(audio.sinkId).toBe('out-1');
    expect(audio.tones).toBeGreaterThan(0);
  });
});

describe('what the browser ends', () => {
  test('an unplugged camera gives way to another', async () => {
    await local.openCamera();
    devices.unplug('cam-1');
    await settle();
    expect(local.snapshot).toMatchObject({ camera: 'on', cameraId: 'cam-2', canSwitchCamera: false });
  });

  test('a microphone unplugged while off: the next one is off from the first moment', async () => {
    devices.devices.push({ deviceId: 'mic-2', kind: 'audioinput', label: 'Headset' });
    await local.openMicrophone();
    local.setMicrophone(false);
    const seen: string[] = [];
    local.subscribe(() => seen.push(local.snapshot.microphone));
    devices.unplug('mic-1');
    await settle();
    expect(local.snapshot).toMatchObject({ microphone: 'off', microphoneId: 'mic-2', microphoneEnded: false });
    expect(last().enabled).toBe(false);
    expect(seen).not.toContain('on');
  });

  test('a phone call takes the microphone; it is asked for again', async () => {
    await local.openMicrophone();
    last().end();
    await settle();
    expect(local.snapshot).toMatchObject({ microphone: 'missing', microphoneEnded: true });
    expect(local.track('microphone')).toBeNull();
    await local.openMicrophone();
    expect(local.snapshot).toMatchObject({ microphone: 'on', microphoneEnded: false });
  });

  test('a microphone muted by the system says so, and takes it back', async () => {
    await local.openMicrophone();
    last().dispatchEvent(new Event('mute'));
    expect(local.snapshot.microphoneEnded).toBe(true);
    last().dispatchEvent(new Event('unmute'));
    expect(local.snapshot.microphoneEnded).toBe(false);
  });

  test('a camera goes for movement before sharpness: hands that sign, lips that are read', async () => {
    await local.openCamera();
    expect(last().contentHint).toBe('motion');
  });

  test('the browser’s own "Stop sharing"', async () => {
    expect(await local.shareScreen()).toBe(true);
    expect(last().contentHint).toBe('detail');
    expect(local.snapshot.screen).toBe('on');
    last().end();
    expect(local.snapshot.screen).toBe('off');
    expect(local.track('screen')).toBeNull();
  });

  test('somebody who changes their mind about the screen', async () => {
    devices.refuse = { video: mediaError('NotAllowedError') };
    expect(await local.shareScreen()).toBe(false);
    expect(local.snapshot.screen).toBe('off');
  });
});

describe('the level', () => {
  test('is measured only while it is watched', async () => {
    await local.openMicrophone();
    audio.loudness = 0.2;
    await clock.pass(500);
    expect(local.snapshot.level).toBe(0);
    local.watchLevel(true);
    expect(local.snapshot.level).toBeGreaterThan(0.5);
    expect(local.snapshot.heard).toBe(true);
    audio.loudness = 0;
    await clock.pass(100);
    expect(local.snapshot).toMatchObject({ level: 0, heard: true });
    local.watchLevel(false);
    expect(clock.timers).toBe(0);
  });

  test('follows the microphone that is open', async () => {
    local.watchLevel(true);
    audio.loudness = 0.2;
    expect(local.snapshot.level).toBe(0);
    await local.openMicrophone();
    expect(local.snapshot.level).toBeGreaterThan(0.5);
    local.closeMicrophone();
    expect(local.snapshot.level).toBe(0);
    expect(clock.timers).toBe(0);
  });

  test.each([
    [0, 0],
    [0.001, 0],
    [0.0158, 0.5],
    [0.25, 1],
    [1, 1],
  ])('of an amplitude of %d is about %d', (amplitude, level) => {
    expect(levelOf(new Float32Array(64).fill(amplitude))).toBeCloseTo(level, 1);
  });
});

test('close lets go of everything', async () => {
  await local.openCamera();
  await local.openMicrophone();
  local.watchLevel(true);
  local.close();
  expect(devices.given.every(track => track.readyState === 'ended')).toBe(true);
  expect(audio.closed).toBe(true);
  expect(clock.timers).toBe(0);
});
