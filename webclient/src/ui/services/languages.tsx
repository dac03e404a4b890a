import { servicesWords } from '../i18n/services';
import { CloseIcon } from '../icons';
import { useApp } from '../parts/app';
import { SelectField } from '../parts/field';
import { languageChoices, languageName } from '../patients/names';

interface AddProps {
  readonly hint?: string | undefined;
  readonly had: readonly string[];
  readonly onAdd: (tag: string) => void;
}

/** One more language, of those that are not there. */
export function AddLanguage({ hint, had, onAdd }: AddProps) {
  const { t, language } = useApp(servicesWords);
  return (
    <SelectField<string>
      label={t.services.form.addLanguage}
      hint={hint}
      value=""
      choices={[{ value: '', label: '–' }, ...languageChoices(language, '').filter(one => !had.includes(one.value))]}
      onChoose={tag => {
        if (tag !== '') {
          onAdd(tag);
        }
      }}
    />
  );
}

interface ListProps {
  readonly label: string;
  readonly hint: string;
  readonly value: readonly string[];
  readonly onChange: (to: readonly string[]) => void;
}

/** Languages, each to be taken out, and one more to be put in. */
export function LanguageList({ label, hint, value, onChange }: ListProps) {
  const { t, language } = useApp(servicesWords);
  return (
    <fieldset class="field group">
      <legend>{label}</legend>
      {value.length > 0 && (
        <ul class="row plain-list">
          {value.map(tag => (
            <li key={tag} class="chip">
              {languageName(tag, language)}
              <button
                type="button"
                class="button plain small"
                aria-label={t.common.pair(t.services.remove, languageName(tag, language))}
                onClick={() => onChange(value.filter(other => other !== tag))}
              >
                <CloseIcon />
              </button>
            </li>
          ))}
        </ul>
      )}
      <AddLanguage hint={hint} had={value} onAdd={tag => onChange([...value, tag])} />
    </fieldset>
  );
}
