import '../styles/visit.css';
import { useEffect, useState } from 'preact/hooks';
import { type Organisation, organisations, removeOrganisation, saveOrganisation } from '../../session/interpreters';
import { visitWords } from '../i18n/visit';
import { useApp } from '../parts/app';
import { Question } from '../parts/dialog';
import { CheckField, TextField } from '../parts/field';
import { useShell } from '../shell/context';
import { tongueChoices, tongueName } from '../visit/tongues';

const nobody: Organisation = { id: '', name: '', phone: '', mail: '', languages: [] };

/** Who sends interpreters: their name, where they are asked, and for what. */
export function OrganisationsSection() {
  const { t, format } = useApp(visitWords);
  const { desk } = useShell();
  const words = t.organisations;
  const [all, setAll] = useState<readonly Organisation[] | null>(null);
  const [editing, setEditing] = useState<Organisation | null>(null);
  const [removing, setRemoving] = useState<Organisation | null>(null);
  const [failed, setFailed] = useState(false);
  const ask = desk.request.bind(desk);
  const attempt = async (does: () => Promise<void>): Promise<void> => {
    try {
      await does();
      setAll(await organisations(ask));
      setFailed(false);
      setEditing(null);
    } catch {
      setFailed(true);
    }
  };
  useEffect(() => void attempt(async () => undefined), []);
  return (
    <section class="stack">
      <h2>{words.heading}</h2>
      <p>{words.intro}</p>
      {failed && (
        <p class="notice bad" role="alert">
          {words.failed}
        </p>
      )}
      <ul class="plain-list">
        {(all ?? []).map(one => (
          <li key={one.id} class="card">
            <p>
              <b>{one.name}</b>
              <br />
              <span dir="ltr">{[one.mail, format.phone(one.phone)].filter(Boolean).join(' · ')}</span>
              <br />
              {one.languages.map(tag => tongueName(tag, t.interpreters.signs, format)).join(' · ')}
            </p>
            <div class="row">
              <button
                type="button"
                class="button small"
                aria-label={words.changeOf(one.name)}
                onClick={() => setEditing(one)}
              >
                {words.change}
              </button>
              <button
                type="button"
                class="button small"
                aria-label={words.removeOf(one.name)}
                onClick={() => setRemoving(one)}
              >
                {words.remove}
              </button>
            </div>
          </li>
        ))}
      </ul>
      {editing === null ? (
        <button type="button" class="button" onClick={() => setEditing(nobody)}>
          {words.add}
        </button>
      ) : (
        <Editor
          key={editing.id}
          one={editing}
          onCancel={() => setEditing(null)}
          onSave={one => void attempt(() => saveOrganisation(ask, one))}
        />
      )}
      {removing !== null && (
        <Question
          heading={words.removeOf(removing.name)}
          yes={words.remove}
          no={t.common.cancel}
          danger
          onNo={() => setRemoving(null)}
          onYes={() => {
            void attempt(() => removeOrganisation(ask, removing.id));
            setRemoving(null);
          }}
        >
          <p>{words.removeMore}</p>
        </Question>
      )}
    </section>
  );
}

interface EditorProps {
  readonly one: Organisation;
  readonly onSave: (one: Organisation) => void;
  readonly onCancel: () => void;
}

function Editor({ one, onSave, onCancel }: EditorProps) {
  const { t, format } = useApp(visitWords);
  const words = t.organisations;
  const [fields, setFields] = useState(one);
  const change = (to: Partial<Organisation>): void => setFields({ ...fields, ...to });
  return (
    <form
      class="card stack"
      noValidate
      onSubmit={event => {
        event.preventDefault();
        onSave(fields);
      }}
    >
      <TextField label={words.name} value={fields.name} maxLength={100} required onInput={name => change({ name })} />
      <TextField
        label={words.mail}
        type="email"
        value={fields.mail}
        maxLength={254}
        dir="ltr"
        onInput={mail => change({ mail })}
      />
      <TextField
        label={words.phone}
        type="tel"
        value={fields.phone}
        maxLength={40}
        dir="ltr"
        onInput={phone => change({ phone })}
      />
      <fieldset class="field group">
        <legend>{words.languages}</legend>
        <div class="columns">
          {tongueChoices(t.interpreters.signs, format, one.languages).map(({ value, label }) => (
            <CheckField
              key={value}
              label={label}
              checked={fields.languages.includes(value)}
              onCheck={checked =>
                change({
                  languages: checked ? [...fields.languages, value] : fields.languages.filter(tag => tag !== value),
                })
              }
            />
          ))}
        </div>
      </fieldset>
      <div class="row">
        <button type="submit" class="button primary" disabled={fields.name.trim() === ''}>
          {t.common.save}
        </button>
        <button type="button" class="button" onClick={onCancel}>
          {t.common.cancel}
        </button>
      </div>
    </form>
  );
}
