import { useEffect, useLayoutEffect, useReducer, useRef, useState } from 'preact/hooks';
import type { Store } from '../../store';

/** The whole snapshot; draws again at every change. */
export function useSnapshot<S>(store: Store<S>): S {
  return usePart(store, whole);
}

const whole = <S>(snapshot: S): S => snapshot;

/** One part of the snapshot; draws again only when that part is another value. */
export function usePart<S, P>(store: Store<S>, pick: (snapshot: S) => P): P {
  const [, redraw] = useReducer((count: number, _: null) => count + 1, 0);
  const part = pick(store.snapshot);
  const latest = useRef({ part, pick });
  latest.current = { part, pick };
  useLayoutEffect(() => {
    const look = (): void => {
      if (!Object.is(latest.current.pick(store.snapshot), latest.current.part)) {
        redraw(null);
      }
    };
    look();
    return store.subscribe(look);
  }, [store]);
  return part;
}

/** The current time, refreshed at every interval (milliseconds). */
export function useNow(every: number): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), every);
    return () => clearInterval(timer);
  }, [every]);
  return now;
}

/** Puts a stream on a media element, and takes it off again. */
export function useStream<E extends HTMLMediaElement>(stream: MediaStream | null) {
  const element = useRef<E>(null);
  useLayoutEffect(() => {
    const media = element.current;
    if (media !== null && media.srcObject !== stream) {
      media.srcObject = stream;
    }
  }, [stream]);
  return element;
}

/** The page's title while this component is shown. */
export function useTitle(title: string): void {
  useEffect(() => {
    document.title = title;
  }, [title]);
}

/** Keeps the screen lit while `wanted`. False: the browser refused, so ask the person in words. */
export function useWakeLock(wanted: boolean): boolean {
  const [kept, setKept] = useState(true);
  useEffect(() => {
    if (!wanted) {
      return;
    }
    let lock: WakeLockSentinel | null = null;
    let over = false;
    // The browser lets go of the lock whenever the page is hidden: ask again when it is back.
    const ask = async (): Promise<void> => {
      if (document.visibilityState !== 'visible' || over) {
        return;
      }
      try {
        if (!('wakeLock' in navigator)) {
          throw new Error('no wake lock');
        }
        lock = await navigator.wakeLock.request('screen');
        if (over) {
          void lock.release();
        }
        setKept(true);
      } catch {
        setKept(false);
      }
    };
    void ask();
    document.addEventListener('visibilitychange', ask);
    return () => {
      over = true;
      document.removeEventListener('visibilitychange', ask);
      void lock?.release();
    };
  }, [wanted]);
  return kept;
}

/** Whether a media query holds, now and later. */
export function useMedia(query: string): boolean {
  const [holds, setHolds] = useState(() => matchMedia(query).matches);
  useEffect(() => {
    const list = matchMedia(query);
    const look = (): void => setHolds(list.matches);
    look();
    list.addEventListener('change', look);
    return () => list.removeEventListener('change', look);
  }, [query]);
  return holds;
}

/**
 * Where the keyboard goes on when what it was on, within the element, is gone with a change of `what`: to the element, or to the screen's
 * heading when that is gone, too.
 */
export function useKeptFocus<E extends HTMLElement>(what: unknown) {
  const element = useRef<E>(null);
  const inside = useRef(false);
  useEffect(() => {
    const look = ({ target }: FocusEvent): void => {
      inside.current = target instanceof Node && (element.current?.contains(target) ?? false);
    };
    document.addEventListener('focusin', look);
    return () => document.removeEventListener('focusin', look);
  }, []);
  useLayoutEffect(() => {
    if (inside.current && document.activeElement === document.body) {
      (element.current ?? document.querySelector<HTMLElement>('h1'))?.focus({ preventScroll: true });
    }
  }, [what]);
  return element;
}
