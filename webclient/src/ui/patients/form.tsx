import { useState } from 'preact/hooks';
import { type ExternalId, type Need, needs, type PatientFields, type Reach } from '../../session/patients';
import { patientsWords } from '../i18n/patients';
import type { PatientField } from '../i18n/patients/words';
import { CloseIcon } from '../icons';
import { useApp } from '../parts/app';
import { CheckField, DateField, SelectField, TextField } from '../parts/field';
import { languageChoices, zoneChoices } from './names';

interface FormProps {
  readonly fields: PatientFields;
  /** The field that was refused, and whether something else went wrong. */
  readonly wrong: PatientField | 'missing' | 'failed' | null;
  readonly working: boolean;
  readonly onChange: (change: Partial<PatientFields>) => void;
  readonly onSave: () => void;
  readonly onCancel: () => void;
}

/** Everything that a record holds: what is always needed first, the rest folded away unless there is something in it. */
export function PatientForm({ fields, wrong, working, onChange, onSave, onCancel }: FormProps) {
  const { t, language, format } = useApp(patientsWords);
  const rest: readonly PatientField[] = ['birth_name', 'time_zone', 'carer_name', 'carer_phone', 'ids'];
  const [open] = useState(
    fields.birthName + fields.timeZone + fields.carerName + fields.carerPhone !== '' || fields.ids.length > 0,
  );
  const errorOf = (field: PatientField): string => (wrong === field ? t.patients.wrong[field] : '');
  const text = (name: 'familyName' | 'givenNames' | 'birthName' | 'carerName', label: string, field: PatientField) => (
    <TextField
      label={label}
      error={field === 'family_name' && wrong === 'missing' ? t.patients.missingName : errorOf(field)}
      hint={name === 'birthName' ? t.patients.birthNameHint : undefined}
      value={fields[name]}
      required={name === 'familyName'}
      maxLength={99}
      autocomplete="off"
      spellcheck={false}
      dir="auto"
      onInput={value => onChange({ [name]: value })}
    />
  );
  const phone = (name: 'phone' | 'carerPhone', label: string, field: PatientField) => (
    <TextField
      label={label}
      error={errorOf(field)}
      hint={name === 'phone' ? t.patients.phoneHint : undefined}
      value={fields[name]}
      type="tel"
      maxLength={40}
      autocomplete="off"
      dir="ltr"
      onInput={value => onChange({ [name]: value })}
    />
  );
  return (
    <form
      class="patient-form stack"
      noValidate
      autocomplete="off"
      onSubmit={event => {
        event.preventDefault();
        onSave();
      }}
    >
      <div class="card columns">
        {text('familyName', t.patients.familyName, 'family_name')}
        {text('givenNames', t.patients.givenNames, 'given_names')}
        <DateField
          label={t.patients.birthDate}
          error={errorOf('birth_date')}
          value={fields.birthDate}
          min="1896-01-01"
          max={format.dayOf(new Date())}
          onInput={birthDate => onChange({ birthDate })}
        />
        <SelectField<string>
          label={t.patients.language}
          error={errorOf('language')}
          value={fields.language}
          choices={[{ value: '', label: t.patients.languageUnknown }, ...languageChoices(language, fields.language)]}
          onChoose={chosen => onChange({ language: chosen })}
        />
        {phone('phone', t.patients.phone, 'phone')}
        <TextField
          label={t.patients.mail}
          error={errorOf('mail')}
          value={fields.mail}
          type="email"
          maxLength={254}
          autocomplete="off"
          dir="ltr"
          onInput={mail => onChange({ mail })}
        />
        <SelectField<Reach | ''>
          label={t.patients.reach}
          error={errorOf('reach')}
          value={fields.reach}
          choices={[
            { value: '', label: t.patients.reachAuto },
            ...(['sms', 'mail', 'handed'] as const).map(value => ({ value, label: t.patients.reaches[value] })),
          ]}
          onChoose={reach => onChange({ reach })}
        />
        <NeedsField value={fields.needs} onChange={onChange} />
      </div>
      <details class="card" open={open || rest.some(field => field === wrong)}>
        <summary>{t.patients.rest}</summary>
        <div class="columns">
          {text('birthName', t.patients.birthName, 'birth_name')}
          <SelectField<string>
            label={t.patients.timeZone}
            hint={t.patients.timeZoneHint}
            error={errorOf('time_zone')}
            value={fields.timeZone}
            choices={[{ value: '', label: t.patients.timeZoneOwn }, ...zoneChoices(fields.timeZone)]}
            onChoose={timeZone => onChange({ timeZone })}
          />
          <fieldset class="field group">
            <legend>{t.patients.carer}</legend>
            {text('carerName', t.patients.carerName, 'carer_name')}
            {phone('carerPhone', t.patients.carerPhone, 'carer_phone')}
          </fieldset>
          <IdsField ids={fields.ids} error={errorOf('ids')} onChange={ids => onChange({ ids })} />
        </div>
      </details>
      {wrong === 'failed' && (
        <p class="notice bad" role="alert">
          {t.patients.failed}
        </p>
      )}
      <div class="row">
        <button type="submit" class="button primary" disabled={working}>
          {t.common.save}
        </button>
        <button type="button" class="button" onClick={onCancel}>
          {t.common.cancel}
        </button>
      </div>
    </form>
  );
}

function NeedsField({
  value,
  onChange,
}: {
  readonly value: readonly Need[];
  readonly onChange: (change: Partial<PatientFields>) => void;
}) {
  const { t } = useApp(patientsWords);
  return (
    <fieldset class="field group">
      <legend>{t.patients.needs}</legend>
      {needs.map(need => (
        <CheckField
          key={need}
          label={t.patients.need[need]}
          checked={value.includes(need)}
          onCheck={checked => onChange({ needs: needs.filter(one => (one === need ? checked : value.includes(one))) })}
        />
      ))}
    </fieldset>
  );
}

function IdsField({
  ids,
  error,
  onChange,
}: {
  readonly ids: readonly ExternalId[];
  readonly error: string;
  readonly onChange: (ids: readonly ExternalId[]) => void;
}) {
  const { t } = useApp(patientsWords);
  const change = (at: number, to: Partial<ExternalId>): void =>
    onChange(ids.map((one, index) => (index === at ? { ...one, ...to } : one)));
  return (
    <fieldset class="field group">
      <legend>{t.patients.ids}</legend>
      <p class="hint">{t.patients.idsHint}</p>
      {ids.map((one, at) => (
        <div key={at} class="row ids">
          <TextField
            label={t.patients.idSystem}
            error={error}
            value={one.system}
            maxLength={40}
            autocomplete="off"
            onInput={system => change(at, { system })}
          />
          <TextField
            label={t.patients.idValue}
            value={one.value}
            maxLength={64}
            autocomplete="off"
            dir="ltr"
            onInput={value => change(at, { value })}
          />
          <button
            type="button"
            class="button plain"
            aria-label={t.patients.idRemove(one.system)}
            onClick={() => onChange(ids.filter((_, index) => index !== at))}
          >
            <CloseIcon />
          </button>
        </div>
      ))}
      {ids.length < 8 && (
        <button
          type="button"
          class="button small"
          onClick={() =>
            onChange([...ids, { system: ids.length === 0 ? 'INS' : ids.length === 1 ? 'IPP' : '', value: '' }])
          }
        >
          {t.patients.idAdd}
        </button>
      )}
    </fieldset>
  );
}
