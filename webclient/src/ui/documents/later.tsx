import '../styles/documents.css';
import { render } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { newDocuments, sendCode, unlock } from '../../session/browserdocuments';
import { type KeptChat, keptChatByTicket } from '../../session/keptchat';
import { type Catalogue, type Language, Words } from '../i18n';
import { documentsWords } from '../i18n/documents';
import { visitWords } from '../i18n/visit';
import { Announcer } from '../parts/announcer';
import { AppContext, useApp } from '../parts/app';
import { TextField } from '../parts/field';
import { newFormat } from '../parts/format';
import { useSnapshot } from '../parts/hooks';
import { dressPhones } from '../parts/phones';
import { KeptLines } from '../visit/keptlines';
import { GoesOn } from './after';
import { DocumentsList } from './list';
import type { DocumentsPort } from './port';

/** The page that a patient's link leads to after the call: a code, then the documents. */
export async function startLater(t: Catalogue, language: Language): Promise<void> {
  const where = document.getElementById('later');
  const main = document.getElementById('app');
  if (where === null || main === null) {
    return;
  }
  document.documentElement.classList.add('alive');
  dressPhones(document);
  const words = new Words(language, t);
  await words.load([documentsWords, visitWords]);
  const surroundings = {
    t,
    language,
    words,
    format: newFormat(language, t, navigator.languages),
    announcer: new Announcer(document.body),
    phone: main.dataset.phone ?? '',
  };
  render(
    <AppContext.Provider value={surroundings}>
      <Later
        ticket={main.dataset.ticket ?? ''}
        consultation={main.dataset.consultation ?? ''}
        until={main.dataset.until ?? ''}
        messagesUntil={main.dataset.messagesUntil ?? ''}
      />
    </AppContext.Provider>,
    where,
  );
}

interface LaterProps {
  readonly ticket: string;
  readonly consultation: string;
  /** When the documents are erased; '' when there are none. */
  readonly until: string;
  readonly messagesUntil: string;
}

/** What there is and until when; then, with the code, the things themselves. */
export function Later({ ticket, consultation, until, messagesUntil }: LaterProps) {
  const { t, format } = useApp(documentsWords);
  const [opened, setOpened] = useState<Opened | null>(null);
  // What was on its way when the page was closed, waits in this browser, and needs the link alone.
  const [rest] = useState(() => newDocuments(consultation, ticket));
  useEffect(() => {
    rest.over();
    void rest.start();
    return () => rest.close();
  }, [rest]);
  return (
    <div class="stack">
      {until !== '' && <p>{t.documents.kept(format.day(until))}</p>}
      {messagesUntil !== '' && <p>{t.documents.keptMessages(format.day(messagesUntil))}</p>}
      <GoesOn documents={rest} />
      {opened === null ? <CodeForm ticket={ticket} onOpen={setOpened} /> : <Unlocked {...opened} />}
    </div>
  );
}

/** What link and code open. */
interface Opened {
  readonly documents: DocumentsPort;
  readonly chat: KeptChat | null;
}

function Unlocked({ documents, chat }: Opened) {
  const { t } = useApp(visitWords);
  const snapshot = useSnapshot(documents);
  return (
    <>
      {(snapshot.list?.documents.length ?? 0) > 0 && <DocumentsList documents={documents} snapshot={snapshot} />}
      {chat !== null && chat.lines.length > 0 && (
        <section class="stack" aria-label={t.keptChat.open}>
          <h2>{t.keptChat.open}</h2>
          <KeptLines chat={chat} />
        </section>
      )}
    </>
  );
}

function CodeForm({ ticket, onOpen }: { readonly ticket: string; readonly onOpen: (opened: Opened) => void }) {
  const { t, announcer } = useApp(documentsWords);
  const words = t.documents;
  const [code, setCode] = useState('');
  const [error, setError] = useState('');
  const [news, setNews] = useState('');
  const [busy, setBusy] = useState(false);

  const attempt = async (what: () => Promise<void>, wordOf: (code: string) => string): Promise<void> => {
    setBusy(true);
    setError('');
    setNews('');
    try {
      await what();
    } catch (problem) {
      const text = wordOf(problem instanceof Error ? problem.message : '');
      setError(text);
      announcer.interrupt(text);
    }
    setBusy(false);
  };
  const { codeProblems } = words;
  return (
    <form
      class="stack"
      onSubmit={event => {
        event.preventDefault();
        void attempt(
          async () => {
            const right = await unlock(ticket, code);
            const documents = newDocuments(right.consultation, right.ticket);
            await documents.refresh();
            onOpen({ documents, chat: await keptChatByTicket(right.consultation, right.ticket) });
          },
          problem =>
            problem === 'forbidden'
              ? codeProblems.wrong
              : problem === 'too-fast'
                ? codeProblems.locked
                : problem === 'bad-ticket'
                  ? codeProblems.link
                  : codeProblems.other,
        );
      }}
    >
      <TextField
        label={words.code}
        hint={words.codeHint}
        error={error}
        value={code}
        onInput={setCode}
        inputMode="numeric"
        autocomplete="one-time-code"
        maxLength={12}
        required
        dir="ltr"
      />
      {news !== '' && <p role="status">{news}</p>}
      <div class="actions">
        <button type="submit" class="button primary" disabled={busy}>
          {words.unlock}
        </button>
        <button
          type="button"
          class="button"
          disabled={busy}
          onClick={() =>
            void attempt(
              async () => {
                await sendCode(ticket);
                setNews(words.codeSent);
              },
              problem =>
                problem === 'too-fast'
                  ? codeProblems.soon
                  : problem === 'conflict'
                    ? codeProblems.unreachable
                    : problem === 'bad-ticket'
                      ? codeProblems.link
                      : codeProblems.other,
            )
          }
        >
          {words.sendCode}
        </button>
      </div>
    </form>
  );
}
