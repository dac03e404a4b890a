import { useEffect, useRef, useState } from 'preact/hooks';
import { shellWords } from '../i18n/shell';
import { useApp } from '../parts/app';
import { Question } from '../parts/dialog';
import { useShell } from './context';

interface UnsavedProps {
  /** Something was written that is not saved. Links, the back button and closing the tab then ask first. */
  readonly unsaved: boolean;
}

/** The question before what was written is lost. A form draws it as long as it is shown. */
export function Unsaved({ unsaved }: UnsavedProps) {
  const { router } = useShell();
  const { t } = useApp(shellWords);
  const [to, setTo] = useState<string | null>(null);
  const leaving = useRef(false);
  useEffect(() => {
    if (!unsaved) {
      return;
    }
    const end = router.guard(
      address => {
        if (!leaving.current) {
          setTo(address);
        }
        return !leaving.current;
      },
      { back: true },
    );
    const close = (event: BeforeUnloadEvent): void => event.preventDefault(); // the browser asks in its own words
    addEventListener('beforeunload', close);
    return () => {
      end();
      removeEventListener('beforeunload', close);
    };
  }, [unsaved, router]);
  return to === null ? null : (
    <Question
      heading={t.shell.unsaved}
      no={t.shell.unsavedStay}
      yes={t.shell.unsavedLeave}
      danger
      onNo={() => setTo(null)}
      onYes={() => {
        leaving.current = true;
        router.go(to);
      }}
    >
      <p>{t.shell.unsavedMore}</p>
    </Question>
  );
}
