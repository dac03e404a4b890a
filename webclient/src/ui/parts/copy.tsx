import { useEffect, useRef, useState } from 'preact/hooks';
import { CheckIcon, CopyIcon } from '../icons';
import { useApp } from './app';

interface CopyProps {
  readonly link: string;
  readonly label: string;
  readonly primary?: boolean;
  /** What the button says; left out: copy the link. */
  readonly copy?: string;
}

/** A link that can be read, selected and copied. Says in words whether copying worked. */
export function CopyLink({ link, label, primary = false, copy: says }: CopyProps) {
  const { t, announcer } = useApp();
  const [state, setState] = useState<'ready' | 'copied' | 'failed'>('ready');
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (state !== 'copied') {
      return;
    }
    const timer = setTimeout(() => setState('ready'), 4000);
    return () => clearTimeout(timer);
  }, [state]);
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(link);
      setState('copied');
      announcer.say(t.common.copied);
    } catch {
      // In-app browsers often refuse: the text is selected, so that the person can copy it by hand.
      field.current?.focus();
      field.current?.select();
      setState('failed');
      announcer.say(t.common.copyFailed);
    }
  };
  return (
    <div class="stack">
      <input
        ref={field}
        class="link"
        readOnly
        dir="ltr"
        value={link}
        aria-label={label}
        onFocus={event => event.currentTarget.select()}
      />
      <button type="button" class={primary ? 'button primary' : 'button'} onClick={() => void copy()}>
        {state === 'copied' ? <CheckIcon /> : <CopyIcon />}
        {state === 'copied' ? t.common.copied : (says ?? t.common.copyLink)}
      </button>
      {state === 'failed' && <p class="quiet">{t.common.copyFailed}</p>}
    </div>
  );
}
