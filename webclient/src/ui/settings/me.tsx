import { useState } from 'preact/hooks';
import { type Language, languageCodes, languages } from '../i18n';
import { preferencesWords } from '../i18n/preferences';
import { SettingsIcon } from '../icons';
import { useApp } from '../parts/app';
import { SelectField, TextField } from '../parts/field';
import { usePart } from '../parts/hooks';
import { keepLanguage } from '../parts/language';
import { SettingsDialog } from '../parts/settings';
import { useShell } from '../shell/context';
import { BookMail } from './bookmail';

/** One's own name, language, picture and sound. */
export function MeSection() {
  const { desk, local, toasts } = useShell();
  const { t, language } = useApp(preferencesWords);
  const me = usePart(desk, snapshot => snapshot.me);
  const [name, setName] = useState(me?.name ?? '');
  const [state, setState] = useState<'ready' | 'working' | 'failed' | 'empty'>('ready');
  const [devices, setDevices] = useState(false);

  const save = async (): Promise<void> => {
    if (name.trim() === '') {
      setState('empty');
      return;
    }
    setState('working');
    try {
      await desk.rename(name.trim());
      setState('ready');
      toasts.say(t.common.saved);
    } catch {
      setState('failed');
    }
  };
  return (
    <div class="stack">
      <form
        class="card stack"
        noValidate
        onSubmit={event => {
          event.preventDefault();
          void save();
        }}
      >
        <TextField
          label={t.preferences.name}
          hint={t.preferences.nameHint}
          error={state === 'empty' ? t.preferences.nameMissing : state === 'failed' ? t.common.failed : ''}
          value={name}
          required
          maxLength={80}
          autocomplete="name"
          onInput={setName}
        />
        <div class="row">
          <button type="submit" class="button primary" disabled={state === 'working'}>
            {t.common.save}
          </button>
        </div>
      </form>
      <div class="card stack">
        <SelectField<Language>
          label={t.preferences.language}
          hint={t.preferences.languageHint}
          value={language}
          choices={languageCodes.map(value => ({ value, label: languages[value].name }))}
          onChoose={keepLanguage}
        />
      </div>
      <BookMail />
      <div class="card row">
        <button type="button" class="button small" onClick={() => setDevices(true)}>
          <SettingsIcon />
          {t.settings.heading}
        </button>
        <button type="button" class="button small" onClick={() => void desk.signOut()}>
          {t.preferences.signOut}
        </button>
      </div>
      {devices && (
        <SettingsDialog
          local={local}
          onClose={() => {
            local.closeCamera();
            local.closeMicrophone();
            setDevices(false);
          }}
        />
      )}
    </div>
  );
}
