import { useEffect, useState } from 'preact/hooks';
import type { Colleague } from '../../session/desk';
import { deskWords } from '../i18n/desk';
import { useApp } from '../parts/app';
import { Dialog } from '../parts/dialog';
import type { DeskPort } from '../parts/ports';
import { Notice } from '../parts/screen';

interface PassProps {
  readonly desk: DeskPort;
  readonly consultation: string;
  /** Of the patient. */
  readonly name: string;
  readonly onPassed: (passed: Passed) => void;
  readonly onClose: () => void;
}

/** What was passed on, so that it can be taken back. */
export interface Passed {
  readonly consultation: string;
  readonly name: string;
  readonly to: string;
}

/** To whom? The practitioners of the practice, with what they are doing. */
export function PassDialog({ desk, consultation, name, onPassed, onClose }: PassProps) {
  const { t } = useApp(deskWords);
  const [colleagues, setColleagues] = useState<readonly Colleague[] | null>(null);
  const [failed, setFailed] = useState(false);
  const words = t.strip;
  useEffect(() => {
    desk.colleagues().then(setColleagues, () => setFailed(true));
  }, []);
  const pass = async (to: Colleague): Promise<void> => {
    try {
      await desk.pass(consultation, to.id);
      onPassed({ consultation, name, to: to.name });
    } catch {
      setFailed(true);
    }
  };
  return (
    <Dialog heading={words.passHeading(name)} onClose={onClose}>
      <p>{words.passMore}</p>
      {failed && <p role="alert">{t.desk.failed}</p>}
      {colleagues === null && !failed && <p class="quiet">{t.common.loading}</p>}
      {colleagues?.length === 0 && <p>{words.passNobody}</p>}
      <ul class="plain-list stack">
        {colleagues?.map(to => (
          <li key={to.id}>
            <button type="button" class="button" onClick={() => void pass(to)}>
              {to.name} <span class="quiet">· {words.states[to.state]}</span>
            </button>
          </li>
        ))}
      </ul>
      <button type="button" class="button" onClick={onClose}>
        {t.common.cancel}
      </button>
    </Dialog>
  );
}

/** What was just passed on, with the way back. */
export function PassedNotice({
  desk,
  passed,
  onClose,
}: {
  readonly desk: DeskPort;
  readonly passed: Passed;
  readonly onClose: () => void;
}) {
  const { t } = useApp(deskWords);
  const [late, setLate] = useState(false);
  return (
    <Notice kind={late ? 'bad' : 'good'}>
      <div class="row" role="status">
        <p>{late ? t.strip.undoTooLate : t.strip.passed(passed.name, passed.to)}</p>
        {!late && (
          <button
            type="button"
            class="button small"
            onClick={() => void desk.passBack(passed.consultation).then(onClose, () => setLate(true))}
          >
            {t.strip.undo}
          </button>
        )}
        <button type="button" class="button plain small" onClick={onClose}>
          {t.common.close}
        </button>
      </div>
    </Notice>
  );
}
