import type { DeskWaiting } from '../../session/desk';
import { deskWords } from '../i18n/desk';
import { useApp } from '../parts/app';
import { Dialog } from '../parts/dialog';
import { waiterName } from './names';

interface NextProps {
  readonly one: DeskWaiting;
  readonly onEnd: () => void;
  readonly onLeave: () => void;
  readonly onStay: () => void;
}

/** Somebody of another consultation is to be let in: what about the one under way? The harmless answer first. */
export function NextDialog({ one, onEnd, onLeave, onStay }: NextProps) {
  const { t, format } = useApp(deskWords);
  const words = t.strip;
  return (
    <Dialog heading={words.nextHeading(waiterName(one, t, format))} onClose={onStay}>
      <p>{words.nextMore}</p>
      <button type="button" class="button" onClick={onStay}>
        {words.nextStay}
      </button>
      <button type="button" class="button" onClick={onLeave}>
        {words.nextLeave}
      </button>
      <button type="button" class="button danger" onClick={onEnd}>
        {words.nextEnd}
      </button>
    </Dialog>
  );
}
