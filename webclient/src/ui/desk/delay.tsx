import { deskWords } from '../i18n/desk';
import { useApp } from '../parts/app';
import { usePart } from '../parts/hooks';
import type { DeskPort } from '../parts/ports';

const choices = [5, 10, 20] as const;

/** "I am late": told at once to all who wait. */
export function DelayButtons({ desk }: { readonly desk: DeskPort }) {
  const { t, format } = useApp(deskWords);
  const delay = usePart(desk, snapshot => snapshot.delay);
  const other = usePart(desk, ({ me, actingFor }) => me?.actsFor.find(({ id }) => id === actingFor)?.name);
  return (
    <fieldset class="delay">
      <legend>{other === undefined ? t.desk.late : t.desk.lateOf(other)}</legend>
      <div class="row">
        {choices.map(minutes => (
          <button
            key={minutes}
            type="button"
            class="button small"
            aria-pressed={delay?.minutes === minutes}
            onClick={() => void desk.delay(minutes)}
          >
            {t.desk.lateMinutes(minutes)}
          </button>
        ))}
        <button
          type="button"
          class="button small"
          aria-pressed={delay?.minutes === 0}
          onClick={() => void desk.delay(0)}
        >
          {t.desk.onTime}
        </button>
      </div>
      <p class="quiet" role="status">
        {delay === null
          ? t.desk.lateHint
          : delay.minutes === 0
            ? t.desk.onTimeSaid(format.time(delay.saidAt))
            : t.desk.lateSaid(delay.minutes, format.time(delay.saidAt))}
      </p>
    </fieldset>
  );
}
