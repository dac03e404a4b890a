import { useState } from 'preact/hooks';
import { requestsWords } from '../i18n/requests';
import { useApp } from '../parts/app';
import { Dialog } from '../parts/dialog';
import { RadioField, TextArea } from '../parts/field';

interface RefuseProps {
  readonly name: string;
  readonly onClose: () => void;
  readonly onRefuse: (reason: string, quiet: boolean) => Promise<void>;
}

/** No, told or settled otherwise, with a reason for the practice. */
export function RefuseDialog({ name, onClose, onRefuse }: RefuseProps) {
  const { t } = useApp(requestsWords);
  const [reason, setReason] = useState('');
  const [how, setHow] = useState<'tell' | 'quiet'>('tell');
  const [state, setState] = useState<'ready' | 'working' | 'failed'>('ready');
  const refuse = async (): Promise<void> => {
    setState('working');
    try {
      await onRefuse(reason.trim(), how === 'quiet');
    } catch {
      setState('failed');
    }
  };
  return (
    <Dialog heading={t.requests.refuseHeading(name)} onClose={onClose}>
      <form
        class="stack"
        noValidate
        onSubmit={event => {
          event.preventDefault();
          void refuse();
        }}
      >
        <RadioField
          label={t.requests.refuseHow}
          value={how}
          choices={[
            { value: 'tell', label: t.requests.refuseTell },
            { value: 'quiet', label: t.requests.refuseQuiet },
          ]}
          onChoose={setHow}
        />
        <TextArea
          label={t.requests.refuseReason}
          hint={t.requests.refuseReasonHint}
          error={state === 'failed' ? t.common.failed : ''}
          value={reason}
          maxLength={500}
          onInput={setReason}
        />
        <div class="row">
          <button type="submit" class="button primary" disabled={state === 'working'}>
            {t.requests.refuse}
          </button>
          <button type="button" class="button" onClick={onClose}>
            {t.common.cancel}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
