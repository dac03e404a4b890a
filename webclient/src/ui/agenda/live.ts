import { useEffect } from 'preact/hooks';
import type { Agenda } from '../../session/agenda';

const EVERY = 3_000; // milliseconds between two looks: a few bytes each, and the books again only when somebody has changed one

/**
 * What others do appears by itself. A number is asked for, not the desk's websocket: that is one practitioner's waiting room, and a secretary
 * looks at several books.
 */
export function useLive(agenda: Agenda): void {
  useEffect(() => {
    const look = (): void => {
      if (document.visibilityState === 'visible') {
        void agenda.look();
      }
    };
    const timer = setInterval(look, EVERY);
    document.addEventListener('visibilitychange', look);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', look);
    };
  }, [agenda]);
}
