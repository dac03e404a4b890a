/** Short tones that need a person's gesture before the browser lets them sound. */
export class Chime {
  #context: AudioContext | null = null;

  /** Call it from a tap or click: from then on ring() is heard. True: the browser plays sound now. */
  async unlock(): Promise<boolean> {
    try {
      this.#context ??= new AudioContext();
      // A browser that wants a gesture first leaves this promise waiting for it.
      await Promise.race([this.#context.resume(), new Promise(resolve => setTimeout(resolve, 300))]);
      return this.#context.state === 'running';
    } catch {
      return false;
    }
  }

  /** Two soft notes, once or several times. Silent when the browser does not allow it. */
  ring(times = 1): void {
    const context = this.#context;
    if (context === null || context.state !== 'running') {
      return;
    }
    for (let time = 0; time < times; time++) {
      tone(context, 659.25, context.currentTime + time * 1.1);
      tone(context, 880, context.currentTime + time * 1.1 + 0.22);
    }
  }

  close(): void {
    void this.#context?.close();
    this.#context = null;
  }
}

function tone(context: AudioContext, hz: number, at: number): void {
  const oscillator = context.createOscillator();
  const gain = context.createGain();
  oscillator.type = 'sine';
  oscillator.frequency.value = hz;
  gain.gain.setValueAtTime(0.0001, at);
  gain.gain.exponentialRampToValueAtTime(0.3, at + 0.02);
  gain.gain.exponentialRampToValueAtTime(0.0001, at + 0.6);
  oscillator.connect(gain).connect(context.destination);
  oscillator.start(at);
  oscillator.stop(at + 0.65);
}
