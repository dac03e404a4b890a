import { useEffect, useState } from 'preact/hooks';
import { shares } from './pinned';

/** Who is kept in view in this tab, and how large. */
export interface KeptView {
  readonly participant: string | null;
  /** Percent of the stage. */
  readonly share: number;
}

const keyOf = (consultation: string): string => `kept-view:${consultation}`;

/** Kept in this tab over a reload: whoever follows hands must not set them up again. Ids and a number, gone with the tab. */
export function useKeptView(
  consultation: string | null,
  first: string | null,
): [KeptView, (change: Partial<KeptView>) => void] {
  const [view, setView] = useState<KeptView>({ participant: first, share: shares.usual });
  useEffect(() => {
    if (consultation !== null && first === null) {
      setView(read(consultation));
    }
  }, [consultation]);
  const change = (changed: Partial<KeptView>): void => {
    const next = { ...view, ...changed };
    setView(next);
    if (consultation !== null) {
      try {
        sessionStorage.setItem(keyOf(consultation), JSON.stringify(next));
      } catch {
        // a browser that keeps nothing: it lasts until the next reload
      }
    }
  };
  return [view, change];
}

function read(consultation: string): KeptView {
  try {
    return keptView(JSON.parse(sessionStorage.getItem(keyOf(consultation)) ?? 'null'));
  } catch {
    return keptView(null);
  }
}

/** What was kept, as far as it makes sense. */
export function keptView(value: unknown): KeptView {
  const of = (name: string): unknown => (typeof value === 'object' && value !== null ? Reflect.get(value, name) : null);
  const participant = of('participant');
  const share = of('share');
  return {
    participant: typeof participant === 'string' ? participant : null,
    share:
      typeof share === 'number' && Number.isFinite(share)
        ? Math.min(shares.most, Math.max(shares.least, share))
        : shares.usual,
  };
}
