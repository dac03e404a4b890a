import { useState } from 'preact/hooks';
import {
  type Holiday,
  type Hours,
  plainHours,
  planOf,
  type Schedule,
  type ScheduleFields,
} from '../../session/schedules';
import { servicesWords } from '../i18n/services';
import { useApp } from '../parts/app';
import { Dialog } from '../parts/dialog';
import { RadioField, SelectField } from '../parts/field';
import { complete, nextHours, Range } from './ranges';
import { Taken } from './taken';

const kinds = ['usual', 'closed', 'other', 'extra'] as const;
export type DayKind = (typeof kinds)[number];

interface DayProps {
  readonly date: string;
  readonly schedule: Schedule;
  readonly holidays: readonly Holiday[];
  readonly onSave: (kind: DayKind, hours: readonly Hours[]) => Promise<void>;
  readonly onClose: () => void;
}

/** What one day has in place of the usual. */
export function DayDialog({ date, schedule, holidays, onSave, onClose }: DayProps) {
  const { t, format } = useApp(servicesWords);
  const words = t.services.hours;
  const plan = planOf(schedule, date, holidays);
  const extra = schedule.extra.filter(one => one.date === date);
  const first: DayKind =
    plan.why === 'exception' ? (plan.hours.length === 0 ? 'closed' : 'other') : extra.length > 0 ? 'extra' : 'usual';
  const [kind, setKind] = useState<DayKind>(first);
  const [hours, setHours] = useState<readonly Hours[]>(first === 'extra' ? extra : plan.hours);
  const [tried, setTried] = useState(false);
  const [working, setWorking] = useState(false);
  const written = kind === 'other' || kind === 'extra';
  const places = Object.keys(schedule.places);
  const name = format.day(date);
  const choose = (to: DayKind): void => {
    setKind(to);
    if (to === 'extra' && first !== 'extra') {
      setHours([{ ...plainHours('', ''), ...nextHours(plan.hours.at(-1)) }]);
    } else if (to === 'other') {
      setHours(plan.hours.length === 0 ? [plainHours('09:00', '12:00')] : plan.hours);
    }
  };
  const save = async (): Promise<void> => {
    setTried(true);
    if (written && (hours.length === 0 || !hours.every(complete))) {
      return;
    }
    setWorking(true);
    await onSave(kind, written ? hours : []);
    setWorking(false);
  };
  return (
    <Dialog heading={name} onClose={onClose}>
      <form
        class="stack"
        noValidate
        onSubmit={event => {
          event.preventDefault();
          void save();
        }}
      >
        <RadioField
          label={words.dayWhat}
          value={kind}
          hint={words.dayMore[kind]}
          choices={kinds.map(value => ({ value, label: words.day[value] }))}
          onChoose={choose}
        />
        {(kind === 'closed' || kind === 'other') && <Taken account={schedule.practitioner} from={date} to={date} />}
        {written && (
          <div class="ranges">
            {hours.map((one, at) => (
              <Range
                key={at}
                hours={one}
                day={name}
                before={at}
                wrong={tried}
                onChange={to => setHours(hours.map((other, index) => (index === at ? { ...other, ...to } : other)))}
                onRemove={() => setHours(hours.filter((_, index) => index !== at))}
              >
                {places.length > 0 && (
                  <SelectField
                    label={words.place}
                    value={one.place}
                    choices={[{ value: '', label: words.anywhere }, ...places.map(value => ({ value, label: value }))]}
                    onChoose={place =>
                      setHours(hours.map((other, index) => (index === at ? { ...other, place } : other)))
                    }
                  />
                )}
              </Range>
            ))}
            {hours.length < 12 && (
              <button
                type="button"
                class="button small"
                aria-label={words.addOn(name)}
                onClick={() => setHours([...hours, { ...plainHours('', ''), ...nextHours(hours.at(-1)) }])}
              >
                {words.add}
              </button>
            )}
            {tried && hours.length === 0 && <p class="trouble error">{words.missing}</p>}
          </div>
        )}
        <div class="choices">
          <button type="button" class="button" onClick={onClose}>
            {t.common.cancel}
          </button>
          <button type="submit" class="button primary" disabled={working}>
            {t.common.save}
          </button>
        </div>
      </form>
    </Dialog>
  );
}

/** The schedule with one day made what was chosen. */
export function withDay(now: ScheduleFields, date: string, kind: DayKind, hours: readonly Hours[]): ScheduleFields {
  const rest = {
    ...now,
    exceptions: now.exceptions.filter(one => one.date !== date),
    extra: now.extra.filter(one => one.date !== date),
  };
  const plain = hours.map(({ from, to, place, modalities, services }) => ({ from, to, place, modalities, services }));
  switch (kind) {
    case 'usual':
      return rest;
    case 'closed':
      return { ...rest, exceptions: [...rest.exceptions, { date, hours: [] }] };
    case 'other':
      return { ...rest, exceptions: [...rest.exceptions, { date, hours: plain }] };
    case 'extra':
      return { ...rest, extra: [...rest.extra, ...plain.map(one => ({ ...one, date }))] };
  }
}
