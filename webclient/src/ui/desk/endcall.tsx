import { useApp } from '../parts/app';
import { Dialog } from '../parts/dialog';

interface EndCallProps {
  readonly onEnd: () => void;
  readonly onStepOut: () => void;
  readonly onStay: () => void;
}

/** The three ways that "End" can be meant; the harmless one first. */
export function EndCallDialog({ onEnd, onStepOut, onStay }: EndCallProps) {
  const { t } = useApp();
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
    </Dialog>
  );
}
