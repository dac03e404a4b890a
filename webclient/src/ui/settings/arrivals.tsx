import { useEffect, useState } from 'preact/hooks';
import { bellWanted } from '../../session/bell';
import { type PushState, pushState, turnPushOff, turnPushOn } from '../../session/push';
import { preferencesWords } from '../i18n/preferences';
import { useApp } from '../parts/app';
import { CheckField } from '../parts/field';
import { useMay, useShell } from '../shell/context';

/** How this browser says who comes to wait. Pushes are the practitioner's own. */
export function ArrivalsSection() {
  const mayCall = useMay('call');
  return (
    <div class="stack">
      <Bell />
      {mayCall && <Push />}
    </div>
  );
}

/** Whether a page that is open rings. */
function Bell() {
  const { t } = useApp(preferencesWords);
  const [wanted, setWanted] = useState(() => bellWanted.read());
  const words = t.preferences.bell;
  return (
    <div class="card stack">
      <h2>{words.heading}</h2>
      <CheckField
        label={words.ring}
        checked={wanted}
        onCheck={on => {
          bellWanted.keep(on);
          setWanted(on);
        }}
      />
      <p class="quiet">{words.more}</p>
    </div>
  );
}

/** Being told who comes to wait while no page is open, in this browser. */
function Push() {
  const { desk } = useShell();
  const { t, language } = useApp(preferencesWords);
  const [state, setState] = useState<PushState | null>(null);
  const [failed, setFailed] = useState(false);
  const request = (method: string, path: string, body?: unknown): Promise<unknown> => desk.request(method, path, body);
  const settle = (what: Promise<PushState>): void => {
    setFailed(false);
    what.then(setState, () => setFailed(true));
  };
  useEffect(() => settle(pushState(request)), []);
  const words = t.preferences.push;
  return (
    <div class="card stack">
      <h2>{words.heading}</h2>
      <p>{words.more}</p>
      <p role="status">{failed ? t.common.failed : state === null ? t.common.loading : words.states[state]}</p>
      {(state === 'on' || state === 'off') && (
        <div class="row">
          <button
            type="button"
            class={state === 'on' ? 'button' : 'button primary'}
            onClick={() => settle(state === 'on' ? turnPushOff(request) : turnPushOn(request, language))}
          >
            {state === 'on' ? words.turnOff : words.turnOn}
          </button>
        </div>
      )}
    </div>
  );
}
