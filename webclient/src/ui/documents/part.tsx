import '../styles/documents.css';
import { useEffect, useRef } from 'preact/hooks';
import { newDocuments } from '../../session/browserdocuments';
import type { DocumentsSnapshot } from '../../session/documents';
import { nameOf } from '../call/people';
import { documentsWords } from '../i18n/documents';
import { MessageIcon } from '../icons';
import { useApp } from '../parts/app';
import { useSnapshot } from '../parts/hooks';
import type { CallPort } from '../parts/ports';
import { DocumentsList } from './list';
import type { DocumentsHolder, DocumentsPort } from './port';
import { SendDocuments, sendFiles, useDrop } from './send';

interface PartProps {
  readonly call: CallPort;
  readonly holder: DocumentsHolder;
}

/** The documents of the call, kept alive with the page; the websocket says what there is. */
function useDocuments(call: CallPort, holder: DocumentsHolder): DocumentsPort | null {
  const snapshot = useSnapshot(call);
  const id = snapshot.consultation?.id;
  if (holder.current === null && id !== undefined) {
    holder.current = newDocuments(id, holder.ticket);
    void holder.current.start();
  }
  const documents = holder.current;
  useEffect(() => {
    if (snapshot.documents !== null) {
      documents?.take(snapshot.documents);
    }
  }, [documents, snapshot.documents]);
  return documents;
}

/** In the waiting room: a card. */
export function WaitingDocuments(props: PartProps) {
  const documents = useDocuments(props.call, props.holder);
  return documents === null ? null : <WaitingCard documents={documents} />;
}

function WaitingCard({ documents }: { readonly documents: DocumentsPort }) {
  const { t } = useApp(documentsWords);
  const snapshot = useSnapshot(documents);
  useArrivals(snapshot);
  return (
    <section class="card documents-card" aria-label={t.documents.heading}>
      <h2>{t.documents.heading}</h2>
      <p class="quiet">{t.documents.invite}</p>
      {hasAny(snapshot) && <DocumentsList documents={documents} snapshot={snapshot} />}
      <SendDocuments documents={documents} snapshot={snapshot} />
    </section>
  );
}

const hasAny = (snapshot: DocumentsSnapshot): boolean =>
  snapshot.sending.length > 0 || (snapshot.list?.documents.length ?? 0) > 0;

interface PanelProps extends PartProps {
  /** Who is signed in may show documents to others. */
  readonly practitioner: boolean;
}

/** In the call: what the panel holds. */
export function PanelDocuments({ call, holder, practitioner }: PanelProps) {
  const documents = useDocuments(call, holder);
  return documents === null ? null : <PanelBody call={call} documents={documents} practitioner={practitioner} />;
}

function PanelBody({
  call,
  documents,
  practitioner,
}: {
  call: CallPort;
  documents: DocumentsPort;
  practitioner: boolean;
}) {
  const { t } = useApp(documentsWords);
  const snapshot = useSnapshot(documents);
  const { participants } = useSnapshot(call);
  const people = participants
    .filter(one => !one.self)
    .map(one => ({ id: one.id, name: nameOf(one, t), usual: one.role === 'patient' }));
  const others = practitioner ? people : undefined;
  return (
    <div class="lines documents-panel">
      <DocumentsList documents={documents} snapshot={snapshot} others={others} />
      <SendDocuments documents={documents} snapshot={snapshot} primary recipients={others} />
      {practitioner && <p class="quiet">{t.documents.drop}</p>}
    </div>
  );
}

interface LineProps extends PartProps {
  readonly open: boolean;
  readonly onOpen: () => void;
}

/** In the call, always there: takes what is dropped onto the page, and says what arrived and how sending goes. */
export function DocumentsLine({ call, holder, open, onOpen }: LineProps) {
  const documents = useDocuments(call, holder);
  return documents === null ? null : <Line documents={documents} open={open} onOpen={onOpen} />;
}

function Line({ documents, open, onOpen }: { documents: DocumentsPort; open: boolean; onOpen: () => void }) {
  const { t } = useApp(documentsWords);
  const words = t.documents;
  const snapshot = useSnapshot(documents);
  const latest = useArrivals(snapshot);
  const over = useDrop(true, files => {
    sendFiles(documents, snapshot, files, words);
    onOpen();
  });
  const sending = snapshot.sending[0];
  if (over) {
    return <p class="drop-here">{words.dropNow}</p>;
  }
  if (open || (sending === undefined && latest === null)) {
    return null;
  }
  const percent = sending === undefined ? '' : `${Math.floor((100 * sending.sent) / Math.max(1, sending.size))} %`;
  return (
    <button type="button" class="peek" aria-haspopup="dialog" onClick={onOpen}>
      <MessageIcon />
      <span>{sending === undefined ? latest : sending.state === 'stuck' ? words.stuck : words.sending(percent)}</span>
    </button>
  );
}

/** Says what arrives and what was sent. Returns what arrived last and was not opened yet, in words. */
function useArrivals(snapshot: DocumentsSnapshot): string | null {
  const { t, announcer } = useApp(documentsWords);
  const known = useRef<ReadonlySet<string> | null>(null);
  const ready = (snapshot.list?.documents ?? []).filter(one => one.state === 'ready');
  const wordOf = (one: (typeof ready)[number]): string =>
    one.mine
      ? t.documents.sent(one.name)
      : t.documents.arrived(one.from_name === '' ? t.common.roles[one.from_role] : one.from_name, one.name);
  useEffect(() => {
    if (snapshot.list === null) {
      return;
    }
    const before = known.current;
    known.current = new Set(ready.map(one => one.id));
    for (const one of before === null ? [] : ready) {
      if (!before?.has(one.id)) {
        announcer.say(wordOf(one));
      }
    }
  }, [snapshot.list]);
  const fresh = ready.filter(one => !one.mine && one.seen.length === 0 && !snapshot.opened.includes(one.id));
  const last = fresh[fresh.length - 1];
  return last === undefined ? null : wordOf(last);
}
