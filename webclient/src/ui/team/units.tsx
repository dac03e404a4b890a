import { useState } from 'preact/hooks';
import { refusalOf } from '../../session/entering';
import type { Unit } from '../../session/team';
import { wordsFor } from '../entering/refusals';
import { useProof } from '../entering/useproof';
import { enteringWords } from '../i18n/entering';
import { teamWords } from '../i18n/team';
import { useApp } from '../parts/app';
import { CheckField, TextField } from '../parts/field';
import { useShell } from '../shell/context';

/** The units of the practice, and whether each shares its patients. */
export function Units({ units, onSaved }: { readonly units: readonly Unit[]; readonly onSaved: () => void }) {
  const { desk, toasts } = useShell();
  const { t } = useApp(teamWords);
  const { t: entering } = useApp(enteringWords);
  const [name, setName] = useState('');
  const { proof, proven } = useProof(null);
  const attempt = async (method: string, path: string, body: object): Promise<void> => {
    try {
      await proven(() => desk.request(method, path, body));
      toasts.say(t.common.saved);
      setName('');
      onSaved();
    } catch (error) {
      toasts.warn(wordsFor(refusalOf(error), entering));
    }
  };
  return (
    <section class="card stack" aria-labelledby="units">
      <h2 id="units">{t.team.unitsHeading}</h2>
      <p class="quiet">{t.team.unitsMore}</p>
      {units.length === 0 && <p>{t.team.unitsNone}</p>}
      <ul class="means">
        {units.map(unit => (
          <li key={unit.id}>
            <p>
              <b>{unit.name}</b>
            </p>
            <CheckField
              label={t.team.unitShares}
              checked={unit.shares}
              onCheck={shares =>
                void attempt('PATCH', `/units/${encodeURIComponent(unit.id)}`, {
                  name: unit.name,
                  shares_patients: shares,
                })
              }
            />
          </li>
        ))}
      </ul>
      <form
        class="stack"
        onSubmit={event => {
          event.preventDefault();
          void attempt('POST', '/units', { name: name.trim() });
        }}
      >
        <TextField label={t.team.unitName} required value={name} maxLength={80} autocomplete="off" onInput={setName} />
        <div class="row">
          <button type="submit" class="button small">
            {t.team.unitAdd}
          </button>
        </div>
      </form>
      {proof}
    </section>
  );
}
