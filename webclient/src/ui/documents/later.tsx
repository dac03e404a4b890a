import '../styles/documents.css';
import { render } from 'preact';
import { useState } from 'preact/hooks';
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
      <Later ticket={main.dataset.ticket ?? ''} until={main.dataset.until ?? ''} />
    </AppContext.Provider>,
    where,
  );
}

function Later({ ticket, until }: { readonly ticket: string; readonly until: string }) {
  const { t, format } = useApp(documentsWords);
  const [opened, setOpened] = useState<Opened | null>(null);
  return (
    <div class="stack">
      <p>{t.documents.kept(format.day(until))}</p>
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
  return (
    <>
      <DocumentsList documents={documents} snapshot={useSnapshot(documents)} />
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
