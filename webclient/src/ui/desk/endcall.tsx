import { deskWords } from '../i18n/desk';
import { useApp } from '../parts/app';
import { Dialog } from '../parts/dialog';

interface EndCallProps {
  readonly onEnd: () => void;
  readonly onStepOut: () => void;
  /** To a colleague; absent for who may not. */
  readonly onPass?: (() => void) | undefined;
  readonly onStay: () => void;
}

/** The ways that "End" can be meant; the harmless one first. */
export function EndCallDialog({ onEnd, onStepOut, onPass, onStay }: EndCallProps) {
  const { t } = useApp(deskWords);
  return (
    <Dialog heading={t.call.endQuestion} onClose={onStay}>
      <p>{t.call.endMore}</p>
      <button type="button" class="button" onClick={onStay}>
        {t.call.leaveNo}
      </button>
      <button type="button" class="button danger" onClick={onEnd}>
        {t.call.endYes}
      </button>
      <button type="button" class="button" onClick={onStepOut}>
        {t.call.stepOut}
      </button>
      <p class="quiet">{t.call.stepOutMore}</p>
      {onPass !== undefined && (
        <>
          <button type="button" class="button" onClick={onPass}>
            {t.strip.passFromCall}
          </button>
          <p class="quiet">{t.strip.passFromCallMore}</p>
        </>
      )}
    </Dialog>
  );
}
