import { useState } from 'preact/hooks';
import type { Invitation } from '../../session/desk';
import { deskWords } from '../i18n/desk';
import { useApp } from '../parts/app';
import { CopyLink } from '../parts/copy';
import { Dialog } from '../parts/dialog';
import { ContactField, RadioField, TextField } from '../parts/field';

interface InviteProps {
  readonly invite: (who: Invitation) => Promise<{ readonly link: string; readonly sent: boolean }>;
  readonly onClose: () => void;
}

/** A link for somebody more: an interpreter, a relative, a colleague. */
export function InviteDialog({ invite, onClose }: InviteProps) {
  const { t } = useApp(deskWords);
  const [role, setRole] = useState<'carer' | 'expert' | 'interpreter'>('carer');
  const [name, setName] = useState('');
  const [contact, setContact] = useState('');
  const [made, setMade] = useState<{ readonly link: string; readonly sent: boolean } | null>(null);
  const [state, setState] = useState<'ready' | 'working' | 'failed' | 'contact'>('ready');
  const make = async (): Promise<void> => {
    setState('working');
    try {
      const guest = role === 'interpreter' ? '' : role;
      setMade(await invite({ role: guest === '' ? 'interpreter' : 'guest', as: guest, name: name.trim(), contact }));
      setState('ready');
    } catch {
      setState(contact.trim() === '' ? 'failed' : 'contact');
    }
  };
  return (
    <Dialog heading={t.call.inviteHeading} onClose={onClose}>
      {made === null ? (
        <form
          class="stack"
          onSubmit={event => {
            event.preventDefault();
            void make();
          }}
        >
          <p>{t.call.inviteMore}</p>
          <RadioField
            label={t.call.inviteRole}
            value={role}
            choices={(['carer', 'expert', 'interpreter'] as const).map(value => ({
              value,
              label: value === 'interpreter' ? t.call.inviteInterpreter : t.call.guests[value],
            }))}
            onChoose={setRole}
          />
          <TextField
            label={t.call.inviteName}
            hint={t.call.inviteNameHint}
            value={name}
            maxLength={80}
            autocomplete="off"
            dir="auto"
            onInput={setName}
          />
          <ContactField
            label={t.call.inviteContact}
            hint={t.call.inviteContactHint}
            error={state === 'contact' ? t.call.inviteContactWrong : ''}
            value={contact}
            onInput={setContact}
          />
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
          <p role="status">{made.sent ? t.call.inviteSent : t.call.inviteReady}</p>
          <CopyLink link={made.link} label={t.desk.linkLabel} primary />
          <button type="button" class="button" onClick={onClose}>
            {t.common.close}
          </button>
        </>
      )}
    </Dialog>
  );
}
