import { useState } from 'preact/hooks';
import { refusalOf } from '../../session/entering';
import type { Member } from '../../session/team';
import { wordsFor } from '../entering/refusals';
import { enteringWords } from '../i18n/entering';
import { teamWords } from '../i18n/team';
import { useApp } from '../parts/app';
import { CheckField } from '../parts/field';
import { useShell } from '../shell/context';

interface DelegatesProps {
  readonly secretaries: readonly Member[];
  readonly chosen: readonly string[];
  readonly onSaved: () => void;
}

/** Which secretaries act for the practitioner who is signed in. Each tick is saved at once. */
export function Delegates({ secretaries, chosen, onSaved }: DelegatesProps) {
  const { desk, toasts } = useShell();
  const { t } = useApp(teamWords);
  const { t: entering } = useApp(enteringWords);
  const [now, setNow] = useState(chosen);
  const choose = async (id: string, on: boolean): Promise<void> => {
    const next = on ? [...now, id] : now.filter(one => one !== id);
    setNow(next);
    try {
      await desk.request('PUT', '/me/delegates', { delegates: next });
      toasts.say(t.common.saved);
      onSaved();
    } catch (error) {
      setNow(now);
      toasts.warn(wordsFor(refusalOf(error), entering));
    }
  };
  return (
    <section class="card stack" aria-labelledby="delegates">
      <h2 id="delegates">{t.team.delegates}</h2>
      <p class="quiet">{secretaries.length === 0 ? t.team.delegatesNone : t.team.delegatesMore}</p>
      {secretaries.map(one => (
        <CheckField
          key={one.id}
          label={one.name}
          checked={now.includes(one.id)}
          onCheck={on => void choose(one.id, on)}
        />
      ))}
    </section>
  );
}
