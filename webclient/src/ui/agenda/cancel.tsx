import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import type { Agenda, Appointment } from '../../session/agenda';
import { agendaWords } from '../i18n/agenda';
import { useApp } from '../parts/app';
import { Dialog } from '../parts/dialog';
import { TextField } from '../parts/field';
import { reachable, whenOf } from './say';

interface CancelProps {
  readonly agenda: Agenda;
  readonly appointment: Appointment;
  readonly onKeep: () => void;
  readonly onCancelled: () => void;
}

/** No appointment after all: why, and whether the patient is told. */
export function CancelDialog({ agenda, appointment, onKeep, onCancelled }: CancelProps) {
  const { t, format } = useApp(agendaWords);
  return (
    <CancelQuestion
      heading={t.agenda.cancelOf(appointment.name)}
      appointment={appointment}
      keep={t.agenda.keep}
      quietly={t.agenda.cancel}
      cancel={async (reason, tell) => {
        await agenda.cancel(appointment.id, reason, tell);
        onCancelled();
      }}
      onKeep={onKeep}
    >
      <p>
        {appointment.label}, {whenOf(appointment.start, appointment.timeZone, format)}
      </p>
    </CancelQuestion>
  );
}

interface QuestionProps extends Pick<CancelProps, 'appointment' | 'onKeep'> {
  readonly heading: string;
  /** What it is about. */
  readonly children: ComponentChildren;
  readonly keep: string;
  /** Of the one button that is left when the patient cannot be told. */
  readonly quietly: string;
  cancel(reason: string, tell: boolean): Promise<void>;
}

/** Asks why, and whether the patient is told. */
export function CancelQuestion(props: QuestionProps) {
  const { heading, appointment, children, keep, quietly, cancel, onKeep } = props;
  const { t } = useApp(agendaWords);
  const [reason, setReason] = useState('');
  const [state, setState] = useState<'ready' | 'working' | 'failed'>('ready');
  const press = async (tell: boolean): Promise<void> => {
    setState('working');
    try {
      await cancel(reason, tell);
    } catch {
      setState('failed');
    }
  };
  const tellable = reachable(appointment);
  return (
    <Dialog heading={heading} onClose={onKeep}>
      {children}
      <TextField
        label={t.agenda.cancelReason}
        hint={t.agenda.cancelReasonHint}
        value={reason}
        maxLength={500}
        autocomplete="off"
        dir="auto"
        onInput={setReason}
      />
      {!tellable && <p class="notice">{t.agenda.cannotTell}</p>}
      {state === 'failed' && (
        <p class="notice bad" role="alert">
          {t.common.failed}
        </p>
      )}
      <div class="choices">
        <button type="button" class="button" onClick={onKeep}>
          {keep}
        </button>
        {tellable && (
          <button type="button" class="button danger" disabled={state === 'working'} onClick={() => void press(true)}>
            {t.agenda.cancelTell}
          </button>
        )}
        <button
          type="button"
          class={tellable ? 'button' : 'button danger'}
          disabled={state === 'working'}
          onClick={() => void press(false)}
        >
          {tellable ? t.agenda.cancelQuiet : quietly}
        </button>
      </div>
    </Dialog>
  );
}
