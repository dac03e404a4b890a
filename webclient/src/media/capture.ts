// Asking the browser for a camera, a microphone or a screen, and putting its many ways to say no into three words.

/** The part of navigator.mediaDevices that is used. getDisplayMedia is missing on phones. */
export interface MediaDevicesLike {
  getUserMedia(constraints: MediaStreamConstraints): Promise<MediaStream>;
  getDisplayMedia?(options: DisplayMediaStreamOptions): Promise<MediaStream>;
  enumerateDevices(): Promise<MediaDeviceInfo[]>;
  addEventListener(type: 'devicechange', listener: () => void): void;
  removeEventListener(type: 'devicechange', listener: () => void): void;
}

export type Facing = 'user' | 'environment';
/** Which camera or microphone: a chosen device, else, for cameras, the side of the phone. */
export interface Choice {
  readonly deviceId: string | null;
  readonly facing: Facing | null;
}

/** Why there is no track. busy: it is there, but another program holds it. system: the system's settings forbid it. */
export interface Refusal {
  readonly reason: 'missing' | 'refused';
  readonly busy: boolean;
  readonly system: boolean;
}
export type Captured = { readonly track: MediaStreamTrack } | Refusal;

/** Sound for talking: without echo and hum. */
function audioConstraints(choice: Choice): MediaTrackConstraints {
  return {
    echoCancellation: true,
    noiseSuppression: true,
    autoGainControl: true,
    ...(choice.deviceId === null ? {} : { deviceId: { exact: choice.deviceId } }),
  };
}

/** 720p gives three layers, 960×540 still does; 30 frames a second. */
function videoConstraints(choice: Choice): MediaTrackConstraints {
  return {
    width: { ideal: 1280 },
    height: { ideal: 720 },
    frameRate: { ideal: 30, max: 30 },
    ...(choice.deviceId !== null
      ? { deviceId: { exact: choice.deviceId } }
      : { facingMode: { ideal: choice.facing ?? 'user' } }),
  };
}

/** Opens a camera or microphone. A chosen device that is gone is replaced by the browser's own choice. Never rejects. */
export async function capture(
  devices: MediaDevicesLike | null,
  kind: 'camera' | 'microphone',
  choice: Choice,
): Promise<Captured> {
  if (devices === null) {
    return { reason: 'missing', busy: false, system: false };
  }
  const ask = async (from: Choice): Promise<Captured> => {
    const stream = await devices.getUserMedia(
      kind === 'camera' ? { video: videoConstraints(from) } : { audio: audioConstraints(from) },
    );
    const track = (kind === 'camera' ? stream.getVideoTracks() : stream.getAudioTracks())[0];
    if (track === undefined) {
      return { reason: 'missing', busy: false, system: false };
    }
    if (kind === 'camera') {
      // Sharpness goes before frame rate on a weak line or machine: hands that sign and lips that are read need 20 pictures a second
      // (mst-content-hint §5.1: degradation preference "maintain-framerate").
      track.contentHint = 'motion';
    }
    return { track };
  };
  try {
    return await ask(choice);
  } catch (error) {
    const name = nameOf(error);
    if (choice.deviceId !== null && (name === 'OverconstrainedError' || name === 'NotFoundError')) {
      return ask({ ...choice, deviceId: null }).catch(refusalOf);
    }
    return refusalOf(error);
  }
}

/** Asks which screen or window to share. Null when the person changed their mind, or the browser refuses. */
export async function captureScreen(devices: MediaDevicesLike | null): Promise<MediaStreamTrack | null> {
  try {
    const stream = await devices?.getDisplayMedia?.({ video: { frameRate: { ideal: 15, max: 30 } }, audio: false });
    const track = stream?.getVideoTracks()[0] ?? null;
    if (track !== null) {
      track.contentHint = 'detail'; // text stays sharp; movement may stutter
    }
    return track;
  } catch {
    return null;
  }
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : '';
}

/** Media Capture and Streams §10: NotAllowedError, NotFoundError, NotReadableError, OverconstrainedError, AbortError, SecurityError. */
export function refusalOf(error: unknown): Refusal {
  const name = nameOf(error);
  const message = error instanceof Error ? error.message : '';
  switch (name) {
    case 'NotAllowedError':
    case 'SecurityError':
      // Chromium says "Permission denied by system" when macOS, Windows or Android forbid it to the whole browser.
      return { reason: 'refused', busy: false, system: /system/i.test(message) };
    case 'NotReadableError':
    case 'AbortError':
      return { reason: 'missing', busy: true, system: false };
    default:
      return { reason: 'missing', busy: false, system: false };
  }
}
