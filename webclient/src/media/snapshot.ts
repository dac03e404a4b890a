// What ui reads of the person's own devices.

import type { Facing } from './capture';

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
  readonly facing: Facing | null;
  readonly canSwitchCamera: boolean;
  readonly canShareScreen: boolean;
  readonly canChooseSpeaker: boolean;
  /** Something took the microphone (a phone call): offer "Reconnect my sound", which calls openMicrophone(). */
  readonly microphoneEnded: boolean;
}

/** Before anything was asked for. */
export function nothingYet(can: Pick<LocalMediaSnapshot, 'canShareScreen' | 'canChooseSpeaker'>): LocalMediaSnapshot {
  return {
    ...can,
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
    microphoneEnded: false,
  };
}
