// Peer is this tab's one RTCPeerConnection: three m-lines to send on, and lanes to receive on.
//
//   m-line 0   microphone   sendonly
//   m-line 1   camera       sendonly, 3 layers (rid l, m, h)
//   m-line 2   screen       sendonly, without a track until somebody shares
//   3 …        lanes        4 audio then 4 video, recvonly; more are added in pairs at the end
//
// Only the browser offers. The order is createOffer → (the offer travels) → setLocalDescription → setRemoteDescription: the local
// description waits for the reply, because the reply brings the ICE servers, and because an offer that never arrived then leaves no trace.
// No m-line is ever made inactive: the media server would stop it for good. Nothing is trickled; the server learns our address from
// our checks.

import type { IceServer, PublishLine, Source } from '../protocol/messages';

/** Lanes to begin with, of each kind. */
export const LANES = 4;
/** Lanes of each kind that a tab asks for at most: the offer must stay under 64 KiB. */
export const MAX_LANES = 12;

/** The layers of the camera, small to large. Bits a second; heights are a quarter, a half and all of what is captured. */
const layers: readonly RTCRtpEncodingParameters[] = [
  { rid: 'l', scaleResolutionDownBy: 4, maxBitrate: 150_000 },
  { rid: 'm', scaleResolutionDownBy: 2, maxBitrate: 500_000 },
  { rid: 'h', scaleResolutionDownBy: 1, maxBitrate: 1_700_000 },
];
/** What the media server forwards. VP8 and H264 need no scalabilityMode for simulcast (VP9 and AV1 would). */
const wanted: readonly string[] = ['audio/opus', 'video/vp8', 'video/h264', 'video/rtx'];

export interface PeerDeps {
  newPeerConnection(config: RTCConfiguration): RTCPeerConnection;
  newMediaStream(tracks: MediaStreamTrack[]): MediaStream;
  /** What the browser can receive (RTCRtpReceiver.getCapabilities); null when it does not say. */
  codecs(kind: 'audio' | 'video'): readonly RTCRtpCodec[] | null;
}

/** An offer to be sent, and, for the first one, what each of its own m-lines is for. */
export interface Offer {
  readonly sdp: string;
  readonly publish: PublishLine[];
}

/** A receive m-line. The stream holds its one track, and stays the same for good. */
export interface Lane {
  readonly kind: 'audio' | 'video';
  readonly stream: MediaStream;
}

export class Peer {
  readonly #deps: PeerDeps;
  readonly #connection: RTCPeerConnection;
  readonly #senders: { readonly [S in Source]: RTCRtpTransceiver };
  readonly #lanes: { readonly transceiver: RTCRtpTransceiver; readonly lane: Lane }[] = [];
  #offer: RTCSessionDescriptionInit | null = null;
  #closed = false;

  constructor(deps: PeerDeps, onState: (state: RTCPeerConnectionState) => void) {
    this.#deps = deps;
    const connection = deps.newPeerConnection({ bundlePolicy: 'max-bundle' });
    this.#connection = connection;
    connection.onconnectionstatechange = () => {
      if (!this.#closed) {
        onState(connection.connectionState);
      }
    };
    this.#senders = {
      microphone: this.#add('audio', { direction: 'sendonly' }),
      camera: this.#add('video', { direction: 'sendonly', sendEncodings: layers.map(layer => ({ ...layer })) }),
      screen: this.#add('video', { direction: 'sendonly' }),
    };
    this.addLanes(LANES);
  }

  get state(): RTCPeerConnectionState {
    return this.#connection.connectionState;
  }

  /** How many lanes of each kind there are; some may still have to be negotiated. */
  get lanes(): number {
    return this.#lanes.length / 2;
  }

  /** Adds lanes, audio and video as many, up to MAX_LANES. They work after the next offer. */
  addLanes(count: number): void {
    const more = Math.min(count, MAX_LANES - this.lanes);
    for (const kind of ['audio', 'video'] as const) {
      for (let i = 0; i < more; i += 1) {
        const transceiver = this.#add(kind, { direction: 'recvonly' });
        const stream = this.#deps.newMediaStream([transceiver.receiver.track]);
        this.#lanes.push({ transceiver, lane: { kind, stream } });
      }
    }
  }

  /** Makes an offer and keeps it for accept. With ice: new credentials, so that every path is tried again. */
  async offer(options: { ice: boolean }): Promise<Offer> {
    const offer = await this.#connection.createOffer(options.ice ? { iceRestart: true } : {});
    this.#offer = offer;
    const sdp = offer.sdp ?? '';
    const mids = [...sdp.matchAll(/^a=mid:(.+?)\r?$/gm)].map(match => match[1] ?? '');
    const sources: readonly Source[] = ['microphone', 'camera', 'screen'];
    return { sdp, publish: sources.map((source, index) => ({ source, mid: mids[index] ?? String(index) })) };
  }

  /** Completes the last offer with the server's answer. */
  async accept(answer: string): Promise<void> {
    const offer = this.#offer;
    if (offer === null) {
      throw new Error('an answer without an offer');
    }
    this.#offer = null;
    await this.#connection.setLocalDescription(offer);
    await this.#connection.setRemoteDescription({ type: 'answer', sdp: answer });
  }

  /** The relays to use from the next (re)start of ICE on. */
  setIceServers(servers: readonly IceServer[]): void {
    const iceServers = servers.map(server => ({ ...server }));
    this.#connection.setConfiguration({ ...this.#connection.getConfiguration(), iceServers });
  }

  /** Puts a track on a source's m-line, or takes it off. Needs no negotiation. */
  async attach(source: Source, track: MediaStreamTrack | null): Promise<void> {
    const { sender } = this.#senders[source];
    if (sender.track !== track && !this.#closed) {
      await sender.replaceTrack(track);
    }
  }

  /** The lane of that mid; null while it is not negotiated. */
  lane(mid: string): Lane | null {
    return this.#lanes.find(({ transceiver }) => transceiver.mid === mid)?.lane ?? null;
  }

  stats(): Promise<RTCStatsReport> {
    return this.#connection.getStats();
  }

  close(): void {
    this.#closed = true;
    this.#connection.onconnectionstatechange = null;
    this.#connection.close();
  }

  #add(kind: 'audio' | 'video', init: RTCRtpTransceiverInit): RTCRtpTransceiver {
    const transceiver = this.#connection.addTransceiver(kind, init);
    this.#trim(kind, transceiver);
    return transceiver;
  }

  /** Leaves out the codecs that the server does not forward. An offer is a third as long then, and made sooner. */
  #trim(kind: 'audio' | 'video', transceiver: RTCRtpTransceiver): void {
    const known = this.#deps.codecs(kind)?.filter(codec => wanted.includes(codec.mimeType.toLowerCase())) ?? [];
    if (known.length === 0 || typeof transceiver.setCodecPreferences !== 'function') {
      return;
    }
    try {
      transceiver.setCodecPreferences(known);
    } catch {
      // Some browsers refuse a list that others take; the offer is only longer then.
    }
  }
}
