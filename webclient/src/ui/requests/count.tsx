import { useEffect, useState } from 'preact/hooks';
import { Requests } from '../../session/requests';
import { shellWords } from '../i18n/shell';
import { useApp } from '../parts/app';
import { useShell } from '../shell/context';

const EVERY = 60_000; // milliseconds: requests come by the hour, not by the second
const ANSWERED = 'colloque-request-answered';

/** Says that a request was answered: the number in the navigation is looked at again. */
export function answered(): void {
  dispatchEvent(new Event(ANSWERED));
}

/** How many requests wait for an answer, in the navigation; nothing when there is none. */
export function RequestCount({ plain = false }: { /** It stands beside the word. */ readonly plain?: boolean }) {
  const { desk } = useShell();
  const { t } = useApp(shellWords);
  const [count, setCount] = useState(0);
  useEffect(() => {
    const requests = new Requests((method, path, body) => desk.request(method, path, body));
    const look = (): void => {
      if (document.visibilityState === 'visible') {
        requests.count().then(setCount, () => undefined); // a number that is old is better than a complaint
      }
    };
    look();
    const timer = setInterval(look, EVERY);
    addEventListener(ANSWERED, look);
    document.addEventListener('visibilitychange', look);
    return () => {
      clearInterval(timer);
      removeEventListener(ANSWERED, look);
      document.removeEventListener('visibilitychange', look);
    };
  }, [desk]);
  return count === 0 ? null : (
    <span class="badge">
      {count}
      {!plain && <span class="hidden-text"> {t.shell.requests}</span>}
    </span>
  );
}
