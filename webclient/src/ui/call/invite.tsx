import { useState } from 'preact/hooks';
import type { Role } from '../../protocol/messages';
import { deskWords } from '../i18n/desk';
import { useApp } from '../parts/app';
import { CopyLink } from '../parts/copy';
import { Dialog } from '../parts/dialog';

interface InviteProps {
  readonly invite: (role: Role, name: string) => Promise<string>;
  readonly onClose: () => void;
}

/** A link for somebody more: an interpreter, a relative, a colleague. */
export function InviteDialog({ invite, onClose }: InviteProps) {
  const { t } = useApp(deskWords);
  const [role, setRole] = useState<Role>('guest');
  const [name, setName] = useState('');
  const [link, setLink] = useState<string | null>(null);
  const [state, setState] = useState<'ready' | 'working' | 'failed'>('ready');
  const make = async (): Promise<void> => {
    setState('working');
    try {
      setLink(await invite(role, name.trim()));
      setState('ready');
    } catch {
      setState('failed');
    }
  };
  return (
    <Dialog heading={t.call.inviteHeading} onClose={onClose}>
      {link === null ? (
        <form
          class="stack"
          onSubmit={event => {
            event.preventDefault();
            void make();
          }}
        >
          <p>{t.call.inviteMore}</p>
          <fieldset class="field">
            <legend>{t.call.inviteRole}</legend>
            <div class="options">
              {(['guest', 'interpreter'] as const).map(one => (
                <label key={one} class="option">
                  <input
                    type="radio"
                    name="invite-role"
                    value={one}
                    checked={role === one}
                    onChange={() => setRole(one)}
                  />
                  {one === 'guest' ? t.call.inviteGuest : t.call.inviteInterpreter}
                </label>
              ))}
            </div>
          </fieldset>
          <div class="field">
            <label for="invite-name">{t.call.inviteName}</label>
            <input
              id="invite-name"
              value={name}
              maxLength={80}
              autocomplete="off"
              aria-describedby="invite-name-hint"
              onInput={event => setName(event.currentTarget.value)}
            />
            <p id="invite-name-hint" class="hint">
              {t.call.inviteNameHint}
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
              {t.call.inviteMake}
            </button>
          </div>
        </form>
      ) : (
        <>
          <p>{t.call.inviteReady}</p>
          <CopyLink link={link} label={t.desk.linkLabel} primary />
          <button type="button" class="button" onClick={onClose}>
            {t.common.close}
          </button>
        </>
      )}
    </Dialog>
  );
}
