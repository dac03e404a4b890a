import type { HalfDay } from '../../session/requests';
import { requestsWords } from '../i18n/requests';
import type { RequestsWords } from '../i18n/requests/words';
import { WarningIcon } from '../icons';
import { useApp } from '../parts/app';
import { weekdaysIn } from '../parts/format';

const weekdays = [1, 2, 3, 4, 5, 6, 0]; // Monday first
const halves = ['morning', 'afternoon'] as const;

const isOf = (weekday: number, afternoon: boolean) => (one: HalfDay) =>
  one.weekday === weekday && one.afternoon === afternoon;

/** "tuesday, thursday afternoon" */
export function halfDaysSaid(some: readonly HalfDay[], language: string, t: RequestsWords): string {
  const names = weekdaysIn(language, 'long');
  return weekdays
    .flatMap(weekday => {
      const name = names[weekday] ?? '';
      const [first, second] = some.filter(one => one.weekday === weekday);
      if (first === undefined) {
        return [];
      }
      return second === undefined
        ? [`${name} ${t.requests.waiting.half[first.afternoon ? 'afternoon' : 'morning']}`]
        : [name];
    })
    .join(', ');
}

interface HalfDaysProps {
  readonly chosen: readonly HalfDay[];
  readonly error: string;
  readonly onChange: (chosen: readonly HalfDay[]) => void;
}

/** Mornings and afternoons of a week, to be ticked. */
export function HalfDays({ chosen, error, onChange }: HalfDaysProps) {
  const { t, language } = useApp(requestsWords);
  const { waiting } = t.requests;
  const names = weekdaysIn(language, 'long');
  return (
    <fieldset class="field half-days">
      <legend>{waiting.halfDays}</legend>
      {weekdays.map(weekday => (
        <div key={weekday}>
          <span aria-hidden="true">{names[weekday]}</span>
          {halves.map(half => {
            const afternoon = half === 'afternoon';
            const is = isOf(weekday, afternoon);
            return (
              <label key={half} class="option">
                <input
                  type="checkbox"
                  aria-label={`${names[weekday]} ${waiting.half[half]}`}
                  checked={chosen.some(is)}
                  onChange={event =>
                    onChange(
                      event.currentTarget.checked
                        ? [...chosen, { weekday, afternoon }]
                        : chosen.filter(one => !is(one)),
                    )
                  }
                />
                {waiting.half[half]}
              </label>
            );
          })}
        </div>
      ))}
      {error !== '' && (
        <p class="trouble error" role="alert">
          <WarningIcon />
          {error}
        </p>
      )}
    </fieldset>
  );
}
