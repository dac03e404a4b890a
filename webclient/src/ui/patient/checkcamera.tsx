import { useEffect, useState } from 'preact/hooks';
import type { CameraResult } from '../../media/devicecheck';
import { CameraIcon, CameraOffIcon, TurnIcon } from '../icons';
import { useApp } from '../parts/app';
import { usePart } from '../parts/hooks';
import { DeviceChooser, Mirror } from '../parts/media';
import { alreadyAllowed } from '../parts/permission';
import type { LocalPort } from '../parts/ports';
import { RefusedHelp } from '../parts/refused';
import { Heading } from '../parts/screen';

interface StepProps<R> {
  readonly local: LocalPort;
  readonly practitioner: string;
  readonly onNext: (result: R) => void;
}

/** Why we ask, then the question, then one's own picture. */
export function CameraStep({ local, practitioner, onNext }: StepProps<CameraResult>) {
  const { t } = useApp();
  const words = t.check.camera;
  const camera = usePart(local, snapshot => snapshot.camera);
  const canTurn = usePart(local, snapshot => snapshot.canSwitchCamera);
  const [asking, setAsking] = useState(false);

  const open = async (): Promise<void> => {
    setAsking(true);
    await local.openCamera();
    setAsking(false);
  };
  // Permission given on an earlier visit: no need to explain what will not be asked.
  useEffect(() => {
    void alreadyAllowed('camera').then(allowed => {
      if (allowed && local.snapshot.camera === 'off') {
        void open();
      }
    });
  }, []);
  const without = (result: CameraResult): void => {
    local.closeCamera();
    onNext(result);
  };

  if (camera === 'on') {
    return (
      <div class="screen">
        <Heading title={t.check.title}>{words.seeYourself}</Heading>
        <Mirror local={local} />
        <p class="quiet">{words.seeYourselfHow}</p>
        {canTurn ? (
          <button type="button" class="button small" onClick={() => void local.switchCamera()}>
            <TurnIcon />
            {words.turn}
          </button>
        ) : (
          <DeviceChooser local={local} kind="camera" label={words.choose} />
        )}
        <div class="actions">
          <button type="button" class="button primary" onClick={() => onNext('ok')}>
            {words.yes}
          </button>
          <button type="button" class="button" onClick={() => without('skipped')}>
            {words.without}
          </button>
        </div>
      </div>
    );
  }
  if (asking) {
    return (
      <div class="screen">
        <Heading title={t.check.title}>{words.asking}</Heading>
        <div class="illustration">
          <CameraIcon />
        </div>
        <p>{words.askingHow}</p>
        <p>{words.nobodyYet}</p>
      </div>
    );
  }
  if (camera === 'refused' || camera === 'missing') {
    return (
      <div class="screen">
        <Heading title={t.check.title}>{camera === 'refused' ? t.check.refused.camera : words.missing}</Heading>
        {camera === 'refused' ? (
          <>
            <p>{t.check.refused.notSerious}</p>
            <RefusedHelp what="camera" bySystem={local.snapshot.blockedBySystem} />
          </>
        ) : (
          <>
            <div class="illustration bad">
              <CameraOffIcon />
            </div>
            <p>{words.missingHow}</p>
          </>
        )}
        <div class="actions">
          <button type="button" class="button primary" onClick={() => onNext(camera)}>
            {words.without}
          </button>
          <button type="button" class="button" onClick={() => void open()}>
            {t.common.retry}
          </button>
        </div>
      </div>
    );
  }
  return (
    <div class="screen">
      <Heading title={t.check.title}>{words.heading}</Heading>
      <div class="illustration">
        <CameraIcon />
      </div>
      <p>
        {words.why(practitioner)} {words.nobodyYet}
      </p>
      <p>{words.willAsk}</p>
      <div class="actions">
        <button type="button" class="button primary" onClick={() => void open()}>
          {words.open}
        </button>
        <button type="button" class="button" onClick={() => without('skipped')}>
          {words.without}
        </button>
      </div>
    </div>
  );
}
