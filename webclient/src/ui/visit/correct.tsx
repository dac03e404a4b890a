import { useState } from 'preact/hooks';
import type { Identity } from '../../protocol/messages';
import { DeskError } from '../../session/http';
import { type IdentityFields, identify } from '../../session/visit';
import { visitWords } from '../i18n/visit';
import { useApp } from '../parts/app';
import { Dialog } from '../parts/dialog';
import { DateField, SelectField, TextField } from '../parts/field';
import { useShell } from '../shell/context';

/** Countries whose emergency number is known (consult/identity.go), and no others: for the others one has to look. */
const countries =
  'FR GP MQ GF RE YT PM BL MF WF PF NC BE CH LU MC DE ES IT PT GB IE NL AT DK SE NO FI PL CZ SK HU RO BG GR HR SI EE LV LT CY MT AD IS LI SM TR TN US CA'.split(
    ' ',
  );

interface CorrectProps {
  readonly who: Identity;
  readonly consultation: string;
  readonly onClose: () => void;
}

/** What the practitioner finds out in the first minute. */
export function CorrectIdentity({ who, consultation, onClose }: CorrectProps) {
  const { t, language, format } = useApp(visitWords);
  const { desk } = useShell();
  const [fields, setFields] = useState<IdentityFields>({
    name: who.name,
    birthDate: who.birth_date ?? '',
    place: who.place ?? '',
    country: who.country ?? '',
    callBack: who.call_back ?? '',
  });
  const [state, setState] = useState<'ready' | 'working' | 'failed' | 'phone'>('ready');
  const change = (to: Partial<IdentityFields>): void => setFields({ ...fields, ...to });
  const names = new Intl.DisplayNames([language], { type: 'region' });
  const choices = [...new Set([...countries, ...(fields.country === '' ? [] : [fields.country])])]
    .map(value => ({ value, label: names.of(value) ?? value }))
    .sort((a, b) => a.label.localeCompare(b.label, language));
  const save = async (): Promise<void> => {
    setState('working');
    try {
      await identify(desk.request.bind(desk), consultation, who.participant, fields);
      onClose();
    } catch (error) {
      setState(error instanceof DeskError && /phone/.test(error.detail) ? 'phone' : 'failed');
    }
  };
  return (
    <Dialog heading={t.visit.correctHeading} onClose={onClose}>
      <form
        class="stack"
        noValidate
        autocomplete="off"
        onSubmit={event => {
          event.preventDefault();
          void save();
        }}
      >
        <TextField
          label={t.visit.name}
          value={fields.name}
          maxLength={100}
          autocomplete="off"
          spellcheck={false}
          dir="auto"
          onInput={name => change({ name })}
        />
        <DateField
          label={t.visit.birthDate}
          value={fields.birthDate}
          min="1896-01-01"
          max={format.dayOf(new Date())}
          onInput={birthDate => change({ birthDate })}
        />
        <p class="hint">{t.visit.correctMore}</p>
        <TextField
          label={t.where.place}
          value={fields.place}
          maxLength={200}
          autocomplete="off"
          dir="auto"
          onInput={place => change({ place })}
        />
        <SelectField
          label={t.visit.country}
          value={fields.country}
          choices={[{ value: '', label: t.visit.countryOwn }, ...choices]}
          onChoose={country => change({ country })}
        />
        <TextField
          label={t.visit.callBack}
          error={state === 'phone' ? t.visit.wrongPhone : ''}
          type="tel"
          value={fields.callBack}
          maxLength={40}
          autocomplete="off"
          dir="ltr"
          onInput={callBack => change({ callBack })}
        />
        {state === 'failed' && (
          <p class="notice bad" role="alert">
            {t.visit.notKept}
          </p>
        )}
        <div class="choices">
          <button type="button" class="button" onClick={onClose}>
            {t.common.cancel}
          </button>
          <button type="submit" class="button primary" disabled={state === 'working'}>
            {t.common.save}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
