import type { ComponentType } from 'preact';
import type { Appointment, Modality } from '../../session/agenda';
import { agendaWords } from '../i18n/agenda';
import { CameraIcon, PersonIcon, PhoneIcon } from '../icons';
import { useApp } from '../parts/app';
import type { Card, Span } from './layout';
import { placed } from './place';
import { stateOf } from './say';

const icons: { readonly [M in Modality]: ComponentType } = {
  video: CameraIcon,
  phone: PhoneIcon,
  'in-person': PersonIcon,
};

/** How people meet: a drawing, and the word for who does not see it. */
export function ModalityMark({ modality }: { readonly modality: Modality }) {
  const { t } = useApp(agendaWords);
  const Icon = icons[modality];
  return (
    <span class="modality" title={t.agenda.modality[modality]}>
      <Icon />
      <span class="hidden-text">{t.agenda.modality[modality]}</span>
    </span>
  );
}

/** How far it is, and what is special about it: in words, and by the way only in colour. */
export function StateMark({ appointment }: { readonly appointment: Appointment }) {
  const { t } = useApp(agendaWords);
  return (
    <>
      <span class={appointment.state === 'booked' ? 'hidden-text' : 'agenda-state'}>{stateOf(appointment, t)}</span>
      {appointment.overbooked && <span class="agenda-state"> {t.agenda.overbooked}</span>}
    </>
  );
}

interface CardProps {
  readonly card: Card;
  readonly hours: Span;
  readonly tabIndex: number;
  readonly onFocus: () => void;
  readonly onOpen: () => void;
  readonly onPointerDown: (event: PointerEvent) => void;
  readonly onPointerMove: (event: PointerEvent) => void;
  readonly onPointerUp: (event: PointerEvent) => void;
  readonly onPointerCancel: (event: PointerEvent) => void;
}

/** An appointment in the grid. */
export function AppointmentCard({ card, hours, tabIndex, onOpen, ...handlers }: CardProps) {
  const { format } = useApp();
  const { appointment, from, to, lane, lanes } = card;
  const there = format.inZone(appointment.timeZone);
  return (
    <button
      type="button"
      class={`agenda-card ${appointment.state}${to - from < 25 ? ' short' : ''}`}
      data-stop={appointment.id}
      tabIndex={tabIndex}
      style={{ ...placed(card, hours), '--lane': lane, '--lanes': lanes }}
      onClick={onOpen}
      {...handlers}
    >
      <span class="agenda-first">
        <ModalityMark modality={appointment.modality} /> <span class="hour">{there.time(appointment.start)}</span>{' '}
        <b>{appointment.name}</b>
      </span>{' '}
      <span class="agenda-rest">
        <StateMark appointment={appointment} /> <span class="label">{appointment.label}</span>
      </span>
    </button>
  );
}
