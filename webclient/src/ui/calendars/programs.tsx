import { useState } from 'preact/hooks';
import {
  type Access,
  type AppPassword,
  type Calendars,
  newAppPassword,
  revokeAppPassword,
} from '../../session/calendars';
import { calendarsWords } from '../i18n/calendars';
import { useApp } from '../parts/app';
import { CopyLink } from '../parts/copy';
import { TextField } from '../parts/field';
import { RemoveQuestion } from '../parts/kept';
import { useShell } from '../shell/context';
import type { Doing } from './section';

interface PartProps {
  readonly all: Calendars;
  readonly doing: Doing;
}

/** The programs that are let in, and how to let one more in. */
export function Programs({ all, doing }: PartProps) {
  const { t, format } = useApp(calendarsWords);
  const { desk } = useShell();
  const request = desk.request.bind(desk);
  const words = t.calendars;
  const [name, setName] = useState('');
  const [made, setMade] = useState<Access | null>(null);
  const [removing, setRemoving] = useState<AppPassword | null>(null);
  const make = async (): Promise<void> => {
    if (await doing.attempt(async () => setMade(await newAppPassword(request, name.trim())))) {
      setName('');
    }
  };
  return (
    <>
      <section class="card stack" aria-labelledby="calendar-programs">
        <h2 id="calendar-programs">{words.programs}</h2>
        {all.passwords.length === 0 && <p class="quiet">{words.none}</p>}
        <ul class="means">
          {all.passwords.map(one => (
            <li key={one.id}>
              <p>
                <b>{one.name}</b>
                <br />
                <span class="quiet">{one.usedAt === '' ? words.neverUsed : words.usedAt(format.when(one.usedAt))}</span>
              </p>
              <button
                type="button"
                class="button small"
                aria-label={words.removeOf(one.name)}
                onClick={() => setRemoving(one)}
              >
                {words.remove}
              </button>
            </li>
          ))}
        </ul>
        <form
          class="stack"
          onSubmit={event => {
            event.preventDefault();
            void make();
          }}
        >
          <TextField
            label={words.name}
            hint={words.nameHint}
            required
            value={name}
            maxLength={60}
            autocomplete="off"
            onInput={setName}
          />
          <button type="submit" class="button primary" disabled={doing.working}>
            {words.make}
          </button>
        </form>
      </section>
      {made !== null && <Made address={all.address} made={made} />}
      {removing !== null && (
        <RemoveQuestion
          name={removing.name}
          words={words}
          onNo={() => setRemoving(null)}
          onYes={() => {
            void doing.attempt(() => revokeAppPassword(request, removing.id));
            setRemoving(null);
            setMade(null); // it may be that one
          }}
        />
      )}
    </>
  );
}

/** What is typed into the program, once, and where. */
export function Made({ address, made }: { readonly address: string; readonly made: Access }) {
  const { t } = useApp(calendarsWords);
  const words = t.calendars;
  const rows = [
    { label: words.address, value: address },
    { label: words.user, value: made.user },
    { label: words.password, value: made.password },
  ];
  return (
    <section class="card stack" aria-labelledby="calendar-made">
      <h2 id="calendar-made">{words.made}</h2>
      <p role="status">{words.madeMore}</p>
      {rows.map(row => (
        <div key={row.label} class="stack">
          <p>
            <b>{row.label}</b>
          </p>
          <CopyLink link={row.value} label={row.label} copy={words.copy} />
        </div>
      ))}
      {(['thunderbird', 'apple', 'davx5'] as const).map(program => (
        <details key={program}>
          <summary>{words.how[program].name}</summary>
          <ol>
            {words.how[program].steps.map(step => (
              <li key={step}>{step}</li>
            ))}
          </ol>
        </details>
      ))}
    </section>
  );
}
