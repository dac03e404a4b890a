import { useEffect, useRef } from 'preact/hooks';
import { useApp } from '../parts/app';
import type { Pictured } from './people';
import { nameOf } from './people';
import { PersonTile } from './tile';

/** How much of the stage a pinned picture has, in percent of its width (or height, on a phone). */
export const shares = { least: 30, usual: 50, most: 75 };

interface PinnedProps {
  readonly pictured: Pictured;
  readonly share: number;
  readonly onShare: (share: number) => void;
  readonly onUnpin: () => void;
  readonly onHeight: (key: string, height: number) => void;
}

/**
 * Somebody who is kept in view beside whoever speaks, as large as one wants: a sign-language interpreter, or somebody who signs. The whole
 * picture is shown, because hands reach its edges, and nothing lies over it (W3C RAUR, requirements 1a and 1f).
 */
export function Pinned({ pictured, share, onShare, onUnpin, onHeight }: PinnedProps) {
  const { t } = useApp();
  const place = useRef<HTMLDivElement>(null);
  const name = nameOf(pictured.person, t);
  useEffect(() => {
    place.current?.querySelector<HTMLElement>('button')?.focus();
  }, [pictured.person.id]);
  return (
    <div ref={place} class="pinned">
      <ul class="people one">
        <PersonTile person={pictured.person} tile={pictured.tile} zoom={1} onHeight={onHeight} />
      </ul>
      <div class="pinned-tools">
        <label>
          <span>{t.call.pinnedSize}</span>
          <input
            type="range"
            min={shares.least}
            max={shares.most}
            step={5}
            value={share}
            aria-valuetext={t.call.percent(share)}
            onInput={event => onShare(event.currentTarget.valueAsNumber)}
          />
        </label>
        <button type="button" class="on-stage" onClick={onUnpin} aria-label={t.call.unpinLabel(name)}>
          {t.call.unpin}
        </button>
      </div>
    </div>
  );
}
