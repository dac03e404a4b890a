import { useEffect, useState } from 'preact/hooks';
import { flag, text } from '../../session/http';
import { preferencesWords } from '../i18n/preferences';
import { useApp } from '../parts/app';
import { CheckField } from '../parts/field';
import { usePart } from '../parts/hooks';
import { useShell } from '../shell/context';

/** Whether a practitioner is sent a mail when their appointment book changes. */
export function BookMail() {
  const { desk, toasts } = useShell();
  const { t } = useApp(preferencesWords);
  const practitioner = usePart(desk, ({ me }) => me?.roles.includes('practitioner') ?? false);
  const [known, setKnown] = useState<{ readonly mail: string; readonly wished: boolean } | null>(null);
  const take = (answer: unknown): void => {
    setKnown({ mail: text(answer, 'mail'), wished: flag(answer, 'book_mail') });
  };
  useEffect(() => void desk.request('GET', '/me').then(take, () => undefined), [desk]);
  if (!practitioner || known === null) {
    return null;
  }
  const wish = async (wished: boolean): Promise<void> => {
    try {
      take(await desk.request('PUT', '/me/book-mail', { wished }));
      toasts.say(t.common.saved);
    } catch {
      toasts.warn(t.common.failed);
    }
  };
  return (
    <div class="card stack">
      <CheckField label={t.preferences.bookMail} checked={known.wished} onCheck={wished => void wish(wished)} />
      <p class="hint">{known.mail === '' ? t.preferences.bookMailNoAddress : t.preferences.bookMailHint}</p>
    </div>
  );
}
