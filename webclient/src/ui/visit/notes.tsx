import '../styles/visit.css';
import { useEffect, useState } from 'preact/hooks';
import { clock } from '../../session/environment';
import { NoteBook } from '../../session/visit';
import type { CallTabProps } from '../call/tabs';
import { visitWords } from '../i18n/visit';
import { WarningIcon } from '../icons';
import { useApp } from '../parts/app';
import { TextArea } from '../parts/field';
import { useSnapshot } from '../parts/hooks';
import { useShell } from '../shell/context';

/** The practitioner's private notes on this consultation: coloured apart from the messages, kept while they are written. */
export function NotesTab({ consultation }: CallTabProps) {
  const { desk } = useShell();
  return <Notes key={consultation} ask={desk.request.bind(desk)} consultation={consultation} />;
}

interface NotesProps {
  readonly ask: ConstructorParameters<typeof NoteBook>[0];
  readonly consultation: string;
}

export function Notes({ ask, consultation }: NotesProps) {
  const { t } = useApp(visitWords);
  const [book] = useState(() => new NoteBook(ask, clock, consultation));
  const { text, state, theirs } = useSnapshot(book);
  useEffect(() => {
    void book.load();
    const away = (): void => void book.keep();
    addEventListener('pagehide', away);
    document.addEventListener('visibilitychange', away);
    return () => {
      removeEventListener('pagehide', away);
      document.removeEventListener('visibilitychange', away);
      book.close();
    };
  }, [book]);
  const words = t.note;
  if (text === null) {
    return (
      <div class="lines private-note">
        {state === 'unreadable' ? (
          <div class="notice bad">
            <p>{words.unreadable}</p>
            <button type="button" class="button small" onClick={() => void book.load()}>
              {t.common.retry}
            </button>
          </div>
        ) : (
          <p class="quiet">{t.common.loading}</p>
        )}
      </div>
    );
  }
  const trouble = state === 'unkept' ? words.unkept : state === 'long' ? words.tooLong : '';
  return (
    <div class="lines private-note">
      <TextArea
        label={words.label}
        hint={words.hint}
        value={text}
        rows={12}
        dir="auto"
        onInput={to => book.write(to)}
      />
      {theirs !== null && (
        <div class="notice bad" role="alert">
          <p>{words.conflict}</p>
          <p class="theirs">{theirs}</p>
          <button type="button" class="button small" onClick={() => book.both()}>
            {words.both}
          </button>
        </div>
      )}
      {trouble !== '' ? (
        <p class="trouble" role="alert">
          <WarningIcon />
          {trouble}
        </p>
      ) : (
        theirs === null && <p class="quiet">{state === 'writing' ? words.writing : words.kept}</p>
      )}
    </div>
  );
}
