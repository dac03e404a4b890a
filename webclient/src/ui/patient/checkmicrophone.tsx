import { useEffect, useState } from 'preact/hooks';
import type { MicrophoneResult } from '../../media/devicecheck';
import { CheckIcon, MicrophoneIcon, MicrophoneOffIcon } from '../icons';
import { useApp } from '../parts/app';
import { usePart } from '../parts/hooks';
import { DeviceChooser, Meter } from '../parts/media';
import { alreadyAllowed } from '../parts/permission';
import type { LocalPort } from '../parts/ports';
import { RefusedHelp } from '../parts/refused';
import { Heading } from '../parts/screen';

interface MicrophoneStepProps {
  readonly local: LocalPort;
  readonly practitioner: string;
  readonly onNext: (result: MicrophoneResult) => void;
}

/** Why we ask, then the question, then a bar that moves with the voice. */
export function MicrophoneStep({ local, practitioner, onNext }: MicrophoneStepProps) {
  const { t } = useApp();
  const words = t.check.microphone;
  const microphone = usePart(local, snapshot => snapshot.microphone);
  const [asking, setAsking] = useState(false);

  const open = async (): Promise<void> => {
    setAsking(true);
    await local.openMicrophone();
    setAsking(false);
  };
  useEffect(() => {
    void alreadyAllowed('microphone').then(allowed => {
      if (allowed && local.snapshot.microphone === 'off') {
        void open();
      }
    });
  }, []);

  if (microphone === 'on') {
    return <Listening local={local} onNext={onNext} />;
  }
  if (asking) {
    return (
      <div class="screen">
        <Heading title={t.check.title}>{words.asking}</Heading>
        <div class="illustration">
          <MicrophoneIcon />
        </div>
        <p>{words.askingHow}</p>
      </div>
    );
  }
  if (microphone === 'refused' || microphone === 'missing') {
    return (
      <div class="screen">
        <Heading title={t.check.title}>{microphone === 'refused' ? t.check.refused.microphone : words.missing}</Heading>
        {microphone === 'refused' ? (
          <RefusedHelp what="microphone" bySystem={local.snapshot.blockedBySystem} />
        ) : (
          <>
            <div class="illustration bad">
              <MicrophoneOffIcon />
            </div>
            <p>{words.missingHow}</p>
          </>
        )}
        <p>{t.check.refused.without}</p>
        <div class="actions">
          <button type="button" class="button primary" onClick={() => void open()}>
            {t.common.retry}
          </button>
          <button type="button" class="button" onClick={() => onNext(microphone)}>
            {words.without}
          </button>
        </div>
      </div>
    );
  }
  return (
    <div class="screen">
      <Heading title={t.check.title}>{words.heading}</Heading>
      <div class="illustration">
        <MicrophoneIcon />
      </div>
      <p>{words.why(practitioner)}</p>
      <p>{t.check.camera.willAsk}</p>
      <div class="actions">
        <button type="button" class="button primary" onClick={() => void open()}>
          {words.open}
        </button>
        <button type="button" class="button" onClick={() => onNext('skipped')}>
          {words.without}
        </button>
      </div>
    </div>
  );
}

function Listening({ local, onNext }: Omit<MicrophoneStepProps, 'practitioner'>) {
  const { t, announcer } = useApp();
  const words = t.check.microphone;
  const heard = usePart(local, snapshot => snapshot.heard);
  const [trouble, setTrouble] = useState(false);
  useEffect(() => {
    if (heard) {
      announcer.say(words.heard);
    }
  }, [heard]);
  return (
    <div class="screen">
      <Heading title={t.check.title}>{words.say}</Heading>
      <p>{words.sayHow}</p>
      <div class="card stack">
        <Meter local={local} label={words.level} />
        <p class={heard ? 'verdict good' : 'verdict'}>
          {heard && <CheckIcon />}
          {heard ? words.heard : words.listening}
        </p>
      </div>
      {trouble && !heard && (
        <ul class="bullets">
          {words.tips.map(tip => (
            <li key={tip}>{tip}</li>
          ))}
        </ul>
      )}
      <DeviceChooser local={local} kind="microphone" label={words.choose} />
      <div class="actions">
        {heard ? (
          <button type="button" class="button primary" onClick={() => onNext('ok')}>
            {t.common.continue}
          </button>
        ) : (
          <button type="button" class="button" onClick={() => (trouble ? onNext('silent') : setTrouble(true))}>
            {trouble ? words.continueAnyway : words.notMoving}
          </button>
        )}
      </div>
    </div>
  );
}
