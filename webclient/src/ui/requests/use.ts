import { useEffect, useState } from 'preact/hooks';
import { Requests } from '../../session/requests';
import { useApp } from '../parts/app';
import type { Format } from '../parts/format';
import { type Kept, useKept } from '../parts/kept';
import { useShell } from '../shell/context';

/** The operations, over the desk's own requests. */
export function useRequests(): Requests {
  const { desk } = useShell();
  const [requests] = useState(() => new Requests((method, path, body) => desk.request(method, path, body)));
  return requests;
}

const EVERY = 60_000; // milliseconds: a page stays open all day beside others

/** Milliseconds between two looks at a short list that others work on too. */
export const LIVE = 5_000;

/** A list that is read when its screen appears, when somebody looks at it again, and now and then. What is refused is said in a toast. */
export function useList<T>(read: () => Promise<readonly T[]>, every = EVERY): Kept<readonly T[]> {
  const { toasts } = useShell();
  const { t } = useApp();
  const kept = useKept(read, () => toasts.warn(t.common.failed));
  useEffect(() => {
    const look = (): void => {
      if (document.visibilityState === 'visible') {
        void kept.again();
      }
    };
    const timer = setInterval(look, every);
    document.addEventListener('visibilitychange', look);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', look);
    };
  }, []);
  return kept;
}

/** "Tuesday 24 November, 09:00", with the zone when it is another one than the reader's. */
export function whenIn(
  start: string,
  timeZone: string,
  format: Format,
  inZone: (time: string, zone: string) => string,
): string {
  const there = timeZone === '' ? format : format.inZone(timeZone);
  const said = there.when(start);
  return there.elsewhere ? inZone(said, timeZone.slice(timeZone.lastIndexOf('/') + 1).replaceAll('_', ' ')) : said;
}
