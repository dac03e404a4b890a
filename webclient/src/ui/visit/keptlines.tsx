import '../styles/visit.css';
import type { KeptChat } from '../../session/keptchat';
import { visitWords } from '../i18n/visit';
import { useApp } from '../parts/app';

/** What was written in a consultation, read after its end. */
export function KeptLines({ chat }: { readonly chat: KeptChat }) {
  const { t, format } = useApp(visitWords);
  return (
    <>
      <ul class="plain-list">
        {chat.lines.map(line => (
          <li key={`${line.at}${line.text}`} class="plain-row">
            <p class="quiet">
              {t.chat.from(
                line.mine ? t.common.you : line.name === '' ? t.common.roles[line.role] : line.name,
                format.time(line.at),
              )}
            </p>
            <p class="theirs" dir="auto">
              {line.text}
            </p>
          </li>
        ))}
      </ul>
      {chat.lines.length === 0 && <p>{t.keptChat.none}</p>}
      {chat.until !== null && chat.lines.length > 0 && <p class="quiet">{t.keptChat.until(format.day(chat.until))}</p>}
    </>
  );
}
