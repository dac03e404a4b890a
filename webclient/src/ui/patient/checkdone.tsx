import type { Devices } from '../../session/call';
import { CheckIcon, WarningIcon } from '../icons';
import { useApp } from '../parts/app';
import { Heading } from '../parts/screen';

interface DoneProps {
  readonly devices: Devices;
  readonly practitioner: string;
  /** Whether the practitioner has the result; null while that is not known. */
  readonly told: boolean | null;
  /** Null: the waiting room is not open yet. */
  readonly onEnter: (() => void) | null;
  readonly onAgain: () => void;
}

/** The end of a test that was made for its own sake. */
export function CheckDone({ devices, practitioner, told, onEnter, onAgain }: DoneProps) {
  const { t } = useApp();
  const words = t.check.done;
  const lines: readonly (readonly [boolean, string])[] = [
    [devices.camera === 'ok', words.camera[devices.camera]],
    [devices.microphone === 'ok', words.microphone[devices.microphone]],
    [devices.sound === 'heard', words.sound[devices.sound]],
  ];
  return (
    <div class="screen">
      <Heading>{lines.every(([good]) => good) ? words.heading : words.headingPartly}</Heading>
      <p>{words.intro}</p>
      <ul class="card results">
        {lines.map(([good, line]) => (
          <li key={line} class={good ? 'good' : undefined}>
            {good ? <CheckIcon /> : <WarningIcon />}
            {line}
          </li>
        ))}
      </ul>
      <p role="status">{told === null ? '' : told ? words.sent(practitioner) : words.notSent}</p>
      {onEnter === null && <p>{words.keepLink}</p>}
      <div class="actions">
        {onEnter === null ? (
          <button type="button" class="button primary" onClick={() => history.back()}>
            {words.back}
          </button>
        ) : (
          <button type="button" class="button primary" onClick={onEnter}>
            {words.enter}
          </button>
        )}
        <button type="button" class="button" onClick={onAgain}>
          {words.again}
        </button>
      </div>
    </div>
  );
}
