import { useApp } from './app';
import { browserOf, systemOf } from './browser';

interface RefusedProps {
  readonly what: 'camera' | 'microphone';
  readonly bySystem: boolean;
}

/** How to allow the camera or microphone again, in this very browser or in the system's settings. */
export function RefusedHelp({ what, bySystem }: RefusedProps) {
  const { t } = useApp();
  const words = t.check.refused;
  const touches = navigator.maxTouchPoints;
  const steps = bySystem
    ? words.systemSteps[systemOf(navigator.userAgent, touches)]
    : words.steps[browserOf(navigator.userAgent, touches)];
  return (
    <div class="card stack">
      <p>
        <b>{bySystem ? words.bySystem[what] : words.how}</b>
      </p>
      <ol class="steps">
        {steps.map(step => (
          <li key={step}>{step}</li>
        ))}
      </ol>
    </div>
  );
}
