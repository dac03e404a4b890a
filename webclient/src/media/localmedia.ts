import { SnapshotStore, type Store } from '../store';
import type { CameraResult, MicrophoneResult } from './devicecheck';

/** Whether a device sends: off is the person's choice, the other two are not. */
export type DeviceState = 'off' | 'on' | 'missing' | 'refused';
export interface Device {
  readonly id: string;
  readonly label: string;
}

export interface LocalMediaSnapshot {
  readonly camera: DeviceState;
  readonly microphone: DeviceState;
  readonly screen: 'off' | 'on';
  /** Refused not by the person but by the system's settings: say where to allow it. */
  readonly blockedBySystem: boolean;
  /** The device is there, but another program holds it. */
  readonly busy: boolean;
  /** The camera's picture, for a muted, mirrored video element; null while the camera is off. */
  readonly preview: MediaStream | null;
  /** Microphone level, 0 to 1, about 15 times a second, only between watchLevel(true) and watchLevel(false). */
  readonly level: number;
  /** A voice (or any clear sound) was seen since the microphone was opened and the level watched. */
  readonly heard: boolean;
  readonly cameras: readonly Device[];
  readonly microphones: readonly Device[];
  readonly speakers: readonly Device[];
  readonly cameraId: string | null;
  readonly microphoneId: string | null;
  readonly speakerId: string | null;
  readonly facing: 'user' | 'environment' | null;
  readonly canSwitchCamera: boolean;
  readonly canShareScreen: boolean;
  readonly canChooseSpeaker: boolean;
  /** Something took the microphone (a phone call): offer "Reconnect my sound", which calls openMicrophone(). */
  readonly microphoneEnded: boolean;
}

export interface LocalMediaDeps {
  todo?: never;
}

const nothing: LocalMediaSnapshot = {
  camera: 'off',
  microphone: 'off',
  screen: 'off',
  blockedBySystem: false,
  busy: false,
  preview: null,
  level: 0,
  heard: false,
  cameras: [],
  microphones: [],
  speakers: [],
  cameraId: null,
  microphoneId: null,
  speakerId: null,
  facing: null,
  canSwitchCamera: false,
  canShareScreen: false,
  canChooseSpeaker: false,
  microphoneEnded: false,
};

/** The person's own camera, microphone and screen. Owns getUserMedia; nothing is sent from here. */
export class LocalMedia extends SnapshotStore<LocalMediaSnapshot> implements Store<LocalMediaSnapshot> {
  constructor(_deps: LocalMediaDeps) {
    super(nothing);
  }
  /** Asks for the camera. Never rejects. */
  async openCamera(): Promise<CameraResult> {
    return 'skipped';
  }
  /** Asks for the microphone. Resolves as soon as it is open: watch `level` and `heard` to see whether it hears. Never rejects. */
  async openMicrophone(): Promise<MicrophoneResult> {
    return 'skipped';
  }
  /** Stops and forgets the camera: its light goes out. */
  closeCamera(): void {}
  closeMicrophone(): void {}
  /** Turns the camera on or off; off really stops it. */
  setCamera(_on: boolean): void {}
  /** Turns the microphone on or off; off keeps it open but sends silence. */
  setMicrophone(_on: boolean): void {}
  /** Front to back and again, on phones. */
  async switchCamera(): Promise<void> {}
  async choose(_kind: 'camera' | 'microphone' | 'speaker', _id: string): Promise<void> {}
  /** Asks which screen to share. False when the person changed their mind. */
  async shareScreen(): Promise<boolean> {
    return false;
  }
  stopScreen(): void {}
  /** Plays a few soft notes through the chosen speaker; resolves when they are over. */
  async playTestSound(): Promise<void> {}
  /** Starts and stops measuring the microphone's level. */
  watchLevel(_on: boolean): void {}
  close(): void {}
}
