import '../styles/documents.css';
import type { DocumentList } from '../../protocol/messages';
import { documentsWords } from '../i18n/documents';
import { useApp } from '../parts/app';

const DAY = 86_400_000; // ms

/** After the call: that there are documents, until when, and with which code. */
export function AfterDocuments({ list }: { readonly list: DocumentList }) {
  const { t, format } = useApp(documentsWords);
  const until = list.until ?? new Date(Date.now() + list.days * DAY).toISOString();
  return (
    <section class="card" aria-label={t.documents.keptHeading}>
      <h2>{t.documents.keptHeading}</h2>
      <ul class="bullets">
        {list.documents
          .filter(one => one.state === 'ready')
          .map(one => (
            <li key={one.id}>
              <bdi>{one.name}</bdi>
            </li>
          ))}
      </ul>
      <p>{t.documents.kept(format.day(until))}</p>
      {list.code !== undefined && (
        <p class="document-code">
          <b>{t.documents.keptCode(`${list.code.slice(0, 3)}\u00a0${list.code.slice(3)}`)}</b>
        </p>
      )}
    </section>
  );
}
