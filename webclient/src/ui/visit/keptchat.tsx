import { useEffect, useState } from 'preact/hooks';
import { type KeptChat, keptChatOf } from '../../session/keptchat';
import { visitWords } from '../i18n/visit';
import { useApp } from '../parts/app';
import { Statement } from '../parts/dialog';
import { useShell } from '../shell/context';
import { KeptLines } from './keptlines';

/** The messages that stay, as a practitioner reads them. */
export function KeptMessages({ consultation }: { readonly consultation: string }) {
  const { t } = useApp(visitWords);
  const { desk } = useShell();
  const [chat, setChat] = useState<KeptChat | null | 'failed'>(null);
  useEffect(() => {
    desk.request('GET', `/consultations/${consultation}/chat`).then(
      answer => setChat(keptChatOf(answer)),
      () => setChat('failed'),
    );
  }, [consultation]);
  return (
    <>
      {chat === null && <p class="quiet">{t.common.loading}</p>}
      {chat === 'failed' && <p class="notice bad">{t.keptChat.failed}</p>}
      {chat !== null && chat !== 'failed' && <KeptLines chat={chat} />}
    </>
  );
}

interface KeptChatProps {
  readonly consultation: string;
  readonly name: string;
  readonly onClose: () => void;
}

/** The same from the day. */
export function KeptChatDialog({ consultation, name, onClose }: KeptChatProps) {
  const { t } = useApp(visitWords);
  return (
    <Statement heading={t.keptChat.heading(name)} onClose={onClose}>
      <KeptMessages consultation={consultation} />
    </Statement>
  );
}
