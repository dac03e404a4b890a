import { useEffect, useRef, useState } from 'preact/hooks';
import { type Day, visitorOf } from '../../session/day';
import { DeskError } from '../../session/http';
import { nameOf } from '../../session/patients';
import { deskWords } from '../i18n/desk';
import { patientsWords } from '../i18n/patients';
import { todayWords } from '../i18n/today';
import { useApp } from '../parts/app';
import { usePart } from '../parts/hooks';
import type { DeskPort } from '../parts/ports';
import { PersonFields, useChosenPerson } from '../patients/person';
import { LinkCard } from './link';
import { patientOf } from './names';

interface Started {
  readonly id: string;
  readonly name: string;
  readonly link: string;
  /** It was to be sent. */
  readonly told: boolean;
}

interface StartNowProps {
  readonly desk: DeskPort;
  readonly day: Day;
  readonly onStarted: () => void;
}

/** Start a consultation now: a telephone number or a mail address and the link is on its way, or nothing and it is handed over. */
export function StartNow({ desk, day, onStarted }: StartNowProps) {
  const { t, announcer } = useApp(deskWords);
  const { t: words } = useApp(todayWords);
  const { t: records } = useApp(patientsWords);
  const [person, change] = useChosenPerson();
  const [started, setStarted] = useState<Started | null>(null);
  const [state, setState] = useState<'ready' | 'working' | 'wrong' | 'failed'>('ready');
  const ready = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (started !== null) {
      ready.current?.focus();
    }
  }, [started]);

  const { patient, name, contact, language } = person;
  const told = patient === null ? contact.trim() !== '' : patient.reach === 'sms' || patient.reach === 'mail';
  const start = async (): Promise<void> => {
    setState('working');
    try {
      const { id, link } =
        patient === null ? await desk.start({ name, language, contact }) : await desk.startWith(patient.id, told);
      setStarted({ id, name: patient === null ? name.trim() : nameOf(patient), link, told });
      change({ patient: null, name: '', contact: '' });
      setState('ready');
      onStarted();
    } catch (error) {
      const wrong = told && error instanceof DeskError && error.code === 'bad-message';
      setState(wrong ? 'wrong' : 'failed');
      announcer.interrupt(wrong ? records.patients.person.contactWrong : t.desk.failed);
    }
  };

  if (started !== null) {
    return (
      <section class="stack" aria-labelledby="start-heading">
        <h2 id="start-heading" ref={ready} tabIndex={-1}>
          {started.name === '' ? t.desk.linkReady : t.desk.linkReadyFor(started.name)}
        </h2>
        {started.told && <ToldState day={day} id={started.id} />}
        <StartedState desk={desk} id={started.id} />
        <LinkCard link={started.link} />
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
        <PersonFields
          desk={desk}
          owner={desk.snapshot.actingFor}
          person={person}
          nameHint={t.desk.startNameHint}
          contactHint={words.today.contactHint}
          wrong={state === 'wrong' ? 'contact' : null}
          onChange={change}
        />
        {state === 'failed' && <p class="notice bad">{t.desk.failed}</p>}
        <button type="submit" class="button primary" disabled={state === 'working'}>
          {state === 'working' && told ? words.today.sending : told ? words.today.send : t.desk.startButton}
        </button>
      </form>
    </section>
  );
}

/** Which way the link goes, as the server chose; in words when it cannot go at all. */
function ToldState({ day, id }: { readonly day: Day; readonly id: string }) {
  const { t } = useApp(todayWords);
  const reach = usePart(day, ({ visits }) => {
    const visit = visits?.find(one => one.id === id);
    return visit === undefined ? null : (visitorOf(visit)?.reach ?? 'handed');
  });
  if (reach === null) {
    return null;
  }
  const goes = reach === 'sms' || reach === 'mail';
  return (
    <p class={goes ? 'notice good' : 'notice bad'} role="status">
      {reach === 'sms' ? t.today.sentBySms : reach === 'mail' ? t.today.sentByMail : t.today.notSent}
    </p>
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
