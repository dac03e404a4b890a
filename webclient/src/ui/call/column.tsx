import type { CallSnapshot } from '../../session/call';
import type { DocumentsHolder } from '../documents/port';
import { documentsWords } from '../i18n/documents';
import { DocumentIcon } from '../icons';
import { useApp } from '../parts/app';
import { Lazy } from '../parts/lazy';
import type { CallPort } from '../parts/ports';
import { Tabs } from '../parts/tabs';
import { Chat } from './chat';
import { Panel } from './panel';
import type { CallStrip, CallTab } from './tabs';

const loadDocuments = async () => (await import('../documents/part')).PanelDocuments;

interface ColumnProps {
  readonly call: CallPort;
  readonly snapshot: CallSnapshot;
  /** Where this page's documents are; absent where none can be sent. */
  readonly documents?: DocumentsHolder | undefined;
  readonly tabs: readonly CallTab[];
  readonly strip: CallStrip | null;
  /** 'chat', 'documents', or a tab's id. */
  readonly current: string;
  readonly onChoose: (id: string) => void;
  readonly onClose: () => void;
}

/** What stands beside the pictures: the messages, and whatever else belongs to this consultation, one tab at a time. */
export function Column({ call, snapshot, documents, tabs, strip, current, onChoose, onClose }: ColumnProps) {
  const { t } = useApp();
  const props = { call, snapshot, consultation: snapshot.consultation?.id ?? '' };
  const chat = (
    <>
      {documents !== undefined && (
        <button type="button" class="button documents-here" onClick={() => onChoose('documents')}>
          <DocumentIcon />
          {t.call.sendDocument}
        </button>
      )}
      <Chat call={call} snapshot={snapshot} />
    </>
  );
  if (tabs.length === 0 && strip === null && documents === undefined) {
    return (
      <Panel heading={t.chat.heading} onClose={onClose}>
        {chat}
      </Panel>
    );
  }
  const badge = (count: number): string | undefined => (count > 0 ? String(count) : undefined);
  const tab = tabs.find(one => one.id === current);
  const id = tab !== undefined || (current === 'documents' && documents !== undefined) ? current : 'chat';
  return (
    <Panel heading={t.call.column} onClose={onClose}>
      {strip !== null && (
        <div class="column-strip">
          <Lazy load={strip.load} words={strip.words} props={props} />
        </div>
      )}
      <Tabs
        label={t.call.column}
        tabs={[
          { id: 'chat', label: t.chat.heading, badge: badge(id === 'chat' ? 0 : snapshot.unread) },
          ...(documents === undefined ? [] : [{ id: 'documents', label: t.call.documents }]),
          ...tabs.map(one => ({ id: one.id, label: one.name(t), badge: badge(one.count?.(snapshot) ?? 0) })),
        ]}
        current={id}
        onChoose={onChoose}
      >
        {tab !== undefined ? (
          <Lazy key={tab.id} load={tab.load} words={tab.words} props={props} />
        ) : id === 'documents' && documents !== undefined ? (
          <Lazy
            load={loadDocuments}
            words={[documentsWords]}
            props={{ call, holder: documents, practitioner: snapshot.role === 'practitioner' }}
          />
        ) : (
          chat
        )}
      </Tabs>
    </Panel>
  );
}
