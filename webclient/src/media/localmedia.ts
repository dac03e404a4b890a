// LocalMedia owns the person's camera, microphone and screen. It opens, closes and changes them, and publishes one snapshot; it sends
// nothing: the Call reads `track(source)` and puts it on the wire, and only once the person has been admitted.

import type { Clock } from '../clock';
import type { Source } from '../protocol/messages';
import { SnapshotStore, type Store } from '../store';
import { type Captured, capture, captureScreen, type Facing, type MediaDevicesLike } from './capture';
import type { CameraResult, MicrophoneResult } from './devicecheck';
import { type Device, type DeviceState, type LocalMediaSnapshot, nothingYet } from './snapshot';
import { LevelMeter, playNotes, TEST_SOUND, VOICE } from './sound';

export interface LocalMediaDeps {
  /** Null on a page that is not a secure context. */
  readonly mediaDevices: MediaDevicesLike | null;
  newAudioContext(): AudioContext;
  newMediaStream(tracks: MediaStreamTrack[]): MediaStream;
  /** Sound can be sent to a chosen output (setSinkId). */
  readonly canChooseSpeaker: boolean;
  readonly clock: Clock;
}

type Kind = 'camera' | 'microphone';

export type { Device, DeviceState, LocalMediaSnapshot } from './snapshot';

/** The person's own camera, microphone and screen. Owns getUserMedia; nothing is sent from here. */
export class LocalMedia extends SnapshotStore<LocalMediaSnapshot> implements Store<LocalMediaSnapshot> {
  readonly #deps: LocalMediaDeps;
  readonly #tracks: { [S in Source]: MediaStreamTrack | null } = { microphone: null, camera: null, screen: null };
  /** Grows with every intent for a device, so that a permission given late to an intent overtaken is let go of. */
  readonly #intents: { [K in Kind]: number } = { camera: 0, microphone: 0 };
  readonly #chosen: { [K in Kind]: string | null } = { camera: null, microphone: null };
  #facing: Facing = 'user';
  #resting: readonly { readonly kind: Kind; readonly silenced: boolean }[] = [];
  #context: AudioContext | null = null;
  #meter: LevelMeter | null = null;
  #watching = false;
  readonly #onDeviceChange = () => void this.#listDevices();

