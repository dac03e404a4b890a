// What WebAudio is needed for: the level of the microphone, and a test sound made on the spot (no file to load).

import type { Clock, Timer } from '../clock';

/** ms between two looks at the level: 15 a second. */
const EVERY = 66;
/** dB below full scale that show as an empty and as a full bar. */
const QUIET = -60;
const LOUD = -12;
/** From this level on somebody has been heard: about -42 dB, over the hum of a room. */
export const VOICE = 0.375;

/** Root mean square of samples as a bar from 0 to 1, by decibels, as ears judge. */
export function levelOf(samples: Float32Array): number {
  let sum = 0;
  for (const sample of samples) {
    sum += sample * sample;
  }
  const rms = Math.sqrt(sum / Math.max(1, samples.length));
  const decibels = 20 * Math.log10(Math.max(rms, 1e-6));
  return Math.min(1, Math.max(0, (decibels - QUIET) / (LOUD - QUIET)));
}

/** Measures one microphone track until stopped. */
export class LevelMeter {
  readonly #clock: Clock;
  readonly #source: MediaStreamAudioSourceNode;
  readonly #analyser: AnalyserNode;
  readonly #samples: Float32Array<ArrayBuffer>;
  #timer: Timer | null = null;

  constructor(clock: Clock, context: AudioContext, stream: MediaStream, onLevel: (level: number) => void) {
    this.#clock = clock;
    this.#analyser = context.createAnalyser();
    this.#analyser.fftSize = 1024;
    this.#samples = new Float32Array(this.#analyser.fftSize);
    this.#source = context.createMediaStreamSource(stream);
    this.#source.connect(this.#analyser);
    const look = (): void => {
      this.#analyser.getFloatTimeDomainData(this.#samples);
      onLevel(levelOf(this.#samples));
      this.#timer = this.#clock.after(EVERY, look);
    };
    look();
  }

  stop(): void {
    this.#clock.cancel(this.#timer);
    this.#timer = null;
    this.#source.disconnect();
  }
}

/** Hz and seconds of the test sound: a rising fifth and an octave, soft, twice. */
const notes: readonly { readonly hz: number; readonly at: number; readonly lasts: number }[] = [
  { hz: 392, at: 0, lasts: 0.35 },
  { hz: 587.33, at: 0.3, lasts: 0.35 },
  { hz: 783.99, at: 0.6, lasts: 0.6 },
  { hz: 392, at: 1.4, lasts: 0.35 },
  { hz: 587.33, at: 1.7, lasts: 0.35 },
  { hz: 783.99, at: 2.0, lasts: 0.6 },
];
/** ms that the test sound lasts. */
export const TEST_SOUND = 2600;

/** Plays the test sound; the caller waits TEST_SOUND. */
export function playNotes(context: AudioContext): void {
  const begin = context.currentTime + 0.05;
  for (const { hz, at, lasts } of notes) {
    const tone = context.createOscillator();
    const gain = context.createGain();
    tone.type = 'triangle';
    tone.frequency.value = hz;
    gain.gain.setValueAtTime(0, begin + at);
    gain.gain.linearRampToValueAtTime(0.25, begin + at + 0.03);
    gain.gain.exponentialRampToValueAtTime(0.001, begin + at + lasts);
    tone.connect(gain);
    gain.connect(context.destination);
    tone.start(begin + at);
    tone.stop(begin + at + lasts);
  }
}
