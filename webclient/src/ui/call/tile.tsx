import { useEffect, useState } from 'preact/hooks';
import type { CallParticipant, Tile } from '../../session/call';
import { MicrophoneOffIcon, PinIcon } from '../icons';
import { useApp } from '../parts/app';
import { useStream } from '../parts/hooks';
import { nameOf, roleOf } from './people';

interface VideoProps {
  readonly tile: Tile;
  /** How much larger than whole a camera's picture may be shown to fill its place. */
  readonly zoom: number;
  /** How tall the picture is shown, in CSS pixels, after every change of size. */
  readonly onHeight: (key: string, height: number) => void;
}

/** A picture as large as its place allows without cutting away too much of it. A screen is never cut. */
function Video({ tile, zoom, onHeight }: VideoProps) {
  const { t } = useApp();
  const video = useStream<HTMLVideoElement>(tile.stream);
  const [seen, setSeen] = useState(false);
  useEffect(() => {
    const element = video.current;
    if (element === null) {
      return;
    }
    const measure = (): void => {
      onHeight(tile.key, Math.round(element.clientHeight));
      element.style.transform = `scale(${Math.min(fillingScale(element), zoom).toFixed(3)})`;
    };
    const watcher = new ResizeObserver(measure);
    watcher.observe(element);
    element.addEventListener('resize', measure);
    measure();
    return () => {
      watcher.disconnect();
      element.removeEventListener('resize', measure);
      onHeight(tile.key, 0);
    };
  }, [tile.key, zoom]);
  return (
    <>
      <video ref={video} class="contain" autoplay playsInline muted onPlaying={() => setSeen(true)} tabIndex={-1} />
      {!seen && <p class="coming">{t.call.connectingShort}</p>}
    </>
  );
}

/** By how much a whole picture must grow to fill its element. */
function fillingScale(element: HTMLVideoElement): number {
  const { videoWidth, videoHeight, clientWidth, clientHeight } = element;
  if (videoWidth === 0 || videoHeight === 0 || clientWidth === 0 || clientHeight === 0) {
    return 1;
  }
  const across = clientWidth / videoWidth;
  const down = clientHeight / videoHeight;
  return Math.max(across, down) / Math.min(across, down);
}

interface PersonProps {
  readonly person: CallParticipant;
  readonly tile: Tile | null;
  readonly small?: boolean;
  readonly zoom: number;
  readonly onHeight: (key: string, height: number) => void;
  /** Keeps this person in view beside the others; absent or null where that makes no sense. */
  readonly onPin?: (() => void) | null;
}

/** One person: the picture, or initials and the reason why there is none; the name; whether they speak. */
export function PersonTile({ person, tile, small = false, zoom, onHeight, onPin = null }: PersonProps) {
  const { t, format } = useApp();
  const name = nameOf(person, t);
  const what = roleOf(person, t);
  const classes = ['tile', person.speaking ? 'speaking' : '', small ? 'small' : ''].filter(Boolean).join(' ');
  return (
    <li class={classes}>
      {tile === null ? (
        <div class="nobody">
          <span class="initials" aria-hidden="true">
            {format.initials(name)}
          </span>
          <p>
            {person.presence !== 'here'
              ? t.call.personLost(name)
              : person.camera === 'none'
                ? t.call.noCamera
                : person.camera === 'muted'
                  ? t.call.cameraOff
                  : t.call.connectingShort}
          </p>
        </div>
      ) : (
        <Video key={tile.key} tile={tile} zoom={zoom} onHeight={onHeight} />
      )}
      <p class="label">
        {person.microphone !== 'on' && <MicrophoneOffIcon />}
        <span>{name}</span>
        {what !== '' && <span class="more">{what}</span>}
        {person.microphone === 'muted' && <span class="more">{t.call.muted}</span>}
        {person.microphone === 'none' && <span class="more">{t.call.noMicrophone}</span>}
        {person.speaking && <span class="hidden-text">{t.call.speaking}</span>}
      </p>
      {onPin !== null && (
        <button type="button" class="on-stage pin" aria-label={t.call.pinLabel(name)} onClick={onPin}>
          <PinIcon />
          <span>{t.call.pin}</span>
        </button>
      )}
    </li>
  );
}

interface ScreenProps {
  readonly person: CallParticipant;
  readonly tile: Tile;
  readonly onHeight: (key: string, height: number) => void;
}

/** Somebody's shared screen. */
export function ScreenTile({ person, tile, onHeight }: ScreenProps) {
  const { t } = useApp();
  return (
    <div class="tile shared">
      <Video key={tile.key} tile={tile} zoom={1} onHeight={onHeight} />
      <p class="label">{t.call.screenOf(nameOf(person, t))}</p>
    </div>
  );
}
