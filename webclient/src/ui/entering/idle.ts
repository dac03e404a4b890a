import { useEffect } from 'preact/hooks';
import type { DeskPort } from '../parts/ports';

const LOOK = 20_000; // milliseconds between two looks
const SAY = 60_000; // milliseconds between two words to the server

/**
 * Tells the server while somebody is here, or in a call, and asks it whether to lock when nobody was for long. The server decides: in
 * another tab somebody may be here.
 */
export function useIdleLock(desk: DeskPort, lockSeconds: number, hasMeans: boolean, inCall: boolean): void {
  useEffect(() => {
    if (!hasMeans || lockSeconds === 0) {
      return;
    }
    let active = Date.now();
    let said = Date.now();
    const note = (): void => {
      active = Date.now();
    };
    const look = (): void => {
      const now = Date.now();
      if (inCall) {
        active = now;
      }
      if (now - active >= lockSeconds * 1000) {
        desk.me().catch(() => undefined);
      } else if (active > said && now - said >= SAY) {
        said = now;
        desk.here().catch(() => undefined);
      }
    };
    const shown = (): void => {
      if (document.visibilityState === 'visible') {
        desk.me().catch(() => undefined); // locked, or unlocked, in another tab
      }
    };
    const events = ['pointerdown', 'pointermove', 'keydown', 'wheel'] as const;
    for (const event of events) {
      addEventListener(event, note, { passive: true });
    }
    document.addEventListener('visibilitychange', shown);
    const timer = setInterval(look, LOOK);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', shown);
      for (const event of events) {
        removeEventListener(event, note);
      }
    };
  }, [desk, lockSeconds, hasMeans, inCall]);
}
