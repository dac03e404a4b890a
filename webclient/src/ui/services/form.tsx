import { type Member, modalities, type Room, type ServiceFields } from '../../session/services';
import { servicesWords } from '../i18n/services';
import { useApp } from '../parts/app';
import { CheckField, SelectField, TextField } from '../parts/field';
import { numbersWith, toggled } from './choices';
import { Needs } from './needs';
import { hasChoices, hasText, Questions } from './questions';
import { TextFields, useTextLanguages } from './texts';
import { lengthIn } from './use';

interface FormProps {
  readonly fields: ServiceFields;
  readonly rooms: readonly Room[];
  readonly members: readonly Member[];
  readonly tried: boolean;
  readonly onChange: (change: Partial<ServiceFields>) => void;
}

/** Whether a service can be saved. */
export const complete = (fields: ServiceFields): boolean =>
  Object.values(fields.label).some(text => text.trim() !== '') &&
  durationGood(fields.duration) &&
  fields.modalities.length > 0 &&
  fields.questions.every(one => hasText(one) && hasChoices(one));

const durationGood = (minutes: number): boolean => Number.isInteger(minutes) && minutes >= 5 && minutes <= 480;
const [hour, day] = [60, 1440];

/** Everything that there is to say of a service: what is always needed first. */
export function ServiceForm({ fields, rooms, members, tried, onChange }: FormProps) {
  const { t, language } = useApp(servicesWords);
  const words = t.services.form;
  const [languages, setLanguages] = useTextLanguages(fields);
  const length = lengthIn(language);
  const orNone = (minutes: number): string => (minutes === 0 ? words.none : length(minutes));
  const minutes = (
    name: 'minNotice' | 'cutOff' | 'before' | 'after' | 'step' | 'horizon',
    label: string,
    usual: readonly number[],
    say: (value: number) => string,
    hint?: string,
  ) => (
    <SelectField
      label={label}
      hint={hint}
      value={String(fields[name])}
      choices={numbersWith(fields[name], usual, say)}
      onChoose={value => onChange({ [name]: Number(value) })}
    />
  );
  const givers = members.filter(one => one.roles.includes('practitioner'));
  return (
    <>
      <div class="card stack">
        <TextFields
          fields={fields}
          languages={languages}
          missing={tried && !Object.values(fields.label).some(text => text.trim() !== '')}
          onChange={onChange}
          onLanguages={setLanguages}
        />
      </div>
      <div class="card columns">
        <TextField
          label={words.duration}
          error={tried && !durationGood(fields.duration) ? words.durationWrong : ''}
          type="number"
          inputMode="numeric"
          min="5"
          max="480"
          value={fields.duration === 0 ? '' : String(fields.duration)}
          onInput={value => onChange({ duration: Number(value) })}
        />
        <fieldset class="field group">
          <legend>{words.modality}</legend>
          {modalities.map(one => (
            <CheckField
              key={one}
              label={t.services.modalities[one]}
              checked={fields.modalities.includes(one)}
              onCheck={on => onChange({ modalities: toggled(fields.modalities, one, on) })}
            />
          ))}
          {tried && fields.modalities.length === 0 && <p class="trouble error">{words.missing.modalities}</p>}
        </fieldset>
        <fieldset class="field group">
          <legend>{words.givers}</legend>
          {givers.map(({ id, name }) => (
            <CheckField
              key={id}
              label={name}
              checked={fields.practitioners.includes(id)}
              onCheck={on => onChange({ practitioners: toggled(fields.practitioners, id, on) })}
            />
          ))}
          {fields.practitioners
            .filter(id => !givers.some(one => one.id === id))
            .map(id => (
              <CheckField
                key={id}
                label={words.left}
                checked
                onCheck={() => onChange({ practitioners: toggled(fields.practitioners, id, false) })}
              />
            ))}
          {fields.practitioners.length === 0 && <p class="hint">{words.giversNone}</p>}
        </fieldset>
        <fieldset class="field group">
          <legend>{words.who}</legend>
          <CheckField label={words.approval} checked={fields.approval} onCheck={approval => onChange({ approval })} />
          <CheckField label={words.hidden} checked={fields.hidden} onCheck={hidden => onChange({ hidden })} />
        </fieldset>
      </div>
      <details class="card">
        <summary>{words.when}</summary>
        <div class="columns">
          {minutes(
            'minNotice',
            words.minNotice,
            [0, hour, 2 * hour, 4 * hour, 12 * hour, day, 2 * day, 7 * day],
            orNone,
            words.minNoticeHint,
          )}
          {minutes('horizon', words.horizon, [7, 14, 30, 60, 90, 180, 365], days => length(days * day))}
          {minutes(
            'cutOff',
            words.cutOff,
            [0, 2 * hour, 12 * hour, day, 2 * day, 3 * day],
            value => (value === 0 ? words.atStart : words.ahead(length(value))),
            words.cutOffHint,
          )}
          <fieldset class="field group">
            <legend>{words.reminders}</legend>
            {[...new Set([7 * day, 2 * day, day, 2 * hour, hour, 0, ...fields.reminders])]
              .sort((a, b) => b - a)
              .map(value => (
                <CheckField
                  key={value}
                  label={value === 0 ? words.atStart : words.ahead(length(value))}
                  checked={fields.reminders.includes(value)}
                  onCheck={on => onChange({ reminders: toggled(fields.reminders, value, on) })}
                />
              ))}
            {fields.reminders.length > 4 && <p class="trouble error">{words.remindersMany}</p>}
          </fieldset>
          {minutes('before', words.before, [0, 5, 10, 15, 20, 30, 45, 60], orNone)}
          {minutes('after', words.after, [0, 5, 10, 15, 20, 30, 45, 60], orNone)}
          {minutes('step', words.step, [0, 5, 10, 15, 20, 30, 60], value =>
            value === 0 ? words.asDuration : length(value),
          )}
          <TextField
            label={words.dailyMax}
            hint={words.dailyMaxHint}
            type="number"
            inputMode="numeric"
            min="0"
            max="1000"
            value={fields.dailyMax === 0 ? '' : String(fields.dailyMax)}
            onInput={value => onChange({ dailyMax: Math.max(0, Math.trunc(Number(value))) })}
          />
        </div>
      </details>
      <details class="card" open={fields.questions.length > 0}>
        <summary>{words.questions}</summary>
        <Questions
          questions={fields.questions}
          languages={languages}
          tried={tried}
          onChange={questions => onChange({ questions })}
        />
      </details>
      {(rooms.length > 0 || fields.resources.length > 0 || members.some(one => one.roles.includes('interpreter'))) && (
        <details class="card" open={fields.resources.length > 0}>
          <summary>{words.needs}</summary>
          <Needs
            groups={fields.resources}
            rooms={rooms}
            members={members}
            onChange={resources => onChange({ resources })}
          />
        </details>
      )}
    </>
  );
}
