import '../styles/visit.css';
import { useState } from 'preact/hooks';
import { type Organisation, organisations, removeOrganisation, saveOrganisation } from '../../session/interpreters';
import { visitWords } from '../i18n/visit';
import { useApp } from '../parts/app';
import { CheckField, TextField } from '../parts/field';
import { FormWays, RemoveQuestion, Unread, useKept } from '../parts/kept';
import { useShell } from '../shell/context';
import { tongueChoices, tongueName } from '../visit/tongues';

const nobody: Organisation = { id: '', name: '', phone: '', mail: '', languages: [] };

/** Who sends interpreters: their name, where they are asked, and for what. */
export function OrganisationsSection() {
  const { t, format } = useApp(visitWords);
  const { desk } = useShell();
  const words = t.organisations;
  const ask = desk.request.bind(desk);
  const [editing, setEditing] = useState<Organisation | null>(null);
  const [removing, setRemoving] = useState<Organisation | null>(null);
  const [refused, setRefused] = useState(false);
  const { known, failed, working, again, attempt } = useKept(
    () => organisations(ask),
    () => setRefused(true),
  );
  const change = async (does: () => Promise<void>): Promise<boolean> => {
    setRefused(false);
    return attempt(does);
  };
  if (known === null) {
    return <Unread failed={failed} again={again} />;
  }
  return (
    <section class="stack">
      <h2>{words.heading}</h2>
      <p>{words.intro}</p>
      {refused && (
        <p class="notice bad" role="alert">
          {words.failed}
        </p>
      )}
      <ul class="plain-list">
        {known.map(one => (
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
          working={working}
          onCancel={() => setEditing(null)}
          onSave={async one => {
            if (await change(() => saveOrganisation(ask, one))) {
              setEditing(null);
            }
          }}
        />
      )}
      {removing !== null && (
        <RemoveQuestion
          name={removing.name}
          words={words}
          onNo={() => setRemoving(null)}
          onYes={() => {
            void change(() => removeOrganisation(ask, removing.id));
            setRemoving(null);
          }}
        />
      )}
    </section>
  );
}

interface EditorProps {
  readonly one: Organisation;
  readonly working: boolean;
  readonly onSave: (one: Organisation) => Promise<void>;
  readonly onCancel: () => void;
}

function Editor({ one, working, onSave, onCancel }: EditorProps) {
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
        void onSave(fields);
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
      <FormWays submit={t.common.save} ready={!working && fields.name.trim() !== ''} onCancel={onCancel} />
    </form>
  );
}
