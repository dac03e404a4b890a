import { useState } from 'preact/hooks';
import { deskWords } from '../i18n/desk';
import { useApp } from '../parts/app';
import { Dialog } from '../parts/dialog';
import type { DeskPort } from '../parts/ports';

interface NameProps {
  readonly desk: DeskPort;
  readonly current: string;
  readonly onClose: () => void;
}

/** Which name patients see. Asked once, at the first visit; changed later from the top bar. */
export function NameDialog({ desk, current, onClose }: NameProps) {
  const { t } = useApp(deskWords);
  const [name, setName] = useState(current);
  const [state, setState] = useState<'ready' | 'working' | 'failed'>('ready');
  const save = async (): Promise<void> => {
    if (name.trim() === '') {
      return;
    }
    setState('working');
    try {
      await desk.rename(name.trim());
      onClose();
    } catch {
      setState('failed');
    }
  };
  return (
    <Dialog heading={t.desk.nameHeading} onClose={onClose}>
      <form
        class="stack"
        onSubmit={event => {
          event.preventDefault();
          void save();
        }}
      >
        <p>{t.desk.nameMore}</p>
        <div class="field">
          <label for="own-name">{t.desk.nameLabel}</label>
          <input
            id="own-name"
            required
            maxLength={80}
            autocomplete="name"
            value={name}
            aria-describedby="own-name-hint"
            onInput={event => setName(event.currentTarget.value)}
          />
          <p id="own-name-hint" class="hint">
            {t.desk.nameHint}
          </p>
        </div>
        {state === 'failed' && (
          <p class="notice bad" role="alert">
            {t.desk.failed}
          </p>
        )}
        <div class="choices">
          <button type="button" class="button" onClick={onClose}>
            {t.common.cancel}
          </button>
          <button type="submit" class="button primary" disabled={state === 'working'}>
            {t.desk.nameSave}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
