import { useState } from 'preact/hooks';
import { instantAt, wallOf } from '../../session/zone';
import { agendaWords } from '../i18n/agenda';
import { useApp } from '../parts/app';
import { DateField, SelectField, TextField } from '../parts/field';

/** A practitioner who can be chosen, and the zone of their clocks. */
export interface Giver {
  readonly id: string;
  readonly name: string;
  readonly timeZone: string;
}

/** Instead of a practitioner's id: whoever is free. */
export const ANYBODY = '';

/** A day and time on the clocks of a practitioner, while they are chosen. */
export interface ChosenTime {
  /** An id, or ANYBODY: then the clocks are those of the first. */
  readonly practitioner: string;
  readonly date: string;
  readonly time: string;
  /** What it was chosen as: of an hour that comes twice, which. It counts as long as clocks show it as date and time. */
  readonly exact: string;
}

/** A start as it is put into the fields. */
export function chosenOf(start: string, practitioner: string, givers: readonly Giver[]): ChosenTime {
  return { practitioner, exact: start, ...wallOf(start, zoneOf(givers, practitioner)) };
}

export function zoneOf(givers: readonly Giver[], practitioner: string): string {
  return givers.find(one => one.id === practitioner)?.timeZone ?? givers[0]?.timeZone ?? 'UTC';
}

/** The instant that was chosen; null when clocks do not show it. */
export function chosenInstant(
  { practitioner, date, time, exact }: ChosenTime,
  givers: readonly Giver[],
): string | null {
  const zone = zoneOf(givers, practitioner);
  const shown = wallOf(exact, zone);
  return shown.date === date && shown.time === time ? exact : instantAt(date, time, zone);
}

export function useChosenTime(
  start: string,
  practitioner: string,
  givers: readonly Giver[],
): [ChosenTime, (change: Partial<ChosenTime>) => void] {
  const [chosen, setChosen] = useState<ChosenTime>(() => chosenOf(start, practitioner, givers));
  return [chosen, change => setChosen(was => ({ ...was, ...change }))];
}

interface TimeFieldsProps {
  readonly chosen: ChosenTime;
  readonly givers: readonly Giver[];
  readonly wrong: boolean;
  /** Whether ANYBODY is a choice. */
  readonly anybody?: boolean;
  onChange(change: Partial<ChosenTime>): void;
}

/** Day, time and, when there is a choice, practitioner. The zone is named when the browser is in another one. */
export function TimeFields({ chosen, givers, wrong, anybody = false, onChange }: TimeFieldsProps) {
  const { t, format } = useApp(agendaWords);
  const there = format.inZone(zoneOf(givers, chosen.practitioner));
  return (
    <>
      {givers.length > 1 && (
        <SelectField
          label={t.agenda.practitioner}
          value={chosen.practitioner}
          choices={[
            ...(anybody ? [{ value: ANYBODY, label: t.agenda.anybody }] : []),
            ...givers.map(({ id, name }) => ({ value: id, label: name })),
          ]}
          onChoose={practitioner => onChange({ practitioner })}
        />
      )}
      <div class="pair">
        <DateField label={t.agenda.date} value={chosen.date} required onInput={date => onChange({ date })} />
        <TextField
          type="time"
          label={t.agenda.time}
          hint={there.elsewhere ? there.zone : undefined}
          error={wrong ? t.agenda.noTime : ''}
          value={chosen.time}
          required
          onInput={time => onChange({ time })}
        />
      </div>
    </>
  );
}
