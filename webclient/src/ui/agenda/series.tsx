import { useState } from 'preact/hooks';
import {
  type Agenda,
  type CancelledFollowing,
  type DateInSeries,
  type MovedFollowing,
  type TakenDate,
  takenDatesOf,
  type WholeAppointment,
} from '../../session/agenda';
import { DeskError } from '../../session/http';
import { wallLater, wallMinutes, wallOf } from '../../session/zone';
import { agendaWords } from '../i18n/agenda';
import { useApp } from '../parts/app';
import { Dialog, Statement } from '../parts/dialog';
import { CancelQuestion } from './cancel';
import { isAhead, reachable, stateOf, whenOf } from './say';
import { chosenInstant, TimeFields, useChosenTime } from './time';

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
      <StayedStatement
        heading={t.agenda.inSeries.cancelled(done.cancelled.length, name)}
        text={t.agenda.inSeries.kept}
        kept={done.kept}
        onClose={() => onCancelled(done.cancelled.length)}
      />
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
      {reachable(appointment) && <p>{t.agenda.inSeries[appointment.reach === 'sms' ? 'once' : 'each']}</p>}
    </CancelQuestion>
  );
}

interface StayedProps {
  readonly heading: string;
  readonly text: string;
  readonly kept: readonly DateInSeries[];
  readonly onClose: () => void;
}

/** What was done, and which dates stand as they stood. */
function StayedStatement({ heading, text, kept, onClose }: StayedProps) {
  const { t, format } = useApp(agendaWords);
  return (
    <Statement heading={heading} onClose={onClose}>
      <p>{text}</p>
      <ul class="agenda-series">
        {kept.map(one => (
          <li key={one.id}>
            {whenOf(one.start, one.timeZone, format)} <span class="quiet">{stateOf(one, t)}</span>
          </li>
        ))}
      </ul>
    </Statement>
  );
}

interface MoveProps {
  readonly agenda: Agenda;
  readonly appointment: WholeAppointment;
  readonly onKeep: () => void;
  readonly onMoved: (count: number) => void;
}

type Trouble =
  | { readonly kind: 'taken'; readonly dates: readonly TakenDate[] }
  | { readonly kind: 'other'; readonly words: string };

/** Another time for an appointment and for the rest of its series: all of them as far, or none; then which of it stands where it stood. */
export function MoveFollowingDialog({ agenda, appointment, onKeep, onMoved }: MoveProps) {
  const { t, format } = useApp(agendaWords);
  const { practitioner, practitionerName, timeZone, name } = appointment;
  const givers = [{ id: practitioner, name: practitionerName, timeZone }];
  const [chosen, change] = useChosenTime(appointment.start, practitioner, givers);
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const [working, setWorking] = useState(false);
  const [done, setDone] = useState<MovedFollowing | null>(null);
  if (done !== null) {
    return (
      <StayedStatement
        heading={t.agenda.inSeries.moved(done.moved.length, name)}
        text={t.agenda.inSeries.stayed}
        kept={done.kept}
        onClose={() => onMoved(done.moved.length)}
      />
    );
  }
  const start = chosenInstant(chosen, givers);
  const following = followingOf(appointment);
  const further = wallMinutes(chosen) - wallMinutes(wallOf(appointment.start, timeZone));
  const wallWhen = (wall: string): string => `${format.day(wall.slice(0, 10))} ${wall.slice(11)}`;
  const move = async (tell: boolean): Promise<void> => {
    if (start === null) {
      return;
    }
    setTrouble(null);
    setWorking(true);
    try {
      const answer = await agenda.moveFollowing(appointment.id, start, tell);
      if (answer.kept.length > 0) {
        setDone(answer);
      } else {
        onMoved(answer.moved.length);
      }
    } catch (error) {
      const dates = takenDatesOf(error);
      const code = error instanceof DeskError ? error.code : '';
      setTrouble(
        dates.length > 0
          ? { kind: 'taken', dates }
          : { kind: 'other', words: code === 'conflict' ? t.agenda.conflict : t.common.failed },
      );
      setWorking(false);
    }
  };
  const tellable = reachable(appointment);
  const ready = !working && start !== null && further !== 0;
  return (
    <Dialog heading={t.agenda.inSeries.moveOf(name)} onClose={onKeep}>
      <p>{t.agenda.inSeries.further}</p>
      <TimeFields
        chosen={chosen}
        givers={givers}
        wrong={start === null}
        onChange={changed => {
          change(changed);
          setTrouble(null);
        }}
      />
      {trouble?.kind === 'taken' && (
        <div class="notice bad" role="alert">
          <p>{t.agenda.inSeries.taken}</p>
          <ul class="agenda-series">
            {trouble.dates.map(one => (
              <li key={one.id}>
                {wallWhen(one.wall)} {one.skipped && <span>{t.agenda.inSeries.skipped}</span>}
              </li>
            ))}
          </ul>
        </div>
      )}
      {trouble?.kind === 'other' && (
        <p class="notice bad" role="alert">
          {trouble.words}
        </p>
      )}
      {start !== null && further !== 0 && (
        <details class="agenda-history">
          <summary>{t.agenda.inSeries.newDates(following.length)}</summary>
          <ul class="agenda-series">
            {following.map(one => (
              <li key={one.id}>
                {wallWhen(wallLater(wallOf(one.start, one.timeZone), further))}{' '}
                <span class="quiet">{t.agenda.inSeries.was(whenOf(one.start, one.timeZone, format))}</span>
              </li>
            ))}
          </ul>
        </details>
      )}
      <p>
        <b>{tellable ? t.agenda.tellQuestion : t.agenda.cannotTell}</b>
      </p>
      {tellable && <p class="quiet">{t.agenda.inSeries[appointment.reach === 'sms' ? 'once' : 'each']}</p>}
      <div class="choices">
        {tellable && (
          <button type="button" class="button primary" disabled={!ready} onClick={() => void move(true)}>
            {t.agenda.moveTell}
          </button>
        )}
        <button type="button" class="button" disabled={!ready} onClick={() => void move(false)}>
          {tellable ? t.agenda.moveQuiet : t.agenda.move}
        </button>
        <button type="button" class="button" onClick={onKeep}>
          {t.common.cancel}
        </button>
      </div>
    </Dialog>
  );
}
