import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { DeskError } from '../../session/desk';
import { nameOf, ownDataAddress, type Patient, Patients, type Reach, type Visit } from '../../session/patients';
import { LinkCard } from '../desk/link';
import { patientsWords } from '../i18n/patients';
import { PersonIcon } from '../icons';
import { useApp } from '../parts/app';
import { Question } from '../parts/dialog';
import { EmptyState } from '../parts/empty';
import { useMay, useShell } from '../shell/context';
import { ScreenHeading } from '../shell/heading';
import { languageName } from './names';
import { useOwners } from './owner';

type Loaded = Patient | 'loading' | 'gone' | 'failed';

/** Reads a record, and says what came of it. */
export function useRecord(id: string): Loaded {
  const { desk } = useShell();
  const [record, setRecord] = useState<Loaded>('loading');
  useEffect(() => {
    let gone = false;
    new Patients(desk).read(id).then(
      read => !gone && setRecord(read),
      error => !gone && setRecord(error?.code === 'not-found' ? 'gone' : 'failed'),
    );
    return () => {
      gone = true;
    };
  }, [desk, id]);
  return record;
}

/** Where a record would be, while it is read and when it cannot be. */
export function NoRecord({ why }: { readonly why: 'loading' | 'gone' | 'failed' }) {
  const { t } = useApp(patientsWords);
  if (why === 'loading') {
    return <p class="soon quiet">{t.common.loading}</p>;
  }
  return (
    <>
      <ScreenHeading>{t.patients.record}</ScreenHeading>
      <EmptyState icon={PersonIcon} heading={why === 'gone' ? t.patients.gone : t.common.loadFailed}>
        <p>
          <a href="/desk/patients">{t.patients.back}</a>
        </p>
      </EmptyState>
    </>
  );
}

/** One patient: who they are, how they are reached, their consultations. */
export function Card({ id }: { readonly id: string }) {
  const record = useRecord(id);
  return typeof record === 'string' ? <NoRecord why={record} /> : <Shown patient={record} />;
}

function Shown({ patient }: { readonly patient: Patient }) {
  const { t, format } = useApp(patientsWords);
  const mayWrite = useMay('patients:write');
  return (
    <>
      <p class="back">
        <a href="/desk/patients">{t.patients.back}</a>
      </p>
      <ScreenHeading>{nameOf(patient)}</ScreenHeading>
      {patient.birthDate !== '' && <p class="lead">{t.patients.born(format.date(patient.birthDate))}</p>}
      <div class="patient-card">
        <div class="stack">
          <Facts patient={patient} />
          {mayWrite && <Actions patient={patient} />}
          <p>
            <a class="button small" href={ownDataAddress(patient.id)} download="patient.zip">
              {t.patients.ownData}
            </a>
          </p>
          <p class="quiet">{t.patients.ownDataHow}</p>
        </div>
        <div class="stack">
          <Start patient={patient} />
          <Visits id={patient.id} />
        </div>
      </div>
    </>
  );
}

