import { useEffect, useRef, useState } from 'preact/hooks';
import type { DeskWaiting } from '../../session/desk';
import { deskWords } from '../i18n/desk';
import { useApp } from '../parts/app';
import { minutesSince } from '../parts/format';
import { useNow, usePart } from '../parts/hooks';
import type { DeskPort } from '../parts/ports';
import { patientOf, waiterName } from './names';
import { LinkDialog } from './openlist';

interface AloneProps {
  readonly desk: DeskPort;
  /** The consultation that the practitioner is in, with nobody else. */
  readonly consultation: string;
  readonly onAdmit: (one: DeskWaiting) => void;
}

/** Nobody is in the call yet: who of this consultation waits, to be let in from here, or how the patient comes. */
export function Alone({ desk, consultation, onAdmit }: AloneProps) {
  const { t, format, announcer } = useApp(deskWords);
  const all = usePart(desk, snapshot => snapshot.waiting);
  const now = useNow(5000);
  const waiting = all
    .filter(one => one.consultation === consultation && one.role !== 'practitioner')
    .sort((a, b) => Number(b.role === 'patient') - Number(a.role === 'patient'));
  const [first] = waiting;
  const known = useRef(first?.participant);
  useEffect(() => {
    if (first !== undefined && first.participant !== known.current) {
      announcer.say(t.desk.arrived(waiterName(first, t, format)));
    }
    known.current = first?.participant;
  }, [first?.participant]);
  if (first === undefined) {
    return <NotHere desk={desk} consultation={consultation} />;
  }
  return (
    <div class="empty stack">
      {waiting.map(one => {
        const name = waiterName(one, t, format);
        const minutes = minutesSince(one.since, now);
        return (
          <div key={one.participant} class="stack">
            <p>
              <b>
                <bdi>{name}</bdi>
              </b>
              {one.role !== 'patient' && one.name !== '' && ` · ${t.common.roles[one.role]}`}
              <br />
              {minutes < 1 ? t.desk.waitsNow : t.desk.waits(minutes)}
              {one.presence !== 'here' && ` · ${t.desk.presence[one.presence]}`}
            </p>
            <button
              type="button"
              class={one === first ? 'button primary' : 'button'}
              onClick={() => {
                onAdmit(one);
                // The button goes when they come in.
                document.querySelector<HTMLElement>('.call h1')?.focus();
              }}
            >
              {t.desk.admitLabel(name)}
            </button>
          </div>
        );
      })}
    </div>
  );
}

/** The patient has not come yet, or has left: what brings them. */
function NotHere({ desk, consultation }: Omit<AloneProps, 'onAdmit'>) {
  const { t } = useApp(deskWords);
  const open = usePart(desk, snapshot => snapshot.consultations.find(one => one.id === consultation));
  const mayWrite = usePart(desk, snapshot => snapshot.me?.scopes.includes('consultations:write') === true);
  const [link, setLink] = useState<string | null>(null);
  const [failed, setFailed] = useState(false);
  const patient = open === undefined ? null : patientOf(open);
  if (patient === null) {
    return <p class="empty">{t.call.alonePractitioner}</p>;
  }
  const name = patient.name === '' ? t.common.roles.patient : patient.name;
  if (patient.place === 'call') {
    return <p class="empty">{t.call.connecting(name)}</p>; // let in, on the way
  }
  const again = async (): Promise<void> => {
    setFailed(false);
    try {
      setLink(await desk.link(consultation, patient.id));
    } catch {
      setFailed(true);
    }
  };
  return (
    <div class="empty stack">
      <p>
        {patient.place === 'left' ? (
          <>
            {t.call.alonePractitioner}
            <br />
            {t.desk.alone.left(name)}
          </>
        ) : (
          t.desk.alone.notYet(name)
        )}
      </p>
      <p class="how">{t.desk.alone.how}</p>
      {mayWrite && (
        <button type="button" class="button" onClick={() => void again()}>
          {t.desk.newLink}
        </button>
      )}
      {failed && <p role="alert">{t.desk.failed}</p>}
      {link !== null && <LinkDialog link={link} onClose={() => setLink(null)} />}
    </div>
  );
}
