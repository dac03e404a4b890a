import type { FreeTime } from '../../session/agenda';
import { agendaWords } from '../i18n/agenda';
import { useApp } from '../parts/app';
import { CheckField, TextField } from '../parts/field';
import { whenOf } from './say';

interface TimesProps {
  readonly heading: string;
  readonly times: readonly FreeTime[];
  /** The name of a practitioner, when there is more than one. */
  nameOf(practitioner: string): string;
  onChoose(time: FreeTime): void;
}

/** Free times, one of which may be taken. */
export function FreeTimes({ heading, times, nameOf, onChoose }: TimesProps) {
  const { format } = useApp();
  if (times.length === 0) {
    return null;
  }
  return (
    <fieldset class="field">
      <legend>{heading}</legend>
      <div class="row">
        {times.map(time => (
          <button
            key={`${time.start}${time.practitioner}`}
            type="button"
            class="button small"
            onClick={() => onChoose(time)}
          >
            {whenOf(time.start, time.timeZone, format)}
            {nameOf(time.practitioner) !== '' && ` · ${nameOf(time.practitioner)}`}
          </button>
        ))}
      </div>
    </fieldset>
  );
}

interface TakenProps extends Omit<TimesProps, 'heading'> {
  /** Why it is to be put beside the other; null: it is not. */
  readonly overbook: string | null;
  readonly missing: boolean;
  /** Beside whose appointment is known. */
  readonly named?: boolean;
  onOverbook(reason: string | null): void;
}

/** Somebody has this time: another one, or both, with a reason. */
export function Taken({ overbook, missing, named = true, onOverbook, ...times }: TakenProps) {
  const { t } = useApp(agendaWords);
  return (
    <div class="notice bad">
      <p role="alert">
        <b>{named ? t.agenda.taken : t.agenda.takenAll}</b>
      </p>
      <FreeTimes heading={t.agenda.takenNext} {...times} />
      {named && (
        <CheckField
          label={t.agenda.overbook}
          checked={overbook !== null}
          onCheck={checked => onOverbook(checked ? '' : null)}
        />
      )}
      {overbook !== null && (
        <TextField
          label={t.agenda.overbookReason}
          hint={t.agenda.overbookHint}
          error={missing && overbook.trim() === '' ? t.agenda.overbookMissing : ''}
          value={overbook}
          maxLength={500}
          autocomplete="off"
          dir="auto"
          onInput={onOverbook}
        />
      )}
    </div>
  );
}
