import { useState } from 'preact/hooks';
import type { Agenda, CancelledFollowing, DateInSeries, WholeAppointment } from '../../session/agenda';
import { agendaWords } from '../i18n/agenda';
import { useApp } from '../parts/app';
import { Dialog } from '../parts/dialog';
import { CancelQuestion } from './cancel';
import { isAhead, reachable, stateOf, whenOf } from './say';

/** An appointment and those of its series that come later and can still be cancelled. */
export function followingOf({ id, start, inSeries }: WholeAppointment): readonly DateInSeries[] {
  return inSeries?.dates.filter(one => isAhead(one) && (one.id === id || one.start >= start)) ?? [];
}

interface SeriesProps {
  readonly one: WholeAppointment;
  /** Where another date is opened. */
  readonly linkOf: (date: DateInSeries) => string;
}

/** Which of a series it is, and the other dates. */
export function Series({ one, linkOf }: SeriesProps) {
  const { t, format } = useApp(agendaWords);
  const { inSeries } = one;
  if (inSeries === null) {
    return null;
  }
  const { number, of, dates, elsewhere } = inSeries;
  return (
    <details class="agenda-history">
      <summary>{t.agenda.inSeries.at(number, of)}</summary>
      <ul class="agenda-series">
        {dates.map(date => (
          <li key={date.id}>
            {date.id === one.id ? (
              <b aria-current="true">{whenOf(date.start, date.timeZone, format)}</b>
            ) : (
              <a class="dial" href={linkOf(date)}>
                {whenOf(date.start, date.timeZone, format)}
              </a>
            )}
            <span class="quiet">
              {stateOf(date, t)}
              {date.practitioner !== one.practitioner && ` · ${date.practitionerName}`}
            </span>
          </li>
        ))}
      </ul>
      {elsewhere > 0 && <p class="quiet">{t.agenda.inSeries.elsewhere(elsewhere)}</p>}
    </details>
  );
}

interface CancelProps {
  readonly agenda: Agenda;
  readonly appointment: WholeAppointment;
  readonly onKeep: () => void;
  readonly onCancelled: (count: number) => void;
}

/** The rest of a series is cancelled; then which of it could not be. */
export function CancelFollowingDialog({ agenda, appointment, onKeep, onCancelled }: CancelProps) {
  const { t, format } = useApp(agendaWords);
  const [done, setDone] = useState<CancelledFollowing | null>(null);
  const { name, label, timeZone } = appointment;
  if (done !== null) {
    return (
      <Dialog
        heading={t.agenda.inSeries.cancelled(done.cancelled.length, name)}
        onClose={() => onCancelled(done.cancelled.length)}
      >
        <p>{t.agenda.inSeries.kept}</p>
        <ul class="agenda-series">
          {done.kept.map(one => (
            <li key={one.id}>
              {whenOf(one.start, one.timeZone, format)} <span class="quiet">{stateOf(one, t)}</span>
            </li>
          ))}
        </ul>
        <div class="choices">
          <button type="button" class="button" onClick={() => onCancelled(done.cancelled.length)}>
            {t.common.close}
          </button>
        </div>
      </Dialog>
    );
  }
  const following = followingOf(appointment);
  const dayOf = (one: DateInSeries | undefined): string =>
    one === undefined ? '' : format.inZone(timeZone).day(one.start);
  return (
    <CancelQuestion
      heading={t.agenda.inSeries.cancelOf(name)}
      appointment={appointment}
      keep={t.agenda.inSeries.keep}
      quietly={t.agenda.inSeries.cancel}
      cancel={async (reason, tell) => {
        const answer = await agenda.cancelFollowing(appointment.id, reason, tell);
        if (answer.kept.length > 0) {
          setDone(answer);
        } else {
          onCancelled(answer.cancelled.length);
        }
      }}
      onKeep={onKeep}
    >
      <p>
        {label}. {t.agenda.inSeries.dates(following.length, dayOf(following[0]), dayOf(following.at(-1)))}
      </p>
      {reachable(appointment) && <p>{t.agenda.inSeries.each}</p>}
    </CancelQuestion>
  );
}
