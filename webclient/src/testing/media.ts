// Stand-ins for the browser's media objects: only what our code uses, and honest about the rules that it must keep.

import type { MediaDevicesLike } from '../media/capture';

type Kind = 'audio' | 'video';
export class FakeTrack extends EventTarget {
  readonly kind: Kind;
  readonly settings: MediaTrackSettings;
  enabled = true;
  muted = false;
  contentHint = '';
  readyState: 'live' | 'ended' = 'live';

  constructor(kind: Kind, settings: MediaTrackSettings = {}) {
    super();
    this.kind = kind;
    this.settings = settings;
  }

  getSettings(): MediaTrackSettings {
    return this.settings;
  }

  /** As the page ends it: no event. */
  stop(): void {
    this.readyState = 'ended';
  }

  /** As the browser ends it: unplugged, or its own "Stop sharing". */
  end(): void {
    this.readyState = 'ended';
    this.dispatchEvent(new Event('ended'));
  }

  get real(): MediaStreamTrack {
    return this as unknown as MediaStreamTrack;
  }
}

export class FakeStream {
  readonly tracks: readonly FakeTrack[];
  constructor(tracks: readonly FakeTrack[]) {
    this.tracks = tracks;
  }
  getAudioTracks(): readonly FakeTrack[] {
    return this.tracks.filter(track => track.kind === 'audio');
  }
  getVideoTracks(): readonly FakeTrack[] {
    return this.tracks.filter(track => track.kind === 'video');
  }
}

export const newStream = (tracks: MediaStreamTrack[]): MediaStream =>
  new FakeStream(tracks as unknown as FakeTrack[]) as unknown as MediaStream;

/** An error as getUserMedia gives it. */
export function mediaError(name: string, message = ''): Error {
  return Object.assign(new Error(message), { name });
}

export class FakeDevices extends EventTarget implements MediaDevicesLike {
  devices: { deviceId: string; kind: MediaDeviceKind; label: string; facing?: 'user' | 'environment' }[] = [
    { deviceId: 'cam-1', kind: 'videoinput', label: 'Front', facing: 'user' },
    { deviceId: 'cam-2', kind: 'videoinput', label: 'Back', facing: 'environment' },
    { deviceId: 'mic-1', kind: 'audioinput', label: 'Microphone' },
    { deviceId: 'out-1', kind: 'audiooutput', label: 'Speaker' },
  ];
  /** What the next requests for that kind end with, instead of a track. */
  refuse: { [K in Kind]?: Error } = {};
  /** Every track that was given away, newest last. */
  readonly given: FakeTrack[] = [];
  readonly asked: MediaStreamConstraints[] = [];
  /** When set, a request waits for it: the browser's question is open. */
  question: Promise<void> | null = null;

  async getUserMedia(constraints: MediaStreamConstraints): Promise<MediaStream> {
    this.asked.push(constraints);
    await this.question;
    const kind = constraints.video ? 'video' : 'audio';
    const refusal = this.refuse[kind];
    if (refusal !== undefined) {
      throw refusal;
    }
    const wanted = (constraints.video || constraints.audio) as MediaTrackConstraints;
    const id = (wanted.deviceId as { exact: string } | undefined)?.exact;
    const facing = (wanted.facingMode as { ideal: string } | undefined)?.ideal;
    const all = this.devices.filter(device => device.kind === `${kind}input`);
    const device =
      id === undefined ? (all.find(one => one.facing === facing) ?? all[0]) : all.find(one => one.deviceId === id);
    if (device === undefined) {
      throw mediaError(id === undefined ? 'NotFoundError' : 'OverconstrainedError');
    }
    return this.#give(kind, { deviceId: device.deviceId, ...(device.facing ? { facingMode: device.facing } : {}) });
  }

  async getDisplayMedia(): Promise<MediaStream> {
    if (this.refuse.video !== undefined) {
      throw this.refuse.video;
    }
    return this.#give('video', {});
  }

  async enumerateDevices(): Promise<MediaDeviceInfo[]> {
    return this.devices as unknown as MediaDeviceInfo[];
  }

  /** Takes a device away, as a pulled plug does. */
  unplug(deviceId: string): void {
    this.devices = this.devices.filter(device => device.deviceId !== deviceId);
    this.dispatchEvent(new Event('devicechange'));
    for (const track of this.given) {
      if (track.settings.deviceId === deviceId && track.readyState === 'live') {
        track.end();
      }
    }
  }

  #give(kind: Kind, settings: MediaTrackSettings): MediaStream {
    const track = new FakeTrack(kind, settings);
    this.given.push(track);
    return newStream([track.real]);
  }
}

class FakeTransceiver {
  mid: string | null = null;
  readonly kind: Kind;
  readonly init: RTCRtpTransceiverInit;
  readonly receiver: { track: FakeTrack };
  readonly sender: { track: FakeTrack | null; replaceTrack(track: FakeTrack | null): Promise<void> };
  codecs: readonly RTCRtpCodec[] | null = null;

