import { useState } from 'preact/hooks';
import { holidayCalendars, type Period, type Schedule, type ScheduleFields } from '../../session/schedules';
import { servicesWords } from '../i18n/services';
import { CloseIcon } from '../icons';
import { useApp } from '../parts/app';
import { DateField, RadioField } from '../parts/field';
import { Taken } from './taken';
import { useRead, useServer } from './use';

interface ClosuresProps {
  readonly schedule: Schedule;
  readonly today: string;
  readonly onChange: (edit: (now: ScheduleFields) => ScheduleFields) => Promise<boolean>;
}

/** Days on which nobody can book: periods, and public holidays. */
export function Closures({ schedule, today, onChange }: ClosuresProps) {
  const { t, format } = useApp(servicesWords);
  const words = t.services.hours;
  const [period, setPeriod] = useState<Period>({ from: '', to: '' });
  const [wrong, setWrong] = useState(false);
  const shown = schedule.closed.filter(one => one.to >= today).sort((a, b) => (a.from < b.from ? -1 : 1));
  const add = async (): Promise<void> => {
    const bad = period.from === '' || period.to === '' || period.to < period.from;
    setWrong(bad);
    if (!bad && (await onChange(now => ({ ...now, closed: [...now.closed, period] })))) {
      setPeriod({ from: '', to: '' });
    }
  };
  const remove = (one: Period): void =>
    void onChange(now => ({
      ...now,
      closed: now.closed.filter(({ from, to }) => from !== one.from || to !== one.to),
    }));
  return (
    <>
      <section class="card stack">
        <div>
          <h3>{words.periods}</h3>
          <p class="quiet">{words.periodsHint}</p>
        </div>
        {shown.length > 0 && (
          <ul class="plain-list">
            {shown.map(one => (
              <li key={one.from + one.to} class="row between tight">
                <div>
                  {words.periodShown(format.date(one.from), format.date(one.to))}
                  <Taken account={schedule.practitioner} from={one.from < today ? today : one.from} to={one.to} />
                </div>
                <button
                  type="button"
                  class="button plain small"
                  aria-label={words.periodRemove(format.date(one.from))}
                  onClick={() => remove(one)}
                >
                  <CloseIcon />
                </button>
              </li>
            ))}
          </ul>
        )}
        <form
          class="stack"
          noValidate
          onSubmit={event => {
            event.preventDefault();
            void add();
          }}
        >
          <div class="pair">
            <DateField
              label={words.periodFrom}
              value={period.from}
              min={today}
              error={wrong ? words.periodWrong : ''}
              onInput={from => setPeriod({ ...period, from })}
            />
            <DateField
              label={words.periodTo}
              value={period.to}
              min={period.from || today}
              onInput={to => setPeriod({ ...period, to })}
            />
          </div>
          <div class="row">
            <button type="submit" class="button">
              {words.periodAdd}
            </button>
          </div>
        </form>
      </section>
      <section class="card stack">
        <RadioField
          label={words.holidays}
          value={schedule.holidays}
          choices={holidayCalendars.map(value => ({ value, label: words.calendars[value] }))}
          onChoose={holidays => void onChange(now => ({ ...now, holidays }))}
        />
        <p class="quiet">{words.holidaysHint}</p>
        {schedule.holidays !== '' && <NextHolidays schedule={schedule} today={today} />}
      </section>
    </>
  );
}

function NextHolidays({ schedule, today }: { readonly schedule: Schedule; readonly today: string }) {
  const { t, format } = useApp(servicesWords);
  const { schedules } = useServer();
  const words = t.services.hours;
  const [next] = useRead(() => schedules.holidays(schedule.holidays, today, 366), schedule.holidays + today);
  return next === null || next === 'failed' ? null : (
    <div>
      <h4>{words.nextHolidays}</h4>
      <ul class="plain-list holidays">
        {next.map(one => (
          <li key={one.date}>
            {format.day(one.date)} · {words.holidayNames[one.name] ?? ''}
          </li>
        ))}
      </ul>
    </div>
  );
}
