import { useEffect, useState } from 'preact/hooks';
import type { Agenda, Appointment, Drift } from '../../session/agenda';
import { agendaWords } from '../i18n/agenda';
import { useApp } from '../parts/app';
import { usePart } from '../parts/hooks';
import { whenOf } from './say';

interface DriftProps {
  readonly agenda: Agenda;
  readonly whose: readonly string[];
  readonly mayChange: boolean;
  readonly onMove: (appointment: Appointment, start: string) => void;
}

/** Appointments that a zone's new rules have moved from what was agreed, with the way to put them back. */
export function DriftWarning({ agenda, whose, mayChange, onMove }: DriftProps) {
  const { t, format } = useApp(agendaWords);
  const changed = usePart(agenda, snapshot => snapshot.changed); // of days, too, that are not shown
  const [drifted, setDrifted] = useState<readonly Drift[]>([]);
  useEffect(() => {
    let gone = false;
    agenda.drifted(whose).then(
      all => !gone && setDrifted(all),
      () => undefined, // it is asked again with the next page
    );
    return () => {
      gone = true;
    };
  }, [whose.join(), drifted.length > 0 && changed]); // what is shown goes when somebody has put it back
  if (drifted.length === 0) {
    return null;
  }
  return (
    <div class="notice">
      <p>
        <b>{t.agenda.drift(drifted.length)}</b>
      </p>
      <ul class="agenda-drift">
        {drifted.map(({ appointment, should }) => (
          <li key={appointment.id} class="row">
            <span>
              {t.common.pair(
                appointment.name,
                t.agenda.driftAgreed(
                  should === null ? '?' : whenOf(should, appointment.timeZone, format),
                  format.inZone(appointment.timeZone).time(appointment.start),
                ),
              )}
            </span>
            {should !== null && mayChange && (
              <button type="button" class="button small" onClick={() => onMove(appointment, should)}>
                {t.agenda.driftKeep}
              </button>
            )}
          </li>
        ))}
      </ul>
    </div>
  );
}
