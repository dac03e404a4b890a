import type { ComponentChildren } from 'preact';
import type { Hours } from '../../session/schedules';
import { servicesWords } from '../i18n/services';
import { CloseIcon, WarningIcon } from '../icons';
import { useApp } from '../parts/app';

interface RangeProps<H extends Hours> {
  readonly hours: H;
  /** Of the day, for screen readers. */
  readonly day: string;
  /** How many ranges of the day stand before it. */
  readonly before: number;
  readonly wrong: boolean;
  readonly onChange: (to: Partial<Hours>) => void;
  readonly onRemove: () => void;
  readonly children?: ComponentChildren;
}

/** From one time to another, and what takes it away. */
export function Range<H extends Hours>({ hours, day, before, wrong, onChange, onRemove, children }: RangeProps<H>) {
  const { t } = useApp(servicesWords);
  const words = t.services.hours;
  const nth = before === 0 ? '' : ` (${before + 1})`;
  const time = (name: 'from' | 'to', label: string) => (
    <input
      type="time"
      aria-label={label + nth}
      aria-invalid={wrong && hours[name] === '' ? true : undefined}
      value={hours[name] === '24:00' ? '00:00' : hours[name]}
      onInput={event => onChange({ [name]: event.currentTarget.value })}
    />
  );
  return (
    <div class="range">
      <span class="times">
        <span aria-hidden="true">{words.from}</span>
        {time('from', words.fromOn(day))}
        <span aria-hidden="true">{words.to}</span>
        {time('to', words.toOn(day))}
      </span>
      {children}
      <button
        type="button"
        class="button plain small"
        aria-label={words.removeRange(day, hours.from)}
        onClick={onRemove}
      >
        <CloseIcon />
      </button>
      {hours.from !== '' && hours.to !== '' && hours.to <= hours.from && hours.to !== '00:00' && (
        <span class="quiet">{words.overnight}</span>
      )}
      {wrong && (hours.from === '' || hours.to === '') && (
        <p class="trouble error">
          <WarningIcon />
          {words.missing}
        </p>
      )}
    </div>
  );
}

/** Whether both times are written. */
export const complete = ({ from, to }: Hours): boolean => from !== '' && to !== '';

/** Where the next range of a day would begin and end. */
export function nextHours(last: Hours | undefined): Pick<Hours, 'from' | 'to'> {
  const hour = last === undefined ? 9 : Number(last.to.slice(0, 2)) + (last.to <= '12:30' ? 2 : 1);
  const written = (h: number): string => `${String(Math.min(h, 23)).padStart(2, '0')}:00`;
  if (last === undefined || hour > 21) {
    return last === undefined ? { from: '09:00', to: '12:00' } : { from: '', to: '' };
  }
  return { from: written(hour), to: written(hour + (hour >= 13 ? 4 : 3)) };
}
