import { agendaWords } from '../i18n/agenda';
import { useApp } from '../parts/app';
import type { Column } from './layout';
import { stateOf, timesOf } from './say';

interface SheetProps {
  readonly columns: readonly Column[];
  readonly heading: string;
}

/** The day on paper: on the screen it is not there (styles/agenda.css). */
export function DaySheet({ columns, heading }: SheetProps) {
  const { t, format } = useApp(agendaWords);
  const { sheet } = t.agenda;
  const now = new Date().toISOString();
  return (
    <div class="agenda-sheet">
      <p class="agenda-sheet-heading">{heading}</p>
      {columns.map(({ key, book, cards }) => (
        <section key={key}>
          <p class="agenda-sheet-who">{book.name}</p>
          {cards.length === 0 ? (
            <p>{t.agenda.none}</p>
          ) : (
            <table>
              <thead>
                <tr>
                  {[sheet.time, sheet.patient, sheet.service, sheet.contact, sheet.note].map(one => (
                    <th key={one} scope="col">
                      {one}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {[...cards]
                  .sort((a, b) => a.from - b.from)
                  .map(({ appointment }) => (
                    <tr key={appointment.id}>
                      <td>{timesOf(appointment, format)}</td>
                      <td>
                        <b>{appointment.name}</b>
                        <div>
                          {[
                            appointment.birthDate === '' ? '' : format.date(appointment.birthDate),
                            appointment.state === 'booked' ? '' : stateOf(appointment, t),
                          ]
                            .filter(Boolean)
                            .join(' · ')}
                        </div>
                      </td>
                      <td>
                        {appointment.label} · {t.agenda.modality[appointment.modality]}
                      </td>
                      <td dir="ltr">{appointment.phone === '' ? appointment.mail : format.phone(appointment.phone)}</td>
                      <td>{appointment.note}</td>
                    </tr>
                  ))}
              </tbody>
            </table>
          )}
        </section>
      ))}
      <p>{sheet.printed(`${format.date(now)} ${format.time(now)}`)}</p>
    </div>
  );
}
