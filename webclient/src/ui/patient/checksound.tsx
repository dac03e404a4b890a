import { useState } from 'preact/hooks';
import type { SoundResult } from '../../media/devicecheck';
import { SoundIcon } from '../icons';
import { useApp } from '../parts/app';
import { systemOf } from '../parts/browser';
import { DeviceChooser } from '../parts/media';
import type { LocalPort } from '../parts/ports';
import { Heading } from '../parts/screen';

interface SoundStepProps {
  readonly local: LocalPort;
  readonly practitioner: string;
  readonly onNext: (result: SoundResult) => void;
  /** For the gallery: where to begin. */
  readonly first?: Stage;
}

type Stage = 'before' | 'asked' | 'trouble';

/** A soft tune, and one question with two answers of equal size. */
export function SoundStep({ local, practitioner, onNext, first = 'before' }: SoundStepProps) {
  const { t } = useApp();
  const words = t.check.sound;
  const [stage, setStage] = useState<Stage>(first);
  const [playing, setPlaying] = useState(false);
  const play = async (): Promise<void> => {
    setPlaying(true);
    setStage(stage === 'before' ? 'asked' : stage);
    await local.playTestSound();
    setPlaying(false);
  };
  const again = (
    <button type="button" class="button" disabled={playing} onClick={() => void play()}>
      <SoundIcon />
      {playing ? words.playing : words.again}
    </button>
  );

  if (stage === 'before') {
    return (
      <div class="screen">
        <Heading title={t.check.title}>{words.heading}</Heading>
        <div class="illustration">
          <SoundIcon />
        </div>
        <p>{words.why(practitioner)}</p>
        <div class="actions">
          <button type="button" class="button primary" onClick={() => void play()}>
            <SoundIcon />
            {words.play}
          </button>
        </div>
      </div>
    );
  }
  if (stage === 'asked') {
    return (
      <div class="screen">
        <Heading title={t.check.title}>{words.question}</Heading>
        <div class="illustration">
          <SoundIcon />
        </div>
        {again}
        <div class="actions">
          <div class="pair">
            <button type="button" class="button primary" onClick={() => onNext('heard')}>
              {words.yes}
            </button>
            <button type="button" class="button" onClick={() => setStage('trouble')}>
              {words.no}
            </button>
          </div>
        </div>
      </div>
    );
  }
  const apple = systemOf(navigator.userAgent, navigator.maxTouchPoints) === 'ios';
  return (
    <div class="screen">
      <Heading title={t.check.title}>{words.tipsHeading}</Heading>
      <ol class="steps">
        {[...words.tips.slice(0, 1), ...(apple ? [words.tipApple] : []), ...words.tips.slice(1)].map(tip => (
          <li key={tip}>{tip}</li>
        ))}
      </ol>
      <DeviceChooser local={local} kind="speaker" label={words.choose} />
      {again}
      <div class="actions">
        <button type="button" class="button primary" onClick={() => onNext('heard')}>
          {words.now}
        </button>
        <button type="button" class="button" onClick={() => onNext('not-heard')}>
          {words.continueAnyway}
        </button>
      </div>
    </div>
  );
}