  constructor(kind: Kind, init: RTCRtpTransceiverInit) {
    this.kind = kind;
    this.init = init;
    this.receiver = { track: new FakeTrack(kind) };
    this.sender = {
      track: null,
      async replaceTrack(track) {
        this.track = track;
      },
    };
  }

  setCodecPreferences(codecs: readonly RTCRtpCodec[]): void {
    this.codecs = codecs;
  }
}

/** A peer connection that keeps WebRTC's order: the local description is the last offer, then the answer; mids come with it. */
export class FakePeerConnection {
  connectionState: RTCPeerConnectionState = 'new';
  onconnectionstatechange: (() => void) | null = null;
  configuration: RTCConfiguration;
  readonly transceivers: FakeTransceiver[] = [];
  readonly log: string[] = [];
  offers = 0;
  iceRestarts = 0;
  closed = false;
  stats: object[] = [];
  refuseAnswer = false;
  #lastOffer = '';
  #signaling: 'stable' | 'have-local-offer' = 'stable';

  constructor(configuration: RTCConfiguration) {
    this.configuration = configuration;
  }

  addTransceiver(kind: Kind, init: RTCRtpTransceiverInit): FakeTransceiver {
    const transceiver = new FakeTransceiver(kind, init);
    this.transceivers.push(transceiver);
    return transceiver;
  }

  async createOffer(options: RTCOfferOptions): Promise<RTCSessionDescriptionInit> {
    if (this.closed) {
      throw mediaError('InvalidStateError');
    }
    this.offers += 1;
    this.iceRestarts += options.iceRestart ? 1 : 0;
    const lines = this.transceivers.map(
      ({ kind, init }, index) => `m=${kind}\r\na=mid:${index}\r\na=${init.direction}\r\n`,
    );
    this.#lastOffer = `v=0\r\no=- ${this.offers}\r\n${lines.join('')}`;
    return { type: 'offer', sdp: this.#lastOffer };
  }

  async setLocalDescription(offer: RTCSessionDescriptionInit): Promise<void> {
    if (offer.sdp !== this.#lastOffer || this.closed) {
      throw mediaError('InvalidModificationError');
    }
    this.log.push('local');
    this.#signaling = 'have-local-offer';
    this.transceivers.forEach((transceiver, index) => {
      transceiver.mid = String(index);
    });
  }

  async setRemoteDescription(_answer: RTCSessionDescriptionInit): Promise<void> {
    if (this.#signaling !== 'have-local-offer' || this.refuseAnswer) {
      throw mediaError('InvalidStateError');
    }
    this.log.push('remote');
    this.#signaling = 'stable';
  }

  getConfiguration(): RTCConfiguration {
    return this.configuration;
  }

  setConfiguration(configuration: RTCConfiguration): void {
    this.log.push('configuration');
    this.configuration = configuration;
  }

  async getStats(): Promise<RTCStatsReport> {
    return new Map(this.stats.map((stat, index) => [String(index), stat])) as unknown as RTCStatsReport;
  }

  close(): void {
    this.closed = true;
    this.connectionState = 'closed';
  }

  /** The transport changes its mind. */
  become(state: RTCPeerConnectionState): void {
    this.connectionState = state;
    this.onconnectionstatechange?.();
  }

  /** What is on the first three m-lines. */
  get sending(): { microphone: FakeTrack | null; camera: FakeTrack | null; screen: FakeTrack | null } {
    const on = (index: number): FakeTrack | null => this.transceivers[index]?.sender.track ?? null;
    return { microphone: on(0), camera: on(1), screen: on(2) };
  }

  get real(): RTCPeerConnection {
    return this as unknown as RTCPeerConnection;
  }
}

/** An AudioContext whose microphone gives a level that the test sets. */
export class FakeAudioContext {
  currentTime = 0;
  tones = 0;
  sinkId = '';
  closed = false;
  readonly destination = {};
  /** Amplitude of what the microphone hears, 0 to 1. */
  loudness = 0;

  createAnalyser() {
    return {
      fftSize: 0,
      getFloatTimeDomainData: (samples: Float32Array) => samples.fill(this.loudness),
    };
  }
  createMediaStreamSource() {
    return { connect: () => undefined, disconnect: () => undefined };
  }
  createGain() {
    const nothing = () => undefined;
    const gain = { setValueAtTime: nothing, linearRampToValueAtTime: nothing, exponentialRampToValueAtTime: nothing };
    return { gain, connect: nothing };
  }
  createOscillator() {
    this.tones += 1;
    return {
      type: '',
      frequency: { value: 0 },
      connect: () => undefined,
      start: () => undefined,
      stop: () => undefined,
    };
  }
  async setSinkId(id: string): Promise<void> {
    this.sinkId = id;
  }
  async resume(): Promise<void> {}
  async close(): Promise<void> {
    this.closed = true;
  }
  get real(): AudioContext {
    return this as unknown as AudioContext;
  }
}
