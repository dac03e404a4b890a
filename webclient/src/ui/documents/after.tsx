import '../styles/documents.css';
import { useEffect, useRef } from 'preact/hooks';
import type { DocumentList } from '../../protocol/messages';
import type { DocumentsSnapshot } from '../../session/documents';
import { documentsWords } from '../i18n/documents';
import { useApp } from '../parts/app';
import { useSnapshot } from '../parts/hooks';
import { SendingRow } from './list';
import type { DocumentsPort } from './port';

const DAY = 86_400_000; // ms

interface AfterProps {
  /** What the patient may find again; null: nothing. */
  readonly list: DocumentList | null;
  /** What may still be on its way; null when nothing ever was. */
  readonly documents: DocumentsPort | null;
}

/** After the call: what there is to find again, until when, and with which code; and what is still being sent. */
export function AfterDocuments({ list, documents }: AfterProps) {
  return (
    <>
      {documents !== null && <GoesOn documents={documents} />}
      {list !== null && <Kept list={list} />}
    </>
  );
}

function Kept({ list }: { readonly list: DocumentList }) {
  const { t, format } = useApp(documentsWords);
  const ready = list.documents.filter(one => one.state === 'ready');
  const dayOf = (until: string | undefined, days: number): string =>
    format.day(until ?? new Date(Date.now() + days * DAY).toISOString());
  return (
    <section class="card stack" aria-label={t.documents.keptHeading}>
      <h2>{t.documents.keptHeading}</h2>
      {ready.length > 0 && (
        <>
          <ul class="bullets">
            {ready.map(one => (
              <li key={one.id}>
                <bdi>{one.name}</bdi>
              </li>
            ))}
          </ul>
          <p>{t.documents.kept(dayOf(list.until, list.days))}</p>
        </>
      )}
      {list.messages === true && <p>{t.documents.keptMessages(dayOf(list.messages_until, list.message_days ?? 0))}</p>}
      {list.code !== undefined && (
        <p class="document-code">
          <b>{t.documents.keptCode(`${list.code.slice(0, 3)}\u00a0${list.code.slice(3)}`)}</b>
        </p>
      )}
    </section>
  );
}

/** Files that were on their way when the call ended: sending goes on while the page is open. */
export function GoesOn({ documents, onClose }: { readonly documents: DocumentsPort; readonly onClose?: () => void }) {
  const { t, announcer } = useApp(documentsWords);
  const { sending }: DocumentsSnapshot = useSnapshot(documents);
  const was = useRef(sending.length > 0);
  const busy = sending.some(one => one.state !== 'failed');
  useEffect(() => {
    if (!busy) {
      return;
    }
    was.current = true;
    const warn = (event: BeforeUnloadEvent): void => event.preventDefault();
    addEventListener('beforeunload', warn);
    return () => removeEventListener('beforeunload', warn);
  }, [busy]);
  useEffect(() => {
    if (sending.length === 0 && was.current) {
      announcer.say(t.documents.wentThrough);
    }
  }, [sending.length]);
  if (sending.length === 0 && !was.current) {
    return null;
  }
  return (
    <section class="card stack" aria-label={t.documents.heading}>
      {(sending.length === 0 || busy) && <p>{busy ? t.documents.goesOn : t.documents.wentThrough}</p>}
      {sending.length === 0 && onClose !== undefined && (
        <button type="button" class="button small" onClick={onClose}>
          {t.common.close}
        </button>
      )}
      {sending.length > 0 && (
        <ul class="documents">
          {sending.map(one => (
            <SendingRow key={one.key} one={one} documents={documents} />
          ))}
        </ul>
      )}
    </section>
  );
}
