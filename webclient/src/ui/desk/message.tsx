import { useState } from 'preact/hooks';
import { deskWords } from '../i18n/desk';
import { useApp } from '../parts/app';
import { Dialog } from '../parts/dialog';
import { Field } from '../parts/field';
import type { DeskPort } from '../parts/ports';

const longest = 300; // characters, docs/protocol.md §3

interface MessageProps {
  readonly desk: DeskPort;
  /** Null: all who wait. */
  readonly to: { readonly consultation: string; readonly participant: string; readonly name: string } | null;
  readonly onClose: () => void;
}

/** A few words to somebody who waits, or to all; and then how they reached them. */
export function MessageDialog({ desk, to, onClose }: MessageProps) {
  const { t } = useApp(deskWords);
  const [text, setText] = useState('');
  const [busy, setBusy] = useState(false);
  const [told, setTold] = useState('');
  const words = t.strip;

  const send = async (): Promise<void> => {
    setBusy(true);
    const target = to === null ? null : { consultation: to.consultation, participant: to.participant };
    const reached = await desk.message(target, text.trim());
    setBusy(false);
    if (reached === null) {
      setTold(t.desk.failed);
      return;
    }
    const how = [reached.shown > 0 ? words.toldShown : '', reached.sent > 0 ? words.toldSent : ''].filter(Boolean);
    setText('');
    setTold(how.length === 0 ? words.toldKept : how.join(' '));
  };

  return (
    <Dialog heading={to === null ? words.messageAllHeading : words.messageTo(to.name)} onClose={onClose}>
      <form
        class="stack"
        onSubmit={event => {
          event.preventDefault();
          if (text.trim() !== '' && !busy) {
            void send();
          }
        }}
      >
        <Field label={words.messageLabel} hint={words.messageHint}>
          {control => (
            <textarea
              {...control}
              rows={3}
              maxLength={longest}
              value={text}
              onInput={event => setText(event.currentTarget.value)}
            />
          )}
        </Field>
        <div class="row">
          {words.messageQuick.map(quick => (
            <button key={quick} type="button" class="button small" onClick={() => setText(quick)}>
              {quick}
            </button>
          ))}
        </div>
        <p role="status">{told}</p>
        <div class="choices">
          <button type="button" class="button" onClick={onClose}>
            {t.common.close}
          </button>
          <button type="submit" class="button primary" disabled={busy || text.trim() === ''}>
            {words.send}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
