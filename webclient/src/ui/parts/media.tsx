import { useEffect, useRef } from 'preact/hooks';
import type { Device } from '../../media/localmedia';
import { CameraOffIcon } from '../icons';
import { useApp } from './app';
import { usePart, useStream } from './hooks';
import type { LocalPort } from './ports';

/** The person's own picture, as in a mirror (but not when the camera looks away from them). */
export function Mirror({ local }: { readonly local: LocalPort }) {
  const { t } = useApp();
  const stream = usePart(local, snapshot => snapshot.preview);
  const facing = usePart(local, snapshot => snapshot.facing);
  const video = useStream<HTMLVideoElement>(stream);
  return (
    <div class="mirror">
      {stream === null ? (
        <CameraOffIcon />
      ) : (
        <video
          ref={video}
          class={facing === 'environment' ? undefined : 'mirrored'}
          autoplay
          playsInline
          muted
          aria-label={t.check.camera.picture}
        />
      )}
    </div>
  );
}

/** How loud the microphone hears; asks for the measurement as long as it is shown. */
export function Meter({ local, label }: { readonly local: LocalPort; readonly label: string }) {
  const meter = useRef<HTMLMeterElement>(null);
  useEffect(() => {
    local.watchLevel(true);
    // Fifteen times a second: written straight to the element, not through a draw of the screen.
    const show = (): void => {
      if (meter.current !== null) {
        meter.current.value = local.snapshot.level;
      }
    };
    const stop = local.subscribe(show);
    show();
    return () => {
      stop();
      local.watchLevel(false);
    };
  }, [local]);
  return <meter ref={meter} aria-label={label} min={0} max={1} />;
}

interface ChooserProps {
  readonly local: LocalPort;
  readonly kind: 'camera' | 'microphone' | 'speaker';
  readonly label: string;
  /** Also when there is no choice. */
  readonly always?: boolean;
}

/** A native list of devices; hidden when there is nothing to choose. */
export function DeviceChooser({ local, kind, label, always = false }: ChooserProps) {
  const { t } = useApp();
  const devices = usePart(local, snapshot => listOf(snapshot, kind));
  const chosen = usePart(local, snapshot =>
    kind === 'camera' ? snapshot.cameraId : kind === 'microphone' ? snapshot.microphoneId : snapshot.speakerId,
  );
  const can = usePart(local, snapshot => kind !== 'speaker' || snapshot.canChooseSpeaker);
  if (!can || (devices.length < 2 && !always)) {
    return null;
  }
  return (
    <div class="field">
      <label for={`choose-${kind}`}>{label}</label>
      {devices.length === 0 ? (
        <p class="quiet">{t.settings.noneFound}</p>
      ) : (
        <select
          id={`choose-${kind}`}
          value={chosen ?? devices[0]?.id}
          onChange={event => void local.choose(kind, event.currentTarget.value)}
        >
          {devices.map((device, index) => (
            <option key={device.id} value={device.id}>
              {device.label === '' ? t.settings.device(index + 1) : device.label}
            </option>
          ))}
        </select>
      )}
    </div>
  );
}

function listOf(snapshot: LocalPort['snapshot'], kind: ChooserProps['kind']): readonly Device[] {
  return kind === 'camera' ? snapshot.cameras : kind === 'microphone' ? snapshot.microphones : snapshot.speakers;
}
