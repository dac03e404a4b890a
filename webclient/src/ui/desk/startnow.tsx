import { useEffect, useRef, useState } from 'preact/hooks';
import { type Language, languageCodes, languages } from '../i18n';
import { deskWords } from '../i18n/desk';
import { useApp } from '../parts/app';
import { SelectField, TextField } from '../parts/field';
import { usePart } from '../parts/hooks';
import type { DeskPort } from '../parts/ports';
import { LinkCard } from './link';
import { patientOf } from './names';

export interface Started {
  readonly id: string;
  readonly name: string;
  readonly link: string;
}

interface StartNowProps {
  readonly desk: DeskPort;
  /** For the gallery. */
  readonly first?: Started | null;
}

/** Start a consultation now: a name that only the practitioner sees, a language, a link. */
export function StartNow({ desk, first = null }: StartNowProps) {
  const { t, language } = useApp(deskWords);
  const [name, setName] = useState('');
  const [theirs, setTheirs] = useState<Language>(language);
  const [started, setStarted] = useState<Started | null>(first);
  const [state, setState] = useState<'ready' | 'working' | 'failed'>('ready');
  const ready = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (started !== null && started !== first) {
      ready.current?.focus();
    }
  }, [started]);

  const start = async (): Promise<void> => {
    setState('working');
    try {
      const { id, link } = await desk.start(name.trim(), theirs);
      setStarted({ id, name: name.trim(), link });
      setName('');
      setState('ready');
    } catch {
      setState('failed');
    }
  };

  if (started !== null) {
    return (
      <section class="stack" aria-labelledby="start-heading">
        <h2 id="start-heading" ref={ready} tabIndex={-1}>
          {started.name === '' ? t.desk.linkReady : t.desk.linkReadyFor(started.name)}
        </h2>
        <LinkCard link={started.link} />
        <StartedState desk={desk} id={started.id} />
        <button type="button" class="button small" onClick={() => setStarted(null)}>
          {t.desk.another}
        </button>
      </section>
    );
  }
  return (
    <section class="stack" aria-labelledby="start-heading">
      <h2 id="start-heading">{t.desk.startHeading}</h2>
      <form
        class="stack"
        onSubmit={event => {
          event.preventDefault();
          void start();
        }}
      >
        <TextField
          label={t.desk.startName}
          hint={t.desk.startNameHint}
          value={name}
          maxLength={80}
          autocomplete="off"
          onInput={setName}
        />
        <SelectField
          label={t.desk.startLanguage}
          value={theirs}
          choices={languageCodes.map(value => ({ value, label: languages[value].name }))}
          onChoose={setTheirs}
        />
        {state === 'failed' && (
          <p class="notice bad" role="alert">
            {t.desk.failed}
          </p>
        )}
        <button type="submit" class="button primary" disabled={state === 'working'}>
          {t.desk.startButton}
        </button>
      </form>
    </section>
  );
}

function StartedState({ desk, id }: { readonly desk: DeskPort; readonly id: string }) {
  const { t } = useApp(deskWords);
  const place = usePart(desk, snapshot => {
    const consultation = snapshot.consultations.find(one => one.id === id);
    return consultation === undefined ? null : (patientOf(consultation)?.place ?? null);
  });
  if (place === null) {
    return null;
  }
  return (
    <p class="chip" role="status">
      {place === 'invited'
        ? t.desk.waitingForOpen
        : place === 'waiting'
          ? t.desk.stateWaiting
          : place === 'call'
            ? t.desk.stateCall
            : t.desk.stateLeft}
    </p>
  );
}