function Facts({ patient }: { readonly patient: Patient }) {
  const { t, format, language } = useApp(patientsWords);
  const owners = useOwners();
  const phone = (number: string) => <bdi dir="ltr">{format.phone(number)}</bdi>;
  const facts = [
    [t.patients.owner, owners.find(({ id }) => id === patient.practitioner)?.name ?? ''],
    [t.patients.birthName, patient.birthName],
    [t.patients.phone, patient.phone && <a href={`tel:${patient.phone}`}>{phone(patient.phone)}</a>],
    [t.patients.mail, patient.mail && <bdi dir="ltr">{patient.mail}</bdi>],
    [t.patients.reach, patient.reach && t.patients.reaches[patient.reach]],
    [t.patients.language, patient.language && languageName(patient.language, language)],
    [t.patients.timeZone, patient.timeZone && <bdi dir="ltr">{patient.timeZone}</bdi>],
    [t.patients.needs, patient.needs.map(need => t.patients.need[need]).join(', ')],
    [t.patients.carer, patient.carerName],
    [
      patient.carerName === '' ? t.patients.carer : t.patients.carerPhone,
      patient.carerPhone && <a href={`tel:${patient.carerPhone}`}>{phone(patient.carerPhone)}</a>,
    ],
    ...patient.ids.map(one => [one.system, <bdi key={one.system}>{one.value}</bdi>] as const),
  ] as const;
  const said = facts.filter(([, value]) => value !== '');
  return said.length === 0 ? null : (
    <dl class="card facts">
      {said.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function Actions({ patient }: { readonly patient: Patient }) {
  const { desk, router, toasts } = useShell();
  const { t } = useApp(patientsWords);
  const [asking, setAsking] = useState(false);
  const erase = async (): Promise<void> => {
    setAsking(false);
    try {
      await new Patients(desk).erase(patient.id);
      toasts.say(t.patients.erased);
      router.go('/desk/patients');
    } catch (error) {
      toasts.warn(error instanceof DeskError && error.code === 'conflict' ? t.patients.eraseAhead : t.common.failed);
    }
  };
  return (
    <div class="row">
      <a class="button" href={`/desk/patients/${patient.id}/edit`}>
        {t.patients.edit}
      </a>
      <button type="button" class="button small" onClick={() => setAsking(true)}>
        {t.patients.erase}
      </button>
      {asking && (
        <Question
          heading={t.patients.eraseQuestion(nameOf(patient))}
          yes={t.patients.eraseYes}
          no={t.patients.eraseNo}
          danger
          onYes={() => void erase()}
          onNo={() => setAsking(false)}
        >
          <p>{t.patients.eraseMore}</p>
        </Question>
      )}
    </div>
  );
}

/** A consultation with this patient, now. */
function Start({ patient }: { readonly patient: Patient }) {
  const { desk } = useShell();
  const { t } = useApp(patientsWords);
  const may = useMay('consultations:write');
  const [started, setStarted] = useState<{ readonly link: string; readonly reach: Reach } | null>(null);
  const [state, setState] = useState<'ready' | 'working' | 'failed'>('ready');
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), [started]);
  if (!may) {
    return null;
  }
  const start = async (): Promise<void> => {
    setState('working');
    try {
      const tell = patient.reach === 'sms' || patient.reach === 'mail';
      const { id, link } = await desk.startWith(patient.id, tell);
      const reach = tell ? await new Patients(desk).reachOf(id).catch((): Reach => 'handed') : 'handed';
      setStarted({ link, reach });
      setState('ready');
    } catch {
      setState('failed');
    }
  };
  if (started !== null) {
    return (
      <section class="card stack">
        <h2 ref={heading} tabIndex={-1}>
          {t.patients.linkReady(nameOf(patient))}
        </h2>
        <p class="notice good">{t.patients.linkGoes[started.reach]}</p>
        <LinkCard link={started.link} />
      </section>
    );
  }
  return (
    <section class="card stack">
      <button type="button" class="button primary" disabled={state === 'working'} onClick={() => void start()}>
        {t.patients.start}
      </button>
      <p class="quiet">{t.patients.startMore}</p>
      {state === 'failed' && (
        <p class="notice bad" role="alert">
          {t.common.failed}
        </p>
      )}
    </section>
  );
}

function Visits({ id }: { readonly id: string }) {
  const { desk } = useShell();
  const { t, format } = useApp(patientsWords);
  const patients = useMemo(() => new Patients(desk), [desk]);
  const [visits, setVisits] = useState<readonly Visit[] | 'loading' | 'failed'>('loading');
  useEffect(() => {
    let gone = false;
    patients.visits(id).then(
      read => !gone && setVisits(read),
      () => !gone && setVisits('failed'),
    );
    return () => {
      gone = true;
    };
  }, [id]);
  const stateOf = (state: string): string => t.patients.state[state as keyof typeof t.patients.state] ?? state;
  return (
    <section class="card stack" aria-labelledby="visits-heading">
      <h2 id="visits-heading">{t.patients.visits}</h2>
      {typeof visits === 'string' ? (
        <p class="quiet">{visits === 'loading' ? t.common.loading : t.common.loadFailed}</p>
      ) : visits.length === 0 ? (
        <p class="quiet">{t.patients.noVisits}</p>
      ) : (
        <ol class="visits">
          {visits.map(one => (
            <li key={one.id}>
              <a href={`/desk/visits/${one.id}`}>
                <b>{format.date(one.at)}</b> {format.time(one.at)}
              </a>{' '}
              · {stateOf(one.state)}
              {one.practitionerName !== '' && (
                <span class="quiet"> · {t.patients.visitWith(one.practitionerName)}</span>
              )}
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}
