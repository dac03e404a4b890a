import '../styles/agenda.css';
import { useEffect, useState } from 'preact/hooks';
import { Agenda, type Appointment, takesTime } from '../../session/agenda';
import type { Visit } from '../../session/day';
import { addressOf } from '../agenda/address';
import { ModalityMark } from '../agenda/card';
import { useLive } from '../agenda/live';
import { isNear, stateOf } from '../agenda/say';
import { agendaWords } from '../i18n/agenda';
import { useApp } from '../parts/app';
import { usePart, useSnapshot } from '../parts/hooks';
import { useMay, useShell } from '../shell/context';

/** The appointments of a day that have no consultation among the visits: by phone, in person, and by video before it is made. */
export function useAgreed(
  date: string,
  visits: readonly Visit[] | null,
): [agreed: readonly Appointment[], agenda: Agenda] {
  const { desk } = useShell();
  const mayRead = useMay('appointments:read');
  const own = usePart(desk, ({ actingFor, me }) => actingFor || (me?.id ?? ''));
  const [agenda] = useState(() => new Agenda((method, path, body) => desk.request(method, path, body)));
  const { books } = useSnapshot(agenda);
  useEffect(() => {
    if (mayRead && own !== '') {
      void agenda.show({ from: date, to: date, whose: [own] });
    }
  }, [date, own, mayRead]);
  useLive(agenda);
  const known = new Set(visits?.map(visit => visit.id));
  const all = books?.flatMap(book => book.appointments) ?? [];
  return [all.filter(one => takesTime(one) && one.state !== 'requested' && !known.has(one.consultation)), agenda];
}

/** Whom an appointment is with; leads to what can be done with it. */
export function AgreedWho({ one, date }: { readonly one: Appointment; readonly date: string }) {
  return (
    <>
      <b>
        <a href={addressOf({ view: 'day', date, who: [], appointment: one.id })}>{one.name}</a>
      </b>{' '}
      <span class="quiet">{one.label}</span>
    </>
  );
}

export function AgreedState({ one }: { readonly one: Appointment }) {
  const { t } = useApp(agendaWords);
  return <span class={one.state === 'arrived' ? 'now' : undefined}>{stateOf(one, t)}</span>;
}

export function AgreedHow({ one }: { readonly one: Appointment }) {
  const { t } = useApp(agendaWords);
  return (
    <span>
      <ModalityMark modality={one.modality} />
      <span aria-hidden="true"> {t.agenda.modality[one.modality]}</span>
    </span>
  );
}

/** What one taps while people come and go. */
export function AgreedActions({ one, agenda }: { readonly one: Appointment; readonly agenda: Agenda }) {
  const { toasts } = useShell();
  const { t } = useApp(agendaWords);
  const mayChange = useMay('appointments:write');
  const [working, setWorking] = useState(false);
  if (!mayChange || !isNear(one) || one.modality === 'video' || (one.state !== 'booked' && one.state !== 'arrived')) {
    return null;
  }
  const what = one.state === 'booked' ? 'arrive' : 'fulfil';
  const act = async (): Promise<void> => {
    setWorking(true);
    await agenda.act(one.id, what).catch(() => toasts.warn(t.common.failed));
    setWorking(false);
  };
  const words = what === 'arrive' ? t.agenda.here : t.agenda.fulfil;
  return (
    <div class="row">
      <button
        type="button"
        class="button small"
        disabled={working}
        aria-label={t.common.pair(words, one.name)}
        onClick={() => void act()}
      >
        {words}
      </button>
    </div>
  );
}
