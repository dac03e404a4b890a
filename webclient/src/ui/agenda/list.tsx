import type { Appointment } from '../../session/agenda';
import { agendaWords } from '../i18n/agenda';
import { useApp } from '../parts/app';
import { ModalityMark, StateMark } from './card';
import type { Column } from './layout';

interface ListProps {
  readonly columns: readonly Column[];
  headingOf(column: Column): string;
  onOpen(appointment: Appointment): void;
}

/** The same appointments one below the other: on a phone. */
export function AgendaList({ columns, headingOf, onOpen }: ListProps) {
  const { t, format } = useApp(agendaWords);
  return (
    <div class="stack">
      {columns.map(column => (
        <section key={column.key} class="stack" aria-label={headingOf(column)}>
          {columns.length > 1 && <h3>{headingOf(column)}</h3>}
          {column.cards.length === 0 ? (
            <p class="quiet">{t.agenda.none}</p>
          ) : (
            <ul class="agenda-list">
              {[...column.cards]
                .sort((a, b) => a.from - b.from)
                .map(({ appointment }) => (
                  <li key={appointment.id}>
                    <button type="button" class={`agenda-row ${appointment.state}`} onClick={() => onOpen(appointment)}>
                      <span class="hour">{format.inZone(appointment.timeZone).time(appointment.start)}</span>
                      <span>
                        <b>{appointment.name}</b> <StateMark appointment={appointment} />
                        <br />
                        <span class="quiet">{appointment.label}</span>
                      </span>
                      <ModalityMark modality={appointment.modality} />
                    </button>
                  </li>
                ))}
            </ul>
          )}
        </section>
      ))}
    </div>
  );
}
