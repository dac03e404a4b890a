import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';
import { useApp } from './app';

interface DialogProps {
  readonly heading: string;
  readonly onClose: () => void;
  readonly children: ComponentChildren;
}

/** A native modal dialog that is open as long as it is drawn. Escape and the browser's own ways to close call onClose; focus returns by itself. */
export function Dialog({ heading, onClose, children }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    const element = dialog.current;
    const before = document.activeElement;
    if (element !== null && !element.open) {
      element.showModal();
    }
    return () => {
      element?.close();
      if (before instanceof HTMLElement && before.isConnected) {
        before.focus();
      }
    };
  }, []);
  return (
    <dialog
      ref={dialog}
      aria-labelledby={id}
      onCancel={event => {
        event.preventDefault();
        onClose();
      }}
    >
      <div class="stack">
        <h2 id={id}>{heading}</h2>
        {children}
      </div>
    </dialog>
  );
}

/** A dialog that says something, and can only be closed. */
export function Statement({ heading, onClose, children }: DialogProps) {
  const { t } = useApp();
  return (
    <Dialog heading={heading} onClose={onClose}>
      {children}
      <div class="choices">
        <button type="button" class="button primary" onClick={onClose}>
          {t.common.close}
        </button>
      </div>
    </Dialog>
  );
}

interface QuestionProps {
  readonly heading: string;
  readonly yes: string;
  readonly no: string;
  readonly danger?: boolean;
  readonly onYes: () => void;
  readonly onNo: () => void;
  readonly children?: ComponentChildren;
}

/** A question with two answers of equal size. The harmless one comes first and has the focus. */
export function Question({ heading, yes, no, danger = false, onYes, onNo, children }: QuestionProps) {
  return (
    <Dialog heading={heading} onClose={onNo}>
      {children}
      <div class="choices">
        <button type="button" class="button" onClick={onNo}>
          {no}
        </button>
        <button type="button" class={danger ? 'button danger' : 'button primary'} onClick={onYes}>
          {yes}
        </button>
      </div>
    </Dialog>
  );
}
