import { useEffect, useState } from 'preact/hooks';
import {
  type DayPlan,
  dateOf,
  dayNumber,
  type Holiday,
  type Hours,
  planOf,
  type Schedule,
  weekdayOf,
} from '../../session/schedules';
import { localeOf } from '../i18n/languages';
import { servicesWords } from '../i18n/services';
import { BackIcon, ForwardIcon } from '../icons';
import { useApp } from '../parts/app';
import { weekdaysIn } from '../parts/format';
import { DayDialog, type DayKind } from './day';
import { clockIn, useServer } from './use';

interface CalendarProps {
  readonly schedule: Schedule;
  /** YYYY-MM-DD on the schedule's clocks. */
  readonly today: string;
  readonly onDay: (date: string, kind: DayKind, hours: readonly Hours[]) => Promise<boolean>;
}

/** A month, each day with its hours; a day is changed by pressing it. */
export function Calendar({ schedule, today, onDay }: CalendarProps) {
  const { t, language, format } = useApp(servicesWords);
  const { schedules } = useServer();
  const words = t.services.hours;
  const [month, setMonth] = useState(today.slice(0, 7));
  const [holidays, setHolidays] = useState<readonly Holiday[]>([]);
  const [day, setDay] = useState<string | null>(null);
  const weeks = weeksOf(month);
  useEffect(() => {
    let gone = false;
    schedules.holidays(schedule.holidays, weeks[0]?.[0] ?? today, 42).then(
      found => {
        if (!gone) {
          setHolidays(found);
        }
      },
      () => undefined, // the days are there without their names
    );
    return () => {
      gone = true;
    };
  }, [month, schedule.holidays]);
  const turn = (by: number): void => {
    const [year = 0, at = 0] = month.split('-').map(Number);
    setMonth(new Date(Date.UTC(year, at - 1 + by, 1)).toISOString().slice(0, 7));
  };
  const title = new Intl.DateTimeFormat(localeOf(language), { month: 'long', year: 'numeric', timeZone: 'UTC' });
  const heads = weekdaysIn(language, language === 'ar' ? 'narrow' : 'short'); // short ones are whole words in Arabic
  const full = weekdaysIn(language, 'long');
  return (
    <section class="card stack">
      <div>
        <h3 class="hidden-text">{words.calendar}</h3>
        <p class="quiet">{words.calendarHint}</p>
      </div>
      <div class="row month">
        <button
          type="button"
          class="button small"
          aria-label={words.earlier}
          disabled={month <= today.slice(0, 7)}
          onClick={() => turn(-1)}
        >
          <BackIcon />
        </button>
        <h4 aria-live="polite">{title.format(new Date(`${month}-01T00:00:00Z`))}</h4>
        <button type="button" class="button small" aria-label={words.later} onClick={() => turn(1)}>
          <ForwardIcon />
        </button>
      </div>
      <table class="calendar">
        <thead>
          <tr>
            {[1, 2, 3, 4, 5, 6, 0].map(at => (
              <th key={at} scope="col">
                <abbr title={full[at]}>{heads[at]}</abbr>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {weeks.map(week => (
            <tr key={week[0]}>
              {week.map(date => (
                <td key={date}>
                  {date.startsWith(month) && (
                    <Day
                      date={date}
                      name={format.day(date)}
                      plan={planOf(schedule, date, holidays)}
                      holiday={holidays.find(one => one.date === date)}
                      past={date < today}
                      onPress={() => setDay(date)}
                    />
                  )}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {day !== null && (
        <DayDialog
          key={day}
          date={day}
          schedule={schedule}
          holidays={holidays}
          onClose={() => setDay(null)}
          onSave={async (kind, hours) => {
            if (await onDay(day, kind, hours)) {
              setDay(null);
            }
          }}
        />
      )}
    </section>
  );
}

interface DayProps {
  readonly date: string;
  readonly name: string;
  readonly plan: DayPlan;
  readonly holiday: Holiday | undefined;
  readonly past: boolean;
  readonly onPress: () => void;
}

function Day({ date, name, plan, holiday, past, onPress }: DayProps) {
  const { t, language } = useApp(servicesWords);
  const words = t.services.hours;
  const clock = clockIn(language);
  const hours = plan.hours.map(({ from, to }) => `${clock(from)}–${clock(to)}`).join(', ') || words.closed;
  const special = plan.why === 'exception' || plan.extra;
  const notes = [
    hours,
    holiday === undefined ? '' : words.holiday(words.holidayNames[holiday.name] ?? ''),
    plan.why === 'closed' ? words.period : '',
    special ? words.special : '',
  ].filter(Boolean);
  return (
    <button
      type="button"
      class={`day-of-month ${plan.hours.length > 0 ? 'open' : 'shut'}${special ? ' special' : ''}`}
      disabled={past}
      aria-label={t.common.pair(name, notes.join(', '))}
      title={notes.join(', ')}
      onClick={onPress}
    >
      <b>
        {Number(date.slice(8))}
        {special && <span aria-hidden="true"> *</span>}
      </b>
      <span class="short" aria-hidden="true">
        {shortOf(plan.hours)}
      </span>
      <span class="long" aria-hidden="true">
        {holiday !== undefined || plan.hours.length === 0
          ? (words.holidayNames[holiday?.name ?? ''] ?? hours)
          : plan.hours.map(({ from, to }) => (
              <span key={from} class="range-of">
                {clock(from)}–{clock(to)}
              </span>
            ))}
      </span>
    </button>
  );
}

/** From the first to the last hour, in whole ones, for where there is little room: 9–18; a dash for a closed day. */
function shortOf(hours: readonly Hours[]): string {
  const [first, last] = [hours[0], hours.at(-1)];
  const hour = (clock: string, up: boolean): number =>
    Number(clock.slice(0, 2)) + (up && !clock.endsWith(':00') ? 1 : 0);
  return first === undefined || last === undefined ? '–' : `${hour(first.from, false)}–${hour(last.to, true)}`;
}

/** The days of the weeks that a month touches, each week from Monday on. */
export function weeksOf(month: string): readonly (readonly string[])[] {
  const first = `${month}-01`;
  const monday = dayNumber(first) - ((weekdayOf(first) + 6) % 7);
  return [0, 1, 2, 3, 4, 5]
    .map(week => [0, 1, 2, 3, 4, 5, 6].map(day => dateOf(monday + 7 * week + day)))
    .filter(week => week.some(date => date.startsWith(month)));
}
