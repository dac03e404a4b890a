import { useState } from 'preact/hooks';
import type { SharedDocument } from '../../protocol/messages';
import type { DocumentsSnapshot, Sending } from '../../session/documents';
import { documentsWords } from '../i18n/documents';
import type { DocumentsWords } from '../i18n/documents/words';
import { WarningIcon } from '../icons';
import { useApp } from '../parts/app';
import { Dialog, Question } from '../parts/dialog';
import type { DocumentsPort } from './port';

interface ListProps {
  readonly documents: DocumentsPort;
  readonly snapshot: DocumentsSnapshot;
  /** Those in the call whom a practitioner may show a document to, with their names; absent for everybody else. */
  readonly others?: readonly { readonly id: string; readonly name: string }[] | undefined;
  /** The call has ended: nobody can be shown anything any more. */
  readonly over?: boolean;
}

/** What was sent and what is being sent, the newest last. */
export function DocumentsList({ documents, snapshot, others, over = false }: ListProps) {
  const { t } = useApp(documentsWords);
  const list = snapshot.list?.documents ?? [];
  const arriving = (one: SharedDocument): boolean => one.mine && one.state === 'arriving';
  const rows = list.filter(one => !arriving(one));
  const [picture, setPicture] = useState<{ readonly url: string; readonly name: string } | null>(null);

  const open = async (one: SharedDocument): Promise<void> => {
    const image = one.shown && one.kind.startsWith('image/');
    const shown = opensHere(one);
    // A window must be asked for before anything is waited for, or the browser takes it for an advertisement.
    const tab = shown && !image ? globalThis.open('', '_blank') : null;
    const url = await documents.open(one.id);
    if (url === null) {
      tab?.close();
    } else if (image) {
      setPicture({ url, name: one.name });
    } else if (tab !== null) {
      tab.location.replace(url);
    } else {
      save(url, one.name);
    }
  };
  return (
    <>
      {rows.length === 0 && snapshot.sending.length === 0 && <p class="quiet">{t.documents.empty}</p>}
      <ul class="documents">
        {rows.map(one => (
          <Row key={one.id} one={one} documents={documents} others={others} over={over} onOpen={() => void open(one)} />
        ))}
        {snapshot.sending.map(one => (
          <SendingRow key={one.key} one={one} documents={documents} />
        ))}
      </ul>
      {picture !== null && (
        <Dialog heading={picture.name} onClose={() => setPicture(null)}>
          <img class="document-picture" src={picture.url} alt={picture.name} />
          <div class="actions">
            <a class="button" href={`${picture.url}?download=1`} download={picture.name}>
              {t.documents.download}
            </a>
            <button type="button" class="button" onClick={() => setPicture(null)}>
              {t.common.close}
            </button>
          </div>
        </Dialog>
      )}
    </>
  );
}

/** Whether this browser shows it. Those of Android have nothing to show a PDF with: in a tab of its own it would leave an empty page behind. */
function opensHere(one: SharedDocument): boolean {
  return one.shown && (one.kind !== 'application/pdf' || navigator.pdfViewerEnabled !== false);
}

function save(url: string, name: string): void {
  const link = document.createElement('a');
  link.href = `${url}?download=1`;
  link.download = name;
  link.click();
}

interface RowProps {
  readonly one: SharedDocument;
  readonly documents: DocumentsPort;
  readonly others: ListProps['others'];
  readonly over: boolean;
  readonly onOpen: () => void;
}

