import { useState } from 'preact/hooks';
import { type FreeTime as Free, isTaken, nextOf } from '../../session/agenda';
import { dayAfter } from '../../session/day';
import type { AppointmentRequest, FreeTime, Giver } from '../../session/requests';
import { instantAt } from '../../session/zone';
import { Taken } from '../agenda/taken';
import { chosenInstant, chosenOf, TimeFields, useChosenTime } from '../agenda/time';
import { requestsWords } from '../i18n/requests';
import { useApp } from '../parts/app';

interface OtherProps {
  readonly one: AppointmentRequest;
  /** Who could be given it; not empty. */
  readonly givers: readonly Giver[];
  /** Rejects with DeskError. */
  readonly onGive: (time: Pick<FreeTime, 'start' | 'practitioner'>, overbook: string) => Promise<void>;
}

/** A time for a request that is none of the free ones: outside of the hours, or over another with a reason. */
export function OtherTime({ one, givers, onGive }: OtherProps) {
  const { t, format } = useApp(requestsWords);
  const [first] = givers;
  const zone = first?.timeZone ?? 'UTC';
  const day = dayAfter(format.inZone(zone).dayOf(new Date()), 1);
  const tomorrow = instantAt(day, '09:00', zone) ?? `${day}T09:00:00Z`;
  const [chosen, change] = useChosenTime(
    one.start === '' ? tomorrow : one.start,
    one.practitioner === '' ? (first?.id ?? '') : one.practitioner,
    givers,
  );
  const [taken, setTaken] = useState<readonly Free[] | null>(null);
  const [overbook, setOverbook] = useState<string | null>(null);
  const [missing, setMissing] = useState(false);
  const [state, setState] = useState<'ready' | 'working' | 'failed'>('ready');
  const start = chosenInstant(chosen, givers);
  const edit: typeof change = changed => {
    change(changed);
    setTaken(null);
    setOverbook(null);
    setState('ready');
  };
  const give = async (): Promise<void> => {
    if (start === null) {
      return;
    }
    setMissing(overbook?.trim() === '');
    if (overbook?.trim() === '') {
      return;
    }
    setState('working');
    try {
      await onGive({ start, practitioner: chosen.practitioner }, overbook?.trim() ?? '');
    } catch (error) {
      setTaken(isTaken(error) ? nextOf(error) : null);
      setState(isTaken(error) ? 'ready' : 'failed');
    }
  };
  return (
    <details>
      <summary>{t.requests.other}</summary>
      <form
        class="stack"
        noValidate
        onSubmit={event => {
          event.preventDefault();
          void give();
        }}
      >
        <TimeFields chosen={chosen} givers={givers} wrong={start === null} onChange={edit} />
        {taken !== null && (
          <Taken
            times={taken}
            nameOf={id => (givers.length > 1 ? (givers.find(giver => giver.id === id)?.name ?? '') : '')}
            onChoose={time => edit(chosenOf(time.start, time.practitioner, givers))}
            overbook={overbook}
            missing={missing}
            onOverbook={setOverbook}
          />
        )}
        {state === 'failed' && (
          <p class="notice bad" role="alert">
            {t.common.failed}
          </p>
        )}
        <div class="choices">
          <button
            type="submit"
            class="button primary"
            disabled={state === 'working' || start === null || (taken !== null && overbook === null)}
          >
            {t.requests.otherGive}
          </button>
        </div>
      </form>
    </details>
  );
}
