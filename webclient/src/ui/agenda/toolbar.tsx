import { dayAfter } from '../../session/day';
import type { Me } from '../../session/desk';
import { agendaWords } from '../i18n/agenda';
import { shellWords } from '../i18n/shell';
import { BackIcon, ForwardIcon, PrintIcon } from '../icons';
import { useApp } from '../parts/app';
import { DayPicker } from '../parts/daypicker';
import { CheckField, SelectField } from '../parts/field';
import { RequestCount } from '../requests/count';
import { useShell } from '../shell/context';
import { addressOf, type Place, type View } from './address';
import { mondayOf } from './layout';

interface ToolbarProps {
  readonly place: Place;
  readonly today: string;
  readonly owners: Me['actsFor'];
  /** Whose books are shown. */
  readonly whose: readonly string[];
  readonly onWho: (who: readonly string[]) => void;
  /** The zone of the times, in words, when it is another one than the reader's; else ''. */
  readonly zone: string;
  /** Null: one may not. */
  readonly onBook: (() => void) | null;
}

/** Which days, whose, and how; and a new appointment. */
export function Toolbar({ place, today, owners, whose, zone, onWho, onBook }: ToolbarProps) {
  const { router } = useShell();
  const { t, format } = useApp(agendaWords);
  const { t: shell } = useApp(shellWords);
  const { view, date } = place;
  const words = t.agenda;
  const step = view === 'day' ? 1 : 7;
  const at = (day: string, how: View = view): string => addressOf({ ...place, view: how, date: day, appointment: '' });
  const shown = view === 'day' ? format.day(date) : words.weekOf(format.day(mondayOf(date)));
  return (
    <div class="agenda-bar">
      <div class="day-turner">
        <h2 id="agenda-day">
          {view === 'day' && date === today && `${words.today} · `}
          {shown}
          {zone !== '' && <span class="quiet"> · {zone}</span>}
        </h2>
        <nav class="row" aria-label={words.choose}>
          <a
            class="button small square"
            href={at(dayAfter(date, -step))}
            aria-label={view === 'day' ? words.previousDay : words.previousWeek}
          >
            <BackIcon />
          </a>
          <DayPicker label={words.choose} value={date} onPick={day => router.go(at(day))} />
          <a
            class="button small square"
            href={at(dayAfter(date, step))}
            aria-label={view === 'day' ? words.nextDay : words.nextWeek}
          >
            <ForwardIcon />
          </a>
          {date !== today && (
            <a class="button small" href={at(today)}>
              {words.today}
            </a>
          )}
        </nav>
      </div>
      <div class="row">
        <nav class="row agenda-views" aria-label={words.views}>
          {(['day', 'week'] as const).map(one => (
            <a key={one} class="button small" href={at(date, one)} aria-current={one === view ? 'page' : undefined}>
              {words[one]}
            </a>
          ))}
        </nav>
        {owners.length > 1 && view === 'week' && (
          <SelectField
            label={words.whose}
            value={whose[0] ?? ''}
            choices={owners.map(({ id, name }) => ({ value: id, label: name }))}
            onChoose={one => onWho([one])}
          />
        )}
        {owners.length > 1 && view === 'day' && (
          <details class="agenda-who">
            <summary class="button small">
              {words.shown} ({whose.length})
            </summary>
            <div class="options">
              {owners.map(({ id, name }) => (
                <CheckField
                  key={id}
                  label={name}
                  checked={whose.includes(id)}
                  onCheck={checked => {
                    const chosen = owners
                      .map(one => one.id)
                      .filter(one => (one === id ? checked : whose.includes(one)));
                    if (chosen.length > 0) {
                      onWho(chosen);
                    }
                  }}
                />
              ))}
            </div>
          </details>
        )}
        {view === 'day' && (
          <button type="button" class="button small agenda-print" onClick={() => print()}>
            <PrintIcon />
            {words.print}
          </button>
        )}
        <a class="button small" href="/desk/agenda/requests">
          {shell.shell.requests}
          <RequestCount plain />
        </a>
        {onBook !== null && (
          <button type="button" class="button primary small" onClick={onBook}>
            {words.book}
          </button>
        )}
      </div>
    </div>
  );
}
