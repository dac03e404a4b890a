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
  const [reason, setReason] = useState('');
  const [state, setState] = useState<'ready' | 'working' | 'failed'>('ready');
  const cancel = async (tell: boolean): Promise<void> => {
    setState('working');
    try {
      await agenda.cancel(appointment.id, reason, tell);
      onCancelled();
    } catch {
      setState('failed');
    }
  };
  const tellable = reachable(appointment);
  return (
    <Dialog heading={t.agenda.cancelOf(appointment.name)} onClose={onKeep}>
      <p>
        {appointment.label}, {whenOf(appointment.start, appointment.timeZone, format)}
      </p>
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
          {t.agenda.keep}
        </button>
        {tellable && (
          <button type="button" class="button danger" disabled={state === 'working'} onClick={() => void cancel(true)}>
            {t.agenda.cancelTell}
          </button>
        )}
        <button
          type="button"
          class={tellable ? 'button' : 'button danger'}
          disabled={state === 'working'}
          onClick={() => void cancel(false)}
        >
          {tellable ? t.agenda.cancelQuiet : t.agenda.cancel}
        </button>
      </div>
    </Dialog>
  );
}
