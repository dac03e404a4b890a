// CallMedia is the media half of a call: the peer connection from its first offer to its end, what is attached to it, what comes in
// on its lanes, and how well it goes. It outlives websockets; a new session (not a resumed one) gets a new peer connection.

import type { Clock, Timer } from '../clock';
import type { LocalMedia } from '../media/localmedia';
import { NetworkMeter, SAMPLE_EVERY, sampleOf } from '../media/network';
import { type Lane, type Offer, Peer, type PeerDeps } from '../media/peer';
import type { Answer, CallRequest, Done, IceServer, LanesEvent, LaneUse, Quality, Source } from '../protocol/messages';
import { PathGuard } from './pathguard';
import { Publisher, type Wish } from './publisher';
import { Renegotiation } from './renegotiation';

export interface CallMediaDeps {
  readonly local: LocalMedia;
  readonly peer: PeerDeps;
  readonly clock: Clock;
  request(request: CallRequest): Promise<Done>;
  requestOffer(request: Extract<CallRequest, { type: 'offer' }>): Promise<Answer>;
  /** Tiles, the connection's state or its quality may be others now. */
  changed(): void;
  /** Join again with a new connection: the path is beyond repair, or ('relays') the relays have to be tried. */
  startOver(why: 'broken' | 'relays'): void;
  problem(code: string): void;
}

/** A lane in use: whose, and the stream to show or play. */
export interface UsedLane extends Lane {
  readonly use: LaneUse;
}

export class CallMedia {
  readonly #deps: CallMediaDeps;
  readonly #publisher: Publisher;
  readonly #guard: PathGuard;
  readonly #meter = new NetworkMeter();
  #peer: Peer | null = null;
  #renegotiation: Renegotiation | null = null;
  /** The first offer, until it is answered: a websocket lost before that does not cost a new connection. */
  #offer: Promise<Offer> | null = null;
  /** What the server offers for networks that let nothing else through. */
  #relays: readonly IceServer[] = [];
  /**
   * The way without relays was blocked. Before that the browser is not told of them: they listen where the media does, and Chromium takes
   * whatever comes from a TURN server's address for that server's, so that no direct check would ever be answered (libwebrtc,
   * AllocationSequence::OnReadPacket).
   */
  #blocked = false;
  /** This connection was up once. */
  #wasUp = false;
  #accepted = false;
  #admitted = false;
  #lanes: readonly LaneUse[] = [];
  #missing = 0;
  #sampling: Timer | null = null;

