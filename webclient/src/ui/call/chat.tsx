import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { CallSnapshot, ChatLine } from '../../session/call';
import { SendIcon, WarningIcon } from '../icons';
import { useApp } from '../parts/app';
import type { CallPort } from '../parts/ports';

/** The protocol's limit, in characters. */
const LONGEST = 2000;

interface ChatProps {
  readonly call: CallPort;
  readonly snapshot: CallSnapshot;
}

/** Whole messages, oldest first, and a field to write in. New ones are read out by the page's announcer, not by a second live region. */
export function Chat({ call, snapshot }: ChatProps) {
  const { t } = useApp();
  const [text, setText] = useState('');
  const end = useRef<HTMLLIElement>(null);
  const field = useRef<HTMLTextAreaElement>(null);
  const over = Array.from(text.trim()).length - LONGEST;
  useEffect(() => field.current?.focus(), []);
  useEffect(() => call.readChat(), [snapshot.chat.length, snapshot.unread]);
  useLayoutEffect(() => end.current?.scrollIntoView({ block: 'nearest' }), [snapshot.chat.length]);

  const send = (): void => {
    if (text.trim() === '' || over > 0) {
      return;
    }
    call.sendChat(text.trim());
    setText('');
    field.current?.focus();
  };
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a long list must be scrollable with the keyboard. */}
      <div class="lines" tabIndex={0}>
        {snapshot.chat.length === 0 && <p class="quiet">{t.chat.empty}</p>}
        <ul>
          {snapshot.chat.map(line => (
            <Line key={line.id} line={line} onRetry={() => call.retryChat(line.id)} />
          ))}
          <li ref={end} class="end" aria-hidden="true" />
        </ul>
      </div>
      <form
        class="write field"
        onSubmit={event => {
          event.preventDefault();
          send();
        }}
      >
        <label for="chat-text">{t.chat.label}</label>
        <textarea
          id="chat-text"
          ref={field}
          rows={2}
          value={text}
          enterkeyhint="send"
          aria-describedby={over > 0 ? 'chat-over' : undefined}
          onInput={event => setText(event.currentTarget.value)}
          onKeyDown={event => {
            if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) {
              event.preventDefault();
              send();
            }
          }}
        />
        {over > 0 && (
          <p id="chat-over" class="over">
            {t.chat.tooLong(over)}
          </p>
        )}
        <button type="submit" class="button primary" disabled={over > 0}>
          <SendIcon />
          {t.chat.send}
        </button>
      </form>
    </>
  );
}

function Line({ line, onRetry }: { readonly line: ChatLine; readonly onRetry: () => void }) {
  const { t, format } = useApp();
  const who = line.mine ? t.common.you : line.name === '' ? t.common.roles.patient : line.name;
  return (
    <li class={line.mine ? 'line mine' : 'line'}>
      <p class="from">{t.chat.from(who, format.time(line.at))}</p>
      <p class="text" dir="auto">
        {line.text}
      </p>
      {line.failed ? (
        <p class="failed">
          <WarningIcon />
          {t.chat.failed}
          <button type="button" class="button small" onClick={onRetry}>
            {t.chat.retry}
          </button>
        </p>
      ) : (
        line.pending && <p class="from">{t.chat.sending}</p>
      )}
    </li>
  );
}
