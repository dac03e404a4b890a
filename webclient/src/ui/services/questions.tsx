import { type Choice, keptChoices, type Question, questionKinds, withText } from '../../session/services';
import { textIn } from '../../session/texts';
import { servicesWords } from '../i18n/services';
import { useApp } from '../parts/app';
import { CheckField, SelectField, TextField } from '../parts/field';
import { languageName } from '../patients/names';

interface QuestionsProps {
  readonly questions: readonly Question[];
  readonly languages: readonly string[];
  /** Saving was tried: what is missing is said. */
  readonly tried: boolean;
  readonly onChange: (to: readonly Question[]) => void;
}

export const hasText = (question: Question): boolean => Object.values(question.label).some(text => text.trim() !== '');
export const hasChoices = ({ kind, choices }: Question): boolean =>
  kind !== 'choice' || keptChoices(choices).length > 1;

/** What patients are asked when they book. */
export function Questions({ questions, languages, tried, onChange }: QuestionsProps) {
  const { t, language } = useApp(servicesWords);
  const words = t.services.form;
  const change = (at: number, to: Partial<Question>): void =>
    onChange(questions.map((one, index) => (index === at ? { ...one, ...to } : one)));
  return (
    <fieldset class="field group">
      <legend class="hidden-text">{words.questions}</legend>
      <p class="hint">{words.questionsHint}</p>
      {questions.map((one, at) => (
        <div key={one.id} class="card stack">
          {languages.map((tag, i) => (
            <TextField
              key={tag}
              label={languages.length > 1 ? `${words.question} · ${languageName(tag, language)}` : words.question}
              error={tried && i === 0 && !hasText(one) ? words.missing.question : ''}
              value={one.label[tag] ?? ''}
              maxLength={500}
              autocomplete="off"
              dir="auto"
              onInput={text => change(at, { label: { ...one.label, [tag]: text } })}
            />
          ))}
          <SelectField
            label={words.kind}
            value={one.kind}
            choices={questionKinds.map(value => ({ value, label: words.kinds[value] }))}
            onChoose={kind => change(at, { kind })}
          />
          {one.kind === 'choice' && (
            <Choices
              choices={one.choices}
              languages={languages}
              error={tried && !hasChoices(one) ? words.missing.choices : ''}
              onChange={choices => change(at, { choices })}
            />
          )}
          <CheckField label={words.required} checked={one.required} onCheck={required => change(at, { required })} />
          <div class="row">
            <button
              type="button"
              class="button plain small"
              aria-label={words.questionRemove(textIn(one.label, language) || String(at + 1))}
              onClick={() => onChange(questions.filter((_, index) => index !== at))}
            >
              {t.services.remove}
            </button>
          </div>
        </div>
      ))}
      {questions.length < 20 && (
        <div class="row">
          <button
            type="button"
            class="button small"
            onClick={() =>
              onChange([
                ...questions,
                { id: freshId(questions), label: {}, kind: 'text', choices: [], required: false },
              ])
            }
          >
            {words.questionAdd}
          </button>
        </div>
      )}
    </fieldset>
  );
}

interface ChoicesProps {
  readonly choices: readonly Choice[];
  readonly languages: readonly string[];
  readonly error: string;
  readonly onChange: (to: readonly Choice[]) => void;
}

/** The possible answers, each in every language of the service. There is always an empty one below, to write the next into. */
function Choices({ choices, languages, error, onChange }: ChoicesProps) {
  const { t, language } = useApp(servicesWords);
  const words = t.services.form;
  const shown = [...choices.map(one => withText(one, languages[0] ?? language)), { value: '', label: {} }];
  return (
    <fieldset class="field group">
      <legend>{words.choices}</legend>
      <p class="hint">{words.choicesHint}</p>
      {shown.map((one, at) => (
        <div key={String(at)} class="abreast">
          {languages.map((tag, i) => (
            <TextField
              key={tag}
              label={
                languages.length > 1 ? `${words.choice(at + 1)} · ${languageName(tag, language)}` : words.choice(at + 1)
              }
              error={at === 0 && i === 0 ? error : ''}
              value={one.label[tag] ?? ''}
              maxLength={500}
              autocomplete="off"
              dir="auto"
              onInput={text =>
                onChange(
                  shown
                    .map((other, i) => (i === at ? { ...one, label: { ...one.label, [tag]: text } } : other))
                    .filter(started),
                )
              }
            />
          ))}
        </div>
      ))}
    </fieldset>
  );
}

const started = ({ value, label }: Choice): boolean => value !== '' || Object.keys(label).length > 0;

/** An id that no question of the service has or is likely to have had: answers are kept under it. */
function freshId(questions: readonly Question[]): string {
  const id = `q-${Date.now().toString(36)}`;
  return questions.some(one => one.id === id) ? `${id}-${questions.length}` : id;
}
