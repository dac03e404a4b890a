import type { ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { Area } from '../i18n';
import { useApp } from './app';

interface LazyProps<P extends object> {
  /** Constant: `const load = async () => (await import('./screen')).Screen` outside of the component. */
  readonly load: () => Promise<ComponentType<P>>;
  /** The areas whose words the component says. */
  readonly words: readonly Area<object>[];
  readonly props: P;
  /** Nothing is drawn until it is there: it is no answer to anything that was pressed. */
  readonly quiet?: boolean;
}

/** A component that is fetched, with its words, when it is first drawn. Says so when that takes long or fails. */
export function Lazy<P extends object>({ load, words, props, quiet = false }: LazyProps<P>) {
  const { t, words: all, announcer } = useApp();
  const [loaded, setLoaded] = useState<{
    readonly from: LazyProps<P>['load'];
    readonly Part: ComponentType<P>;
  } | null>(null);
  const [failed, setFailed] = useState(false);
  const [tries, setTries] = useState(0);
  useEffect(() => {
    let gone = false;
    setFailed(false);
    Promise.all([load(), all.load(words)]).then(
      ([Part]) => {
        if (!gone) {
          setLoaded({ from: load, Part });
        }
      },
      () => {
        if (!gone) {
          setFailed(true);
          announcer.interrupt(t.common.loadFailed);
        }
      },
    );
    return () => {
      gone = true;
    };
  }, [load, tries]);
  if (loaded !== null && loaded.from === load) {
    return <loaded.Part {...props} />;
  }
  if (quiet) {
    return null;
  }
  if (failed) {
    return (
      <div class="notice bad">
        <p>{t.common.loadFailed}</p>
        <button type="button" class="button small" onClick={() => setTries(tries + 1)}>
          {t.common.retry}
        </button>
      </div>
    );
  }
  return <p class="soon quiet">{t.common.loading}</p>;
}
