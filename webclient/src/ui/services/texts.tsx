import { useState } from 'preact/hooks';
import type { ServiceFields } from '../../session/services';
import type { Texts } from '../../session/texts';
import { servicesWords } from '../i18n/services';
import { useApp } from '../parts/app';
import { TextArea, TextField } from '../parts/field';
import { languageName } from '../patients/names';
import { AddLanguage } from './languages';

interface TextsProps {
  readonly fields: ServiceFields;
  readonly languages: readonly string[];
  readonly missing: boolean;
  readonly onChange: (change: Partial<ServiceFields>) => void;
  readonly onLanguages: (to: readonly string[]) => void;
}

/** What a service is called and costs, in each language that the practice wants to say it in. */
export function TextFields({ fields, languages, missing, onChange, onLanguages }: TextsProps) {
  const { t, language } = useApp(servicesWords);
  const words = t.services.form;
  const several = languages.length > 1;
  const put = (all: Texts, tag: string, text: string): Texts => ({ ...all, [tag]: text });
  const without = (all: Texts, tag: string): Texts =>
    Object.fromEntries(Object.entries(all).filter(([one]) => one !== tag));
  return (
    <>
      {languages.map((tag, at) => {
        const name = languageName(tag, language);
        return (
          <fieldset key={tag} class="field group">
            <legend class={several ? undefined : 'hidden-text'}>{name}</legend>
            <TextField
              label={words.label}
              hint={at === 0 ? words.labelHint : undefined}
              error={at === 0 && missing ? words.missing.label : ''}
              value={fields.label[tag] ?? ''}
              required={at === 0}
              maxLength={200}
              autocomplete="off"
              dir="auto"
              onInput={text => onChange({ label: put(fields.label, tag, text) })}
            />
            <TextArea
              label={words.description}
              value={fields.description[tag] ?? ''}
              rows={2}
              maxLength={500}
              dir="auto"
              onInput={text => onChange({ description: put(fields.description, tag, text) })}
            />
            <TextField
              label={words.price}
              hint={at === 0 ? words.priceHint : undefined}
              value={fields.price[tag] ?? ''}
              maxLength={200}
              autocomplete="off"
              dir="auto"
              onInput={text => onChange({ price: put(fields.price, tag, text) })}
            />
            {several && (
              <div class="row">
                <button
                  type="button"
                  class="button plain small"
                  onClick={() => {
                    onLanguages(languages.filter(one => one !== tag));
                    onChange({
                      label: without(fields.label, tag),
                      description: without(fields.description, tag),
                      price: without(fields.price, tag),
                      questions: fields.questions.map(one => ({
                        ...one,
                        label: without(one.label, tag),
                        choices: one.choices.map(choice => ({ ...choice, label: without(choice.label, tag) })),
                      })),
                    });
                  }}
                >
                  {words.removeLanguage(name)}
                </button>
              </div>
            )}
          </fieldset>
        );
      })}
      <AddLanguage had={languages} onAdd={tag => onLanguages([...languages, tag])} />
    </>
  );
}

/** The languages that a service is written in, the page's first when there is none yet. */
export function useTextLanguages(fields: ServiceFields): [readonly string[], (to: readonly string[]) => void] {
  const { language } = useApp();
  const written = [...new Set([fields.label, fields.description, fields.price].flatMap(Object.keys))].sort((a, b) =>
    a === language ? -1 : b === language ? 1 : a < b ? -1 : 1,
  );
  const [added, setAdded] = useState<readonly string[]>(written.length === 0 ? [language] : written);
  // Those that somebody else has written meanwhile, too.
  return [[...added, ...written.filter(tag => !added.includes(tag))], setAdded];
}
