import type { ComponentChildren } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { CallSnapshot, Want } from '../../session/call';
import { CameraOffIcon, TurnIcon } from '../icons';
import { useApp } from '../parts/app';
import { usePart, useStream } from '../parts/hooks';
import type { CallPort, LocalPort } from '../parts/ports';
import type { KeptView } from './keptview';
import { columnsFor, otherSideOf, stagedOf } from './people';
import { Pinned } from './pinned';
import { PersonTile, ScreenTile } from './tile';

/** A picture of hands is asked for at no less than this, however small it is shown: below, fingers cannot be told apart. */
const LEGIBLE = 360;

interface StageProps {
  readonly call: CallPort;
  readonly snapshot: CallSnapshot;
  readonly local: LocalPort;
  /** Who is kept in view beside the others, and how large. */
  readonly view: KeptView;
  readonly onPin: (participant: string | null) => void;
  readonly onShare: (share: number) => void;
  /** What stands there when nobody else is in the call; absent: a line that says so. */
  readonly alone?: ComponentChildren;
}

/** The pictures: a shared screen large with the people beside it, or the people as large as they can be. */
export function Stage({ call, snapshot, local, view, onPin, onShare, alone }: StageProps) {
  const { t } = useApp();
  const { people: everybody, screens } = stagedOf(snapshot);
  const several = everybody.length + screens.length > 1;
  const kept = several ? (everybody.find(one => one.person.id === view.participant) ?? null) : null;
  const people = kept === null ? everybody : everybody.filter(one => one !== kept);
  const { share } = view;
  const onHeight = useWants(call, snapshot);
  const stage = useRef<HTMLDivElement>(null);
  const shape = useShape(stage);
  const columns = columnsFor(people.length, shape);
  const list = useRef<HTMLUListElement>(null);
  useLayoutEffect(() => {
    list.current?.style.setProperty('--columns', String(columns));
  }, [columns, people.length]);
  useLayoutEffect(() => {
    stage.current?.style.setProperty('--share', `${share}%`);
  }, [share]);

  // A practitioner must see nearly all that the camera sees; a patient gains from a larger face.
  const zoom = snapshot.role === 'practitioner' ? 1.2 : 1.6;
  const screen = screens[0];
  return (
    <section
      ref={stage}
      class={['stage', screen === undefined ? '' : 'presenting', kept === null ? '' : 'pinning']
        .filter(Boolean)
        .join(' ')}
      aria-label={t.call.stage}
    >
      {kept !== null && (
        <Pinned
          pictured={kept}
          share={share}
          onShare={onShare}
          onUnpin={() => onPin(null)}
          onHeight={(key, height) => onHeight(key, height === 0 ? 0 : Math.max(height, LEGIBLE))}
        />
      )}
      {screen !== undefined && (
        <ScreenTile key={screen.tile.key} person={screen.person} tile={screen.tile} onHeight={onHeight} />
      )}
      {people.length > 0 ? (
        <ul ref={list} class={people.length === 1 ? 'people one' : 'people'}>
          {people.map(({ person, tile }) => (
            <PersonTile
              key={person.id}
              person={person}
              tile={tile}
              small={screen !== undefined}
              zoom={zoom}
              onHeight={onHeight}
              onPin={several ? () => onPin(person.id) : null}
            />
          ))}
        </ul>
      ) : kept !== null ? null : alone !== undefined && snapshot.phase !== 'connecting' ? (
        alone
      ) : (
        <p class="empty">{emptyWords(snapshot, t)}</p>
      )}
      <SelfView local={local} />
    </section>
  );
}

function emptyWords(snapshot: CallSnapshot, t: ReturnType<typeof useApp>['t']): string {
  if (snapshot.role === 'practitioner') {
    return snapshot.phase === 'connecting' ? t.call.connecting(otherSideOf(snapshot, t)) : t.call.alonePractitioner;
  }
  return snapshot.phase === 'connecting' ? t.call.connecting(otherSideOf(snapshot, t)) : t.call.alone;
}

/** One's own picture in the corner, and the button that turns a phone's camera round. */
function SelfView({ local }: { readonly local: LocalPort }) {
  const { t } = useApp();
  const stream = usePart(local, snapshot => snapshot.preview);
  const facing = usePart(local, snapshot => snapshot.facing);
  const canTurn = usePart(local, snapshot => snapshot.canSwitchCamera && snapshot.camera === 'on');
  const video = useStream<HTMLVideoElement>(stream);
  return (
    <div class="self">
      {canTurn && (
        <button type="button" class="turn" onClick={() => void local.switchCamera()}>
          <TurnIcon />
          {t.call.turnCamera}
        </button>
      )}
      <div class="selfview">
        {stream === null ? (
          <p class="coming">
            <CameraOffIcon />
            <span class="hidden-text">{t.call.cameraOff}</span>
          </p>
        ) : (
          <video
            ref={video}
            class={facing === 'environment' ? 'cover' : 'cover mirrored'}
            autoplay
            playsInline
            muted
            aria-label={t.call.ownPicture}
          />
        )}
        <p class="label">{t.common.you}</p>
      </div>
    </div>
  );
}

/** Tells the server how large each picture is shown, at most five times a second. */
function useWants(call: CallPort, snapshot: CallSnapshot): (key: string, height: number) => void {
  const heights = useRef(new Map<string, number>());
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null);
  const tiles = useRef(snapshot.tiles);
  tiles.current = snapshot.tiles;
  useEffect(
    () => () => {
      if (timer.current !== null) {
        clearTimeout(timer.current);
      }
    },
    [],
  );
  const [onHeight] = useState(() => (key: string, height: number): void => {
    heights.current.set(key, height);
    timer.current ??= setTimeout(() => {
      timer.current = null;
      const wants: Want[] = tiles.current.map(tile => ({
        participant: tile.participant,
        source: tile.source,
        height: heights.current.get(tile.key) ?? 0,
      }));
      call.want(wants);
    }, 200);
  });
  return onHeight;
}

/** Width ÷ height of an element, followed. */
function useShape(element: { readonly current: HTMLElement | null }): number {
  const [shape, setShape] = useState(16 / 10);
  useEffect(() => {
    const watched = element.current;
    if (watched === null) {
      return;
    }
    const watcher = new ResizeObserver(() => setShape(watched.clientWidth / Math.max(1, watched.clientHeight)));
    watcher.observe(watched);
    return () => watcher.disconnect();
  }, []);
  return shape;
}
