import { useEffect, useState } from 'preact/hooks';
import { mergeFields } from '../../session/merge';
import type { Schedule, ScheduleFields } from '../../session/schedules';
import { servicesWords } from '../i18n/services';
import { CloseIcon } from '../icons';
import { useApp } from '../parts/app';
import { SelectField, TextArea, TextField } from '../parts/field';
import { zoneChoices } from '../patients/names';
import { Unsaved } from '../shell/unsaved';
import { LanguageList } from './languages';

interface AboutProps {
  readonly schedule: Schedule;
  readonly onChange: (edit: (now: ScheduleFields) => ScheduleFields) => Promise<boolean>;
}

interface Place {
  readonly name: string;
  readonly address: string;
}

const keys = ['name', 'timeZone', 'languages', 'places'] as const;
type About = Pick<ScheduleFields, (typeof keys)[number]>;
const aboutOf = ({ name, timeZone, languages, places }: ScheduleFields): About => ({
  name,
  timeZone,
  languages,
  places,
});
const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** Who the practitioner is for patients, what they speak, and where they are. */
export function AboutForm({ schedule, onChange }: AboutProps) {
  const { t } = useApp(servicesWords);
  const words = t.services.hours;
  const [base, setBase] = useState(aboutOf(schedule));
  const [fields, setFields] = useState(base);
  const [places, setPlaces] = useState(listOf(schedule));
  const [missing, setMissing] = useState(false);
  const mine: About = {
    ...fields,
    places: Object.fromEntries(
      places.filter(one => one.name.trim() !== '').map(one => [one.name.trim(), one.address.trim()]),
    ),
  };
  const unsaved = !same(mine, base);
  useEffect(() => {
    if (!unsaved) {
      setBase(aboutOf(schedule));
      setFields(aboutOf(schedule));
      setPlaces(listOf(schedule));
    }
  }, [schedule]);
  const save = async (): Promise<void> => {
    setMissing(mine.name.trim() === '');
    if (mine.name.trim() === '') {
      return;
    }
    const kept = (now: ScheduleFields): ScheduleFields => {
      const merged = { ...now, ...mergeFields<About>(base, mine, aboutOf(now), keys).fields };
      return withoutPlaces(merged);
    };
    if (await onChange(kept)) {
      setBase(mine);
      setFields(mine);
    }
  };
  const change = (to: Partial<About>): void => setFields({ ...fields, ...to });
  const place = (at: number, to: Partial<Place>): void =>
    setPlaces(places.map((one, index) => (index === at ? { ...one, ...to } : one)));
  return (
    <form
      class="card stack"
      noValidate
      onSubmit={event => {
        event.preventDefault();
        void save();
      }}
    >
      <h3 class="hidden-text">{words.about}</h3>
      <Unsaved unsaved={unsaved} />
      <TextField
        label={words.name}
        hint={words.nameHint}
        error={missing ? words.nameMissing : ''}
        value={fields.name}
        required
        maxLength={100}
        autocomplete="off"
        onInput={name => change({ name })}
      />
      <SelectField
        label={words.zone}
        hint={words.zoneHint}
        value={fields.timeZone}
        choices={zoneChoices(fields.timeZone)}
        onChoose={timeZone => change({ timeZone })}
      />
      <LanguageList
        label={words.languages}
        hint={words.languagesHint}
        value={fields.languages}
        onChange={languages => change({ languages })}
      />
      <fieldset class="field group">
        <legend>{words.places}</legend>
        <p class="hint">{words.placesHint}</p>
        {places.map((one, at) => (
          <div key={at} class="row ids">
            <TextField
              label={words.placeName}
              value={one.name}
              maxLength={100}
              autocomplete="off"
              onInput={name => place(at, { name })}
            />
            <TextArea
              label={words.placeAddress}
              value={one.address}
              rows={2}
              maxLength={500}
              autocomplete="off"
              onInput={address => place(at, { address })}
            />
            <button
              type="button"
              class="button plain small"
              aria-label={words.placeRemove(one.name)}
              onClick={() => setPlaces(places.filter((_, index) => index !== at))}
            >
              <CloseIcon />
            </button>
          </div>
        ))}
        {places.length < 20 && (
          <div class="row">
            <button
              type="button"
              class="button small"
              onClick={() => setPlaces([...places, { name: '', address: '' }])}
            >
              {words.placeAdd}
            </button>
          </div>
        )}
      </fieldset>
      <div class="row">
        <button type="submit" class="button primary" disabled={!unsaved}>
          {t.common.save}
        </button>
      </div>
    </form>
  );
}

const listOf = ({ places }: ScheduleFields): readonly Place[] =>
  Object.entries(places).map(([name, address]) => ({ name, address }));

/** Hours whose place is gone have none. */
function withoutPlaces(now: ScheduleFields): ScheduleFields {
  const there = <H extends { readonly place: string }>(hours: H): H =>
    hours.place in now.places ? hours : { ...hours, place: '' };
  return {
    ...now,
    weekly: now.weekly.map(there),
    extra: now.extra.map(there),
    exceptions: now.exceptions.map(one => ({ ...one, hours: one.hours.map(there) })),
  };
}
