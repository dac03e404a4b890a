import { useState } from 'preact/hooks';
import type { Devices } from '../../session/call';
import { useApp } from '../parts/app';
import type { LocalPort } from '../parts/ports';
import { CameraStep } from './checkcamera';
import { CheckDone } from './checkdone';
import { MicrophoneStep } from './checkmicrophone';
import { SoundStep } from './checksound';
import type { Seat } from './seat';

interface CheckProps {
  readonly local: LocalPort;
  /** "test": nothing follows by itself; "enter": the waiting room does. */
  readonly aim: 'test' | 'enter';
  readonly practitioner: string;
  readonly onEnter: (seat: Seat) => void;
  /** The waiting room is not open yet. */
  readonly early: () => boolean;
  /** Tells the practitioner what was found. False: that did not work. */
  readonly report: (devices: Devices) => Promise<boolean>;
  /** For the gallery: where to begin. */
  readonly first?: Step;
  readonly results?: Devices;
}

export type Step = 'camera' | 'microphone' | 'sound' | 'done';

const untried: Devices = { camera: 'skipped', microphone: 'skipped', sound: 'skipped' };
const order: readonly Step[] = ['camera', 'microphone', 'sound'];

/** The device check: one thing a screen, everything can be passed over. */
export function Check({
  local,
  aim,
  practitioner,
  onEnter,
  early,
  report,
  first = 'camera',
  results = untried,
}: CheckProps) {
  const { t } = useApp();
  const [step, setStep] = useState<Step>(first);
  const [devices, setDevices] = useState<Devices>(results);
  const [told, setTold] = useState<boolean | null>(null);
  const [without, setWithout] = useState({ camera: false, microphone: false });

  const finish = (found: Devices): void => {
    if (aim === 'enter') {
      onEnter(seatOf(found));
    } else {
      setStep('done');
      setTold(null);
      void report(found).then(setTold);
    }
  };
  const seatOf = (found: Devices): Seat => ({
    devices: found,
    camera: !without.camera && found.camera !== 'missing',
    microphone: !without.microphone,
  });
  const restart = (): void => {
    setDevices(untried);
    setWithout({ camera: false, microphone: false });
    setStep('camera');
  };

  if (step === 'done') {
    return (
      <CheckDone
        devices={devices}
        practitioner={practitioner}
        told={told}
        onEnter={early() ? null : () => onEnter(seatOf(devices))}
        onAgain={restart}
      />
    );
  }
  const number = order.indexOf(step) + 1;
  return (
    <>
      <div class="progress">
        <div class="dots">
          {order.map((one, index) => (
            <i key={one} class={index < number ? 'done' : undefined} />
          ))}
          <p>{t.check.step(number, order.length)}</p>
        </div>
        <button type="button" class="button plain small" onClick={() => finish(devices)}>
          {t.check.skipAll}
        </button>
      </div>
      {step === 'camera' && (
        <CameraStep
          local={local}
          practitioner={practitioner}
          onNext={camera => {
            setDevices({ ...devices, camera });
            setWithout({ ...without, camera: camera === 'skipped' });
            setStep('microphone');
          }}
        />
      )}
      {step === 'microphone' && (
        <MicrophoneStep
          local={local}
          practitioner={practitioner}
          onNext={microphone => {
            setDevices({ ...devices, microphone });
            setWithout({ ...without, microphone: microphone === 'skipped' });
            setStep('sound');
          }}
        />
      )}
      {step === 'sound' && (
        <SoundStep
          local={local}
          practitioner={practitioner}
          onNext={sound => {
            const found: Devices = { ...devices, sound };
            setDevices(found);
            finish(found);
          }}
        />
      )}
    </>
  );
}
