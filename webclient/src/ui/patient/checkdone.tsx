import type { Devices } from '../../session/call';
import { CheckIcon, WarningIcon } from '../icons';
import { useApp } from '../parts/app';
import { Heading } from '../parts/screen';

interface DoneProps {
  readonly devices: Devices;
  readonly onEnter: () => void;
  readonly onAgain: () => void;
}

/** The end of a test that was made for its own sake. */
export function CheckDone({ devices, onEnter, onAgain }: DoneProps) {
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
      <div class="actions">
        <button type="button" class="button primary" onClick={onEnter}>
          {words.enter}
        </button>
        <button type="button" class="button" onClick={onAgain}>
          {words.again}
        </button>
      </div>
    </div>
  );
}
