// A call in the real browser: what ui's entries call, and tests never do.

import { LocalMedia } from '../media/localmedia';
import type { PeerDeps } from '../media/peer';
import { Call } from './call';
import { clock, log, openSocket, random, whenBack } from './environment';

const newMediaStream = (tracks: MediaStreamTrack[]): MediaStream => new MediaStream(tracks);

const peer: PeerDeps = {
  newPeerConnection: config => new RTCPeerConnection(config),
  newMediaStream,
  codecs: kind => globalThis.RTCRtpReceiver?.getCapabilities?.(kind)?.codecs ?? null,
};

/** The devices of this tab. One for the whole page. */
export function newLocalMedia(): LocalMedia {
  const media = globalThis.HTMLMediaElement?.prototype;
  return new LocalMedia({
    // Undefined, whatever the types say, on a page that is not a secure context.
    mediaDevices: (navigator.mediaDevices as MediaDevices | undefined) ?? null,
    newAudioContext: () => new AudioContext(),
    newMediaStream,
    canChooseSpeaker: media !== undefined && 'setSinkId' in media,
    clock,
  });
}

/** A call that is not joined yet. */
export function newCall(local: LocalMedia): Call {
  return new Call({ local, peer, openSocket, clock, random, whenBack, log });
}
