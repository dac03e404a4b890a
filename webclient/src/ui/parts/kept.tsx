import { useEffect, useRef, useState } from 'preact/hooks';
import { useApp } from './app';
import { Question } from './dialog';

/** What the server keeps and a screen changes. */
export interface Kept<T> {
  /** Null until it could be read. */
  readonly known: T | null;
  /** The last reading did not work: what is known may be old. */
  readonly failed: boolean;
  /** Something is being done. */
  readonly working: boolean;
  again(): Promise<void>;
  /** Does it, reads everything anew, and tells whether it went well. What is pressed twice is done once. refused: in place of the usual one. */
  attempt(does: () => Promise<unknown>, refused?: (error: unknown) => void): Promise<boolean>;
}

/** read: everything that the screen shows. usual: says why something could not be done. */
export function useKept<T>(read: () => Promise<T>, usual: (error: unknown) => void): Kept<T> {
  const [known, setKnown] = useState<T | null>(null);
  const [failed, setFailed] = useState(false);
  const [working, setWorking] = useState(false);
  const busy = useRef(false);
  const asked = useRef(0);
  const again = async (): Promise<void> => {
    asked.current += 1;
    const own = asked.current;
    const newest = (): boolean => own === asked.current; // an older answer that comes later says nothing any more
    try {
      const found = await read();
      if (newest()) {
        setKnown(() => found);
        setFailed(false);
      }
    } catch {
      if (newest()) {
        setFailed(true);
      }
    }
  };
  useEffect(() => {
    void again();
    return () => {
      asked.current += 1;
    };
  }, []);
  const attempt: Kept<T>['attempt'] = async (does, refused = usual) => {
    if (busy.current) {
      return false;
    }
    busy.current = true;
    setWorking(true);
    let good = true;
    try {
      await does();
    } catch (error) {
      good = false;
      refused(error);
    }
    await again();
    busy.current = false;
    setWorking(false);
    return good;
  };
  return { known, failed, working, again, attempt };
}

/** In place of what is not known: that it is on its way, or that it could not be read, and a button to try again. */
export function Unread({ failed, again }: Pick<Kept<unknown>, 'failed' | 'again'>) {
  const { t } = useApp();
  return failed ? (
    <div class="notice bad">
      <p role="alert">{t.common.loadFailed}</p>
      <button type="button" class="button small" onClick={() => void again()}>
        {t.common.retry}
      </button>
    </div>
  ) : (
    <p class="soon quiet">{t.common.loading}</p>
  );
}

interface RemoveProps {
  /** Of what is removed. */
  readonly name: string;
  readonly words: { removeOf(name: string): string; readonly remove: string; readonly removeMore: string };
  readonly onNo: () => void;
  readonly onYes: () => void;
}

/** Whether something is to go, and what that means. */
export function RemoveQuestion({ name, words, onNo, onYes }: RemoveProps) {
  const { t } = useApp();
  return (
    <Question heading={words.removeOf(name)} yes={words.remove} no={t.common.cancel} danger onNo={onNo} onYes={onYes}>
      <p>{words.removeMore}</p>
    </Question>
  );
}

/** The two ways out of a small form. */
export function FormWays({
  submit,
  ready,
  onCancel,
}: {
  readonly submit: string;
  /** What is written can be sent, and nothing is on its way. */
  readonly ready: boolean;
  readonly onCancel: () => void;
}) {
  const { t } = useApp();
  return (
    <div class="row">
      <button type="submit" class="button primary" disabled={!ready}>
        {submit}
      </button>
      <button type="button" class="button" onClick={onCancel}>
        {t.common.cancel}
      </button>
    </div>
  );
}
