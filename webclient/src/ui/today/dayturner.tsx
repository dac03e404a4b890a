import { dayAfter } from '../../session/day';
import { todayWords } from '../i18n/today';
import { BackIcon, ForwardIcon } from '../icons';
import { useApp } from '../parts/app';
import { DayPicker } from '../parts/daypicker';
import { useShell } from '../shell/context';

interface DayTurnerProps {
  /** YYYY-MM-DD, both. */
  readonly date: string;
  readonly today: string;
}

/** Which day it is, and links to the days around it. */
export function DayTurner({ date, today }: DayTurnerProps) {
  const { router } = useShell();
  const { t, format } = useApp(todayWords);
  const addressOf = (day: string): string => (day === today ? '/desk' : `/desk/${day}`);
  const { previous, next, backToToday, choose, heading } = t.today;
  return (
    <div class="day-turner">
      <h2 id="day-heading">
        {date === today && `${heading} · `}
        {format.day(date)}
        {format.elsewhere && <span class="quiet"> · {format.zone}</span>}
      </h2>
      <nav class="row" aria-label={choose}>
        <a class="button small square" href={addressOf(dayAfter(date, -1))} aria-label={previous}>
          <BackIcon />
        </a>
        <DayPicker label={choose} value={date} onPick={day => router.go(addressOf(day))} />
        <a class="button small square" href={addressOf(dayAfter(date, 1))} aria-label={next}>
          <ForwardIcon />
        </a>
        {date !== today && (
          <a class="button small" href="/desk">
            {backToToday}
          </a>
        )}
      </nav>
    </div>
  );
}
