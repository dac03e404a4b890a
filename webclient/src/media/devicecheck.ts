// The words of the device check, and the person's own camera, microphone and screen.

export type { Device, DeviceState, LocalMediaDeps, LocalMediaSnapshot } from './localmedia';
export { LocalMedia } from './localmedia';

/** What came of opening the camera. */
export type CameraResult = 'ok' | 'missing' | 'refused' | 'skipped';
/** What came of opening the microphone. 'silent': it is there, but the system or a switch keeps it muted. */
export type MicrophoneResult = 'ok' | 'silent' | 'missing' | 'refused' | 'skipped';
/** What the person said of the test sound. */
export type SoundResult = 'heard' | 'not-heard' | 'skipped';