  constructor(deps: LocalMediaDeps) {
    super(
      nothingYet({
        canShareScreen: deps.mediaDevices?.getDisplayMedia !== undefined,
        canChooseSpeaker: deps.canChooseSpeaker,
      }),
    );
    this.#deps = deps;
    deps.mediaDevices?.addEventListener('devicechange', this.#onDeviceChange);
  }

  /** What is to be sent of a source now; null: nothing. A switched-off microphone keeps its (silenced) track. */
  track(source: Source): MediaStreamTrack | null {
    return this.#tracks[source];
  }

  /** Asks for the camera. Never rejects. */
  async openCamera(): Promise<CameraResult> {
    const captured = await this.#open('camera');
    return captured === null ? 'skipped' : 'track' in captured ? 'ok' : captured.reason;
  }

  /** Asks for the microphone. Resolves as soon as it is open: watch `level` and `heard` to see whether it hears. Never rejects. */
  async openMicrophone(): Promise<MicrophoneResult> {
    const captured = await this.#open('microphone');
    if (captured === null) {
      return 'skipped';
    }
    return 'track' in captured ? (captured.track.muted ? 'silent' : 'ok') : captured.reason;
  }

  /** Stops and forgets the camera: its light goes out. */
  closeCamera(): void {
    this.#close('camera');
  }

  closeMicrophone(): void {
    this.#close('microphone');
  }

  /** Turns the camera on or off; off really stops it. */
  setCamera(on: boolean): void {
    if (on) {
      void this.openCamera();
    } else {
      this.closeCamera();
    }
  }

  /** Turns the microphone on or off; off keeps it open but sends silence. */
  setMicrophone(on: boolean): void {
    const track = this.#tracks.microphone;
    if (track !== null) {
      track.enabled = on;
      this.set({ microphone: on ? 'on' : 'off' });
    } else if (on) {
      void this.openMicrophone();
    }
  }

  /** Front to back and again, on phones. */
  async switchCamera(): Promise<void> {
    const before = { facing: this.#facing, chosen: this.#chosen.camera };
    this.#facing = this.snapshot.facing === 'environment' ? 'user' : 'environment';
    this.#chosen.camera = null;
    const captured = await this.#reopen('camera');
    if (captured !== null && 'reason' in captured) {
      this.#facing = before.facing;
      this.#chosen.camera = before.chosen;
      await this.#open('camera');
    }
  }

  async choose(kind: 'camera' | 'microphone' | 'speaker', id: string): Promise<void> {
    if (kind === 'speaker') {
      this.set({ speakerId: id });
      await this.#useSpeaker();
      return;
    }
    this.#chosen[kind] = id;
    this.set(kind === 'camera' ? { cameraId: id } : { microphoneId: id });
    await this.#reopen(kind);
  }

  /** Asks which screen to share. False when the person changed their mind. */
  async shareScreen(): Promise<boolean> {
    const track = await captureScreen(this.#deps.mediaDevices);
    if (track === null) {
      return false;
    }
    this.stopScreen();
    this.#tracks.screen = track;
    // The browser's own "Stop sharing" ends the track; stop() does not raise this event.
    track.addEventListener('ended', () => {
      if (this.#tracks.screen === track) {
        this.stopScreen();
      }
    });
    this.set({ screen: 'on' });
    return true;
  }

  stopScreen(): void {
    const track = this.#tracks.screen;
    this.#tracks.screen = null;
    track?.stop();
    this.set({ screen: 'off' });
  }

  /** Plays a few soft notes through the chosen speaker; resolves when they are over. */
  async playTestSound(): Promise<void> {
    const context = this.#audio();
    await this.#useSpeaker();
    await context.resume().catch(() => undefined);
    playNotes(context);
    await new Promise<void>(resolve => this.#deps.clock.after(TEST_SOUND, resolve));
  }

  /** Starts and stops measuring the microphone's level. */
  watchLevel(on: boolean): void {
    this.#watching = on;
    this.#measure();
  }

  /** Lets go of every device, and remembers which were open: the call is over, or another tab took it. */
  release(): void {
    this.#resting = (['microphone', 'camera'] as const)
      .filter(kind => this.#tracks[kind] !== null)
      .map(kind => ({ kind, silenced: this.snapshot[kind] === 'off' }));
    this.closeCamera();
    this.closeMicrophone();
    this.stopScreen();
  }

  /** Opens again what release() let go of. */
  async restore(): Promise<void> {
    const resting = this.#resting;
    this.#resting = [];
    await Promise.all(resting.map(({ kind, silenced }) => this.#open(kind, { silenced })));
  }

  /** Lets go of everything for good. */
  close(): void {
    this.release();
    this.#resting = [];
    this.#watching = false;
    this.#deps.mediaDevices?.removeEventListener('devicechange', this.#onDeviceChange);
    void this.#context?.close().catch(() => undefined);
    this.#context = null;
  }

  /** Opens a device; silenced: a microphone that was switched off stays so from the first moment. Null: another intent came in between. */
  async #open(kind: Kind, { silenced } = { silenced: false }): Promise<Captured | null> {
    this.#intents[kind] += 1;
    const intent = this.#intents[kind];
    const choice = { deviceId: this.#chosen[kind], facing: kind === 'camera' ? this.#facing : null };
    const captured = await capture(this.#deps.mediaDevices, kind, choice);
    if (intent !== this.#intents[kind]) {
      if ('track' in captured) {
        captured.track.stop();
      }
      return null;
    }
    if ('track' in captured) {
      this.#use(kind, captured.track, silenced);
    } else {
      this.#stop(kind, captured.reason, { busy: captured.busy, blockedBySystem: captured.system });
    }
    await this.#listDevices();
    return captured;
  }

  /** Phones open one camera at a time, so the old one goes first. A device that was off stays off. */
  async #reopen(kind: Kind): Promise<Captured | null> {
    if (this.#tracks[kind] === null) {
      return null;
    }
    if (kind === 'camera') {
      this.#tracks.camera?.stop();
    }
    return this.#open(kind, { silenced: this.snapshot[kind] === 'off' });
  }

  #use(kind: Kind, track: MediaStreamTrack, silenced: boolean): void {
    this.#tracks[kind]?.stop();
    this.#tracks[kind] = track;
    const current = (): boolean => this.#tracks[kind] === track;
    track.addEventListener('ended', () => {
      if (current()) {
        void this.#handleEnded(kind);
      }
    });
    const id = track.getSettings().deviceId ?? null;
    const well = { busy: false, blockedBySystem: false };
    if (kind === 'camera') {
      const facing = track.getSettings().facingMode;
      this.set({
        ...well,
        camera: 'on',
        cameraId: id,
        facing: facing === 'user' || facing === 'environment' ? facing : null,
        preview: this.#deps.newMediaStream([track]),
      });
      return;
    }
    // A phone call mutes the track for its time, or ends it.
    track.addEventListener('mute', () => current() && this.set({ microphoneEnded: true }));
    track.addEventListener('unmute', () => current() && this.set({ microphoneEnded: false }));
    track.enabled = !silenced;
    this.set({ ...well, microphone: silenced ? 'off' : 'on', microphoneId: id, microphoneEnded: false, heard: false });
    this.#measure();
  }

  /** The browser ended a track: unplugged, taken by something else, or the permission was withdrawn. */
  async #handleEnded(kind: Kind): Promise<void> {
    const gone = kind === 'camera' ? this.snapshot.cameraId : this.snapshot.microphoneId;
    await this.#listDevices();
    const left = kind === 'camera' ? this.snapshot.cameras : this.snapshot.microphones;
    const unplugged = !left.some(device => device.id === gone);
    if (unplugged && left.length > 0) {
      this.#chosen[kind] = null;
      await this.#open(kind, { silenced: this.snapshot[kind] === 'off' });
      return;
    }
    this.#stop(kind, 'missing', kind === 'microphone' ? { microphoneEnded: true } : {});
  }

  #close(kind: Kind): void {
    this.#intents[kind] += 1;
    const state = this.snapshot[kind];
    this.#stop(kind, state === 'on' ? 'off' : state, kind === 'microphone' ? { microphoneEnded: false } : {});
  }

  /** Track and snapshot change together: whoever looks in between must not see a camera that is on without a picture. */
  #stop(kind: Kind, state: DeviceState, change: Partial<LocalMediaSnapshot>): void {
    this.#tracks[kind]?.stop();
    this.#tracks[kind] = null;
    this.set(kind === 'camera' ? { ...change, camera: state, preview: null } : { ...change, microphone: state });
    if (kind === 'microphone') {
      this.#measure();
    }
  }

  #measure(): void {
    const track = this.#tracks.microphone;
    this.#meter?.stop();
    this.#meter = null;
    if (!this.#watching || track === null) {
      this.set({ level: 0 });
      return;
    }
    const context = this.#audio();
    void context.resume().catch(() => undefined);
    this.#meter = new LevelMeter(this.#deps.clock, context, this.#deps.newMediaStream([track]), level =>
      this.set({ level, heard: this.snapshot.heard || level >= VOICE }),
    );
  }

  #audio(): AudioContext {
    this.#context ??= this.#deps.newAudioContext();
    return this.#context;
  }

  /** Sends our own notes to the chosen output, where the browser can (Chromium). Voices are ui's audio elements. */
  async #useSpeaker(): Promise<void> {
    const context: (AudioContext & { setSinkId?: (id: string) => Promise<void> }) | null = this.#context;
    const id = this.snapshot.speakerId;
    if (context?.setSinkId !== undefined && id !== null) {
      await context.setSinkId(id).catch(() => undefined);
    }
  }

  async #listDevices(): Promise<void> {
    const all = (await this.#deps.mediaDevices?.enumerateDevices().catch(() => [])) ?? [];
    const of = (kind: MediaDeviceKind): Device[] =>
      all
        .filter(device => device.kind === kind && device.deviceId !== '')
        .map(({ deviceId, label }) => ({ id: deviceId, label }));
    const cameras = of('videoinput');
    this.set({
      cameras,
      microphones: of('audioinput'),
      speakers: of('audiooutput'),
      // Only phones and tablets say which way a camera looks.
      canSwitchCamera: cameras.length > 1 && this.snapshot.facing !== null,
    });
  }
}
