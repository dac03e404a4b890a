import { useCallback, useState } from 'preact/hooks';
import type { DocumentsPort } from '../documents/port';
import { documentsWords } from '../i18n/documents';
import { Lazy } from '../parts/lazy';

const loadGoesOn = async () => (await import('../documents/after')).GoesOn;
const words = [documentsWords];

interface OutgoingState {
  readonly all: readonly DocumentsPort[];
  /** Takes over the documents of a call that ended: closed at once when nothing is on its way. */
  add(documents: DocumentsPort): void;
  remove(documents: DocumentsPort): void;
}

/** What calls that are over are still sending. It goes on in the next call too, and is shown outside of calls. */
export function useOutgoing(): OutgoingState {
  const [all, setAll] = useState<readonly DocumentsPort[]>([]);
  const add = useCallback((documents: DocumentsPort): void => {
    if (documents.snapshot.sending.length === 0) {
      documents.close();
      return;
    }
    setAll(before => [...before, documents]);
  }, []);
  const remove = useCallback((documents: DocumentsPort): void => {
    documents.close();
    setAll(before => before.filter(one => one !== documents));
  }, []);
  return { all, add, remove };
}

export function Outgoing({ outgoing }: { readonly outgoing: OutgoingState }) {
  return (
    <div class="outgoing">
      {outgoing.all.map((documents, at) => (
        <Lazy
          key={at}
          load={loadGoesOn}
          words={words}
          props={{ documents, onClose: () => outgoing.remove(documents) }}
          quiet
        />
      ))}
    </div>
  );
}
