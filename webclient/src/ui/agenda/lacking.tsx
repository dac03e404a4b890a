import { useEffect, useState } from 'preact/hooks';
import { type Agenda, type Appointment, isTaken, type Lack } from '../../session/agenda';
import { agendaWords } from '../i18n/agenda';
import { useApp } from '../parts/app';
import { usePart } from '../parts/hooks';
import { useShell } from '../shell/context';
import { whenOf } from './say';

const MOST = 5; // that are shown at once: the next come when these have been dealt with

interface LackProps {
  readonly agenda: Agenda;
  readonly mayChange: boolean;
  readonly onOpen: (appointment: Appointment) => void;
}

/** Coming appointments whose practitioner, interpreter or room cannot be booked any more, with the way to another. */
export function LackWarning({ agenda, mayChange, onOpen }: LackProps) {
  const { toasts } = useShell();
  const { t, format } = useApp(agendaWords);
  const changed = usePart(agenda, snapshot => snapshot.changed); // of days, too, that are not shown
  const [lacking, setLacking] = useState<readonly Lack[]>([]);
  const [working, setWorking] = useState(false);
  useEffect(() => {
    let gone = false;
    agenda.lacking().then(
      all => !gone && setLacking(all),
      () => undefined, // it is asked again with the next page
    );
    return () => {
      gone = true;
    };
  }, [working, lacking.length > 0 && changed]); // what is shown goes when somebody has dealt with it
  const replace = async ({ id, name }: Appointment): Promise<void> => {
    setWorking(true);
    try {
      await agenda.replace(id);
      toasts.say(t.agenda.lack.replaced(name));
    } catch (error) {
      toasts.warn(isTaken(error) ? t.agenda.lack.none : t.common.failed);
    }
    setWorking(false);
  };
  if (lacking.length === 0) {
    return null;
  }
  return (
    <div class="notice">
      <p>
        <b>{t.agenda.lack.some(lacking.length)}</b>
      </p>
      <ul class="agenda-drift">
        {lacking.slice(0, MOST).map(({ appointment, practitioner, resources }) => {
          const gone = [...(practitioner ? [appointment.practitionerName] : []), ...resources.map(({ name }) => name)];
          return (
            <li key={appointment.id} class="row">
              <span>
                {[appointment.name, whenOf(appointment.start, appointment.timeZone, format)].join(' · ')}
                <span class="quiet"> · {t.agenda.lack.gone(gone.join(', '))}</span>
              </span>
              {mayChange && !practitioner && (
                <button
                  type="button"
                  class="button small"
                  aria-label={`${t.agenda.lack.replace} : ${appointment.name}`}
                  disabled={working}
                  onClick={() => void replace(appointment)}
                >
                  {t.agenda.lack.replace}
                </button>
              )}
              <button
                type="button"
                class="button small"
                aria-label={`${t.agenda.lack.open} : ${appointment.name}`}
                onClick={() => onOpen(appointment)}
              >
                {t.agenda.lack.open}
              </button>
            </li>
          );
        })}
      </ul>
    </div>
  );
}
