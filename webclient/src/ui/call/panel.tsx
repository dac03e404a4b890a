import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { CloseIcon } from '../icons';
import { useApp } from '../parts/app';

interface PanelProps {
  readonly heading: string;
  readonly onClose: () => void;
  readonly children: ComponentChildren;
}

/** Beside the pictures on a wide screen, over everything on a phone. Escape closes it. */
export function Panel({ heading, onClose, children }: PanelProps) {
  const { t } = useApp();
  const title = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    const before = document.activeElement;
    title.current?.focus();
    return () => {
      if (before instanceof HTMLElement && before.isConnected) {
        before.focus();
      }
    };
  }, []);
  return (
    <aside
      class="panel"
      aria-label={heading}
      onKeyDown={event => {
        if (event.key === 'Escape') {
          event.stopPropagation();
          onClose();
        }
      }}
    >
      <header>
        <h2 ref={title} tabIndex={-1}>
          {heading}
        </h2>
        <button type="button" class="button small" onClick={onClose}>
          <CloseIcon />
          {t.common.close}
        </button>
      </header>
      {children}
    </aside>
  );
}
