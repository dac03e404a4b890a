import { useEffect, useState } from 'preact/hooks';
import { type Agenda, type Appointment, type FreeTime, isTaken, nextOf } from '../../session/agenda';
import { DeskError } from '../../session/http';
import { agendaWords } from '../i18n/agenda';
import { useApp } from '../parts/app';
import { Dialog } from '../parts/dialog';
import { forPatient, reachable, whenOf } from './say';
import { FreeTimes, Taken } from './taken';
import { chosenInstant, chosenOf, type Giver, TimeFields, useChosenTime, zoneOf } from './time';

interface MoveProps {
  readonly agenda: Agenda;
  readonly appointment: Appointment;
  /** Where it was put; null: it is to be chosen. */
  readonly to: { readonly start: string; readonly practitioner: string } | null;
  readonly givers: readonly Giver[];
  readonly onClose: () => void;
  readonly onMoved: (appointment: Appointment) => void;
}

type Trouble =
  | { readonly kind: 'taken'; readonly next: readonly FreeTime[] }
  | { readonly kind: 'other'; readonly words: string };

/** Another time for an appointment: both times, whether the patient is told, and what to do when somebody has it. */
export function MoveDialog({ agenda, appointment, to, givers, onClose, onMoved }: MoveProps) {
  const { t, format } = useApp(agendaWords);
  const [chosen, change] = useChosenTime(
    to?.start ?? appointment.start,
    to?.practitioner ?? appointment.practitioner,
    givers,
  );
  const [near, setNear] = useState<readonly FreeTime[]>([]);
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const [overbook, setOverbook] = useState<string | null>(null);
  const [missing, setMissing] = useState(false);
  const [working, setWorking] = useState(false);
  const start = chosenInstant(chosen, givers);
  const nameOf = (id: string): string => (givers.length > 1 ? (givers.find(one => one.id === id)?.name ?? '') : '');
  useEffect(() => {
    if (to === null) {
      agenda.free(appointment.service, appointment.practitioner, appointment.start).then(setNear, () => undefined);
    }
  }, []);

  const choose = ({ start: at, practitioner }: FreeTime): void => {
    change(chosenOf(at, practitioner, givers));
    setTrouble(null);
    setOverbook(null);
  };
  const edit: typeof change = changed => {
    change(changed);
    setTrouble(null);
    setOverbook(null);
  };
  const move = async (tell: boolean): Promise<void> => {
    if (start === null) {
      return;
    }
    if (overbook?.trim() === '') {
      setMissing(true);
      return;
    }
    setMissing(false);
    setWorking(true);
    try {
      const { practitioner } = chosen;
      onMoved(await agenda.move(appointment.id, { start, practitioner, overbook: overbook?.trim() ?? '', tell }));
    } catch (error) {
      setTrouble(troubleOf(error, t.agenda.notGiven, t.agenda.conflict, t.common.failed));
      setWorking(false);
    }
  };
  const other = (id: string): string => (id === chosen.practitioner ? '' : nameOf(id));
  const line = (at: string, zone: string, practitioner: string): string =>
    [whenOf(at, zone, format), nameOf(practitioner)].filter(Boolean).join(' · ');
  const zone = zoneOf(givers, chosen.practitioner);
  const tellable = reachable(appointment);
  return (
    <Dialog heading={t.agenda.moveOf(appointment.name)} onClose={onClose}>
      {(to === null || trouble !== null) && (
        <TimeFields chosen={chosen} givers={givers} wrong={start === null} onChange={edit} />
      )}
      {trouble === null && <FreeTimes heading={t.agenda.near} times={near} nameOf={other} onChoose={choose} />}
      <dl class="agenda-facts">
        <div>
          <dt>{t.agenda.before}</dt>
          <dd>{line(appointment.start, appointment.timeZone, appointment.practitioner)}</dd>
        </div>
        <div>
          <dt>{t.agenda.after}</dt>
          <dd>
            {start !== null && <b>{line(start, zone, chosen.practitioner)}</b>}
            {start !== null && forPatient(start, { ...appointment, timeZone: zone }, t, format) !== '' && (
              <p class="quiet">{forPatient(start, { ...appointment, timeZone: zone }, t, format)}</p>
            )}
            <p class="quiet">{format.inZone(zone).zone}</p>
          </dd>
        </div>
      </dl>
      {trouble?.kind === 'taken' && (
        <Taken
          times={trouble.next}
          nameOf={other}
          onChoose={choose}
          overbook={overbook}
          missing={missing}
          onOverbook={setOverbook}
        />
      )}
      {trouble?.kind === 'other' && (
        <p class="notice bad" role="alert">
          {trouble.words}
        </p>
      )}
      <p>
        <b>{tellable ? t.agenda.tellQuestion : t.agenda.cannotTell}</b>
      </p>
      <div class="choices">
        {tellable && (
          <button
            type="button"
            class="button primary"
            disabled={working || start === null}
            onClick={() => void move(true)}
          >
            {t.agenda.moveTell}
          </button>
        )}
        <button type="button" class="button" disabled={working || start === null} onClick={() => void move(false)}>
          {tellable ? t.agenda.moveQuiet : t.agenda.move}
        </button>
        <button type="button" class="button" onClick={onClose}>
          {t.common.cancel}
        </button>
      </div>
    </Dialog>
  );
}

/** What stood in the way. A refusal without free times is one of the appointment's state. */
function troubleOf(error: unknown, notGiven: string, changed: string, failed: string): Trouble {
  const code = error instanceof DeskError ? error.code : '';
  const next = nextOf(error);
  if (code === 'conflict') {
    return isTaken(error) ? { kind: 'taken', next } : { kind: 'other', words: changed };
  }
  return { kind: 'other', words: code === 'not-found' ? notGiven : failed };
}