function Row({ one, documents, others, over, onOpen }: RowProps) {
  const { t, format } = useApp(documentsWords);
  const words = t.documents;
  const [asking, setAsking] = useState(false);
  const who = one.mine ? words.mine : one.from_name === '' ? t.common.roles[one.from_role] : one.from_name;
  const nameOf = (participant: string): string | undefined => others?.find(each => each.id === participant)?.name;
  const seen = one.seen.filter(each => each.participant !== one.from);
  const shared =
    others !== undefined && others.length > 0 && others.every(each => each.id === one.from || one.to.includes(each.id));
  const mayRemove = others !== undefined || (one.mine && seen.length === 0);
  const facts = [
    kindWord(one.kind, words),
    sizeWord(one.size, words),
    words.from(who, format.time(one.sent_at)),
    one.location_removed ? words.locationRemoved : '',
    one.kind === 'image/heic' || one.kind === 'image/heif' ? words.apple : '',
  ];
  return (
    <li class="document">
      <p class="name">
        <bdi>{one.name}</bdi>
      </p>
      <p class="quiet">{facts.filter(Boolean).join(' · ')}</p>
      {one.state === 'refused' ? (
        <p class="trouble error">
          <WarningIcon />
          {(one.mine ? words.refused : words.refusedTheirs)[one.reason ?? 'damaged']}
        </p>
      ) : one.state !== 'ready' ? (
        <p class="state">{words.states[one.state]}</p>
      ) : (
        <>
          {one.mine && (
            <p class="state">
              {seen.length === 0
                ? words.notSeen
                : seen
                    .map(each => {
                      const name = nameOf(each.participant);
                      const at = format.time(each.at);
                      return name === undefined ? words.seen(at) : words.seenBy(name, at);
                    })
                    .join(' · ')}
            </p>
          )}
          {shared && (others?.length ?? 0) > 1 && <p class="state">{words.shared}</p>}
        </>
      )}
      <div class="row-actions">
        {one.state === 'ready' && (
          <button type="button" class="button small" aria-label={words.openOf(one.name)} onClick={onOpen}>
            {opensHere(one) ? words.open : words.download}
          </button>
        )}
        {one.state === 'ready' && others !== undefined && others.length > 1 && !over && (
          <button
            type="button"
            class="button small"
            onClick={() => void documents.share(one.id, shared ? [] : others.map(each => each.id))}
          >
            {shared ? words.unshare : words.share}
          </button>
        )}
        {mayRemove && (
          <button
            type="button"
            class="button plain small"
            aria-label={words.removeOf(one.name)}
            onClick={() => setAsking(true)}
          >
            {words.remove}
          </button>
        )}
      </div>
      {asking && (
        <Question
          heading={words.removeQuestion(one.name)}
          yes={words.removeYes}
          no={words.removeNo}
          danger
          onNo={() => setAsking(false)}
          onYes={() => {
            setAsking(false);
            void documents.remove(one.id);
          }}
        />
      )}
    </li>
  );
}

/** A file on its way, with its progress. */
export function SendingRow({ one, documents }: { readonly one: Sending; readonly documents: DocumentsPort }) {
  const { t } = useApp(documentsWords);
  const words = t.documents;
  const percent = `${Math.floor((100 * one.sent) / Math.max(1, one.size))} %`;
  return (
    <li class="document sending">
      <p class="name">
        <bdi>{one.name}</bdi>
      </p>
      {one.state === 'failed' ? (
        <p class="trouble error">
          <WarningIcon />
          {problemWord(one.problem, words)}
        </p>
      ) : (
        <>
          <progress max={one.size} value={one.sent} aria-label={one.name} />
          <p class="state">{one.state === 'stuck' ? `${percent} · ${words.stuck}` : words.sending(percent)}</p>
        </>
      )}
      <div class="row-actions">
        {one.state === 'failed' && (
          <button type="button" class="button small" onClick={() => documents.retry(one.key)}>
            {words.retry}
          </button>
        )}
        <button type="button" class="button plain small" onClick={() => void documents.cancel(one.key)}>
          {words.cancel}
        </button>
      </div>
    </li>
  );
}

export function problemWord(code: string | null, words: DocumentsWords['documents']): string {
  switch (code) {
    case 'bad-type':
      return words.problems.type;
    case 'too-large':
      return words.problems.large;
    case 'conflict':
      return words.problems.full;
    case 'bad-ticket':
    case 'signed-out':
    case 'not-found':
    case 'forbidden':
      return words.problems.link;
    default:
      return words.problems.other;
  }
}

export function sizeWord(bytes: number, words: DocumentsWords['documents']): string {
  const large = bytes >= 950_000;
  const amount = bytes / (large ? 1_000_000 : 1000);
  return words.bytes(
    amount < 10 && large ? amount.toFixed(1) : String(Math.max(1, Math.round(amount))),
    large ? 'MB' : 'kB',
  );
}

function kindWord(kind: string, words: DocumentsWords['documents']): string {
  const { kinds } = words;
  return kind.startsWith('image/')
    ? kinds.photo
    : kind === 'application/pdf'
      ? kinds.pdf
      : kind.startsWith('video/')
        ? kinds.video
        : kind.startsWith('audio/')
          ? kinds.sound
          : kind === ''
            ? ''
            : kinds.other;
}
