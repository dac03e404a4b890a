import { useEffect, useState } from 'preact/hooks';
import { CameraIcon, CameraOffIcon, SoundIcon } from '../icons';
import { useApp } from './app';
import { Dialog } from './dialog';
import { usePart } from './hooks';
import { DeviceChooser, Meter, Mirror } from './media';
import type { LocalPort } from './ports';
import { RefusedHelp } from './refused';

/** Picture and sound: which camera, microphone and loudspeaker, and whether they work. */
export function SettingsDialog({ local, onClose }: { readonly local: LocalPort; readonly onClose: () => void }) {
  const { t } = useApp();
  const camera = usePart(local, snapshot => snapshot.camera);
  const microphone = usePart(local, snapshot => snapshot.microphone);
  const [playing, setPlaying] = useState(false);
  // Opening this dialog is the wish to be heard; the camera is only opened by its own button.
  useEffect(() => {
    if (local.snapshot.microphone !== 'on') {
      void local.openMicrophone();
    }
  }, [local]);
  const play = async (): Promise<void> => {
    setPlaying(true);
    await local.playTestSound();
    setPlaying(false);
  };
  return (
    <Dialog heading={t.settings.heading} onClose={onClose}>
      <Mirror local={local} />
      {camera === 'on' ? (
        <button type="button" class="button small" onClick={() => local.setCamera(false)}>
          <CameraOffIcon />
          {t.settings.cameraOff}
        </button>
      ) : (
        <button type="button" class="button small" onClick={() => void local.openCamera()}>
          <CameraIcon />
          {t.check.camera.open}
        </button>
      )}
      {camera === 'refused' && <RefusedHelp what="camera" bySystem={local.snapshot.blockedBySystem} />}
      <DeviceChooser local={local} kind="camera" label={t.settings.camera} />
      {microphone === 'on' ? (
        <div class="field">
          <span>{t.settings.level}</span>
          <Meter local={local} label={t.settings.level} />
        </div>
      ) : (
        <button type="button" class="button small" onClick={() => void local.openMicrophone()}>
          {t.check.microphone.open}
        </button>
      )}
      {microphone === 'refused' && <RefusedHelp what="microphone" bySystem={local.snapshot.blockedBySystem} />}
      <DeviceChooser local={local} kind="microphone" label={t.settings.microphone} always />
      <DeviceChooser local={local} kind="speaker" label={t.settings.speaker} />
      <button type="button" class="button small" disabled={playing} onClick={() => void play()}>
        <SoundIcon />
        {playing ? t.check.sound.playing : t.settings.testSound}
      </button>
      <button type="button" class="button primary" onClick={onClose}>
        {t.common.close}
      </button>
    </Dialog>
  );
}
