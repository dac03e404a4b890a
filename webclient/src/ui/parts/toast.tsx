import { useEffect } from 'preact/hooks';
import { SnapshotStore } from '../../store';
import { CheckIcon, CloseIcon, WarningIcon } from '../icons';
import type { Announcer } from './announcer';
import { useApp } from './app';
import { useSnapshot } from './hooks';

interface Toast {
  readonly text: string;
  readonly kind: 'good' | 'bad';
}

/** What was just done, in one sentence at the edge of the page. Only for what can also be read elsewhere: it goes by itself. */
export class Toasts extends SnapshotStore<{ readonly toast: Toast | null }> {
  readonly #announcer: Announcer;

  constructor(announcer: Announcer) {
    super({ toast: null });
    this.#announcer = announcer;
  }

  say(text: string): void {
    this.#announcer.say(text);
    this.set({ toast: { text, kind: 'good' } });
  }

  /** What did not work. Stays until it is closed. */
  warn(text: string): void {
    this.#announcer.interrupt(text);
    this.set({ toast: { text, kind: 'bad' } });
  }

  close(): void {
    this.set({ toast: null });
  }
}

const STAYS = 6000; // milliseconds

/** Draws them. The announcer has said the text already: nothing here is a live region. */
export function ToastCorner({ toasts }: { readonly toasts: Toasts }) {
  const { t } = useApp();
  const { toast } = useSnapshot(toasts);
  useEffect(() => {
    if (toast === null || toast.kind === 'bad') {
      return;
    }
    const timer = setTimeout(() => toasts.close(), STAYS);
    return () => clearTimeout(timer);
  }, [toast]);
  if (toast === null) {
    return null;
  }
  return (
    <aside class={`toast ${toast.kind}`}>
      {toast.kind === 'good' ? <CheckIcon /> : <WarningIcon />}
      <p>{toast.text}</p>
      <button type="button" class="button plain small" aria-label={t.common.close} onClick={() => toasts.close()}>
        <CloseIcon />
      </button>
    </aside>
  );
}