  constructor(deps: CallMediaDeps) {
    this.#deps = deps;
    this.#publisher = new Publisher({
      wish: source => this.#wish(source),
      attach: (source, track) => this.#peer?.attach(source, track) ?? Promise.resolve(),
      request: deps.request,
      refused: deps.problem,
    });
    this.#guard = new PathGuard(deps.clock, {
      restart: () => this.#retry(),
      startOver: () => deps.startOver('broken'),
    });
  }

  get state(): RTCPeerConnectionState {
    return this.#peer?.state ?? 'new';
  }

  /** How the connection does, by this tab's own counters. */
  get quality(): Quality {
    return this.#meter.word;
  }

  /** The lanes that carry something now. One that is not negotiated yet is left out until it is. */
  get lanes(): readonly UsedLane[] {
    return this.#lanes.flatMap(use => {
      const lane = this.#peer?.lane(use.mid) ?? null;
      return lane === null ? [] : [{ ...lane, use }];
    });
  }

  /** The offer to join with, on a new peer connection unless the last one was never answered. */
  prepare(): Promise<Offer> {
    if (this.#offer === null) {
      this.discard();
      const peer = new Peer(this.#deps.peer, state => this.#handleState(peer, state));
      this.#peer = peer;
      const offer = peer.offer({ ice: false });
      this.#offer = offer;
      offer.catch(() => {
        if (this.#offer === offer) {
          this.#offer = null;
        }
      });
    }
    return this.#offer;
  }

  /** Takes in the answer to the offer of prepare. Rejects when the browser refuses it. */
  async accept(answer: string, iceServers: readonly IceServer[]): Promise<void> {
    const peer = this.#peer;
    if (peer === null) {
      return;
    }
    this.#offer = null;
    this.handleIceServers(iceServers);
    try {
      await peer.accept(answer);
    } catch (error) {
      if (peer === this.#peer) {
        throw error;
      }
    }
    if (peer !== this.#peer) {
      return; // given up meanwhile
    }
    this.#accepted = true;
    this.#guard.begin();
    this.#renegotiation = new Renegotiation(peer, {
      request: this.#deps.requestOffer,
      done: this.#deps.changed,
      refused: (reason, code) => (reason === 'ice' ? this.#deps.startOver('broken') : this.#deps.problem(code)),
    });
    this.#renegotiation.handleMissing(this.#missing);
    if (this.#admitted) {
      this.admit();
    }
    this.#deps.changed();
  }

  /** In the call: the tracks are attached, and the server told. */
  admit(): void {
    this.#admitted = true;
    if (this.#accepted) {
      this.#publisher.start();
      this.#sample();
    }
  }

  /** Back in the waiting room: nothing leaves the device any more. */
  withdraw(): void {
    this.#admitted = false;
    this.#lanes = [];
    this.#publisher.stop();
    this.#deps.local.stopScreen();
    this.#stopSampling();
  }

  /** The person's devices give something else now. */
  handleLocal(): void {
    this.#publisher.sync();
  }

  handleLanes({ lanes, missing }: LanesEvent): void {
    this.#lanes = lanes;
    this.#missing = missing;
    this.handlePublications();
    this.#renegotiation?.handleMissing(missing);
  }

  /** Somebody switched something on or off: pictures stand still and move again on purpose. */
  handlePublications(): void {
    this.#meter.picturesChanged(this.#deps.clock.now());
  }

  /** The newest relays, with credentials that last a while. */
  handleIceServers(servers: readonly IceServer[]): void {
    this.#relays = servers;
    this.#offerRelays();
  }

  /** The path is dead, or there never was one. A connection that never was up begins anew: Firefox sends nothing on one whose first checks all failed. */
  #retry(): void {
    const first = !this.#blocked && !this.#wasUp;
    this.#blocked = true;
    if (first) {
      this.#deps.startOver('relays');
    } else {
      this.#offerRelays();
      this.restartIce();
    }
  }

  /** Used by the browser from the next (re)start of ICE on. */
  #offerRelays(): void {
    if (this.#blocked) {
      this.#peer?.setIceServers(this.#relays);
    }
  }

  /** The websocket came back with the same session, or went. */
  handleSocket(up: boolean): void {
    this.#guard.handleSocket(up);
    if (up) {
      this.#publisher.sync();
      this.#renegotiation?.retry();
    }
  }

  restartIce(): void {
    this.#renegotiation?.restartIce();
  }

  /** Ends the peer connection. */
  discard(): void {
    this.#publisher.stop();
    this.#renegotiation?.close();
    this.#renegotiation = null;
    this.#guard.reset();
    this.#meter.restart();
    this.#stopSampling();
    this.#peer?.close();
    this.#peer = null;
    this.#offer = null;
    this.#accepted = false;
    this.#wasUp = false;
    this.#admitted = false;
    this.#lanes = [];
    this.#missing = 0;
  }

  close(): void {
    this.#guard.close();
    this.discard();
  }

  /** A camera that was switched off is a pause that others see; one that never was on is nothing. */
  #wish(source: Source): Wish {
    const { local } = this.#deps;
    const track = local.track(source);
    if (track !== null) {
      return { track, muted: source === 'microphone' && local.snapshot.microphone !== 'on' };
    }
    const paused = source === 'camera' && local.snapshot.camera === 'off' && this.#publisher.published('camera');
    return paused ? { track: null, muted: true } : null;
  }

  #handleState(peer: Peer, state: RTCPeerConnectionState): void {
    if (peer !== this.#peer) {
      return;
    }
    this.#guard.handleState(state);
    if (state === 'connected') {
      this.#wasUp = true;
      this.#sample();
    }
    this.#deps.changed();
  }

  #sample(): void {
    const peer = this.#peer;
    if (this.#sampling !== null || peer === null || !this.#admitted) {
      return;
    }
    this.#sampling = this.#deps.clock.after(SAMPLE_EVERY, () => {
      this.#sampling = null;
      peer
        .stats()
        .then(stats => {
          if (peer === this.#peer && peer.state === 'connected') {
            this.#meter.add(sampleOf(stats, this.#deps.clock.now()));
            this.#deps.changed();
          }
        })
        .catch(() => undefined); // a connection that is closing has no counters
      this.#sample();
    });
  }

  #stopSampling(): void {
    this.#deps.clock.cancel(this.#sampling);
    this.#sampling = null;
  }
}
