import { useState } from 'preact/hooks';
import type { DeskConsultation, DeskParticipant } from '../../session/desk';
import { deskWords } from '../i18n/desk';
import { useApp } from '../parts/app';
import { dialledPhone, minutesSince } from '../parts/format';
import { useNow, usePart } from '../parts/hooks';
import type { DeskPort } from '../parts/ports';
import { MessageDialog } from './message';
import { consultationName, patientOf } from './names';

/** Those who have not come although their time is past, and those who were marked absent. Nothing happens to them by itself. */
export function LateList({ desk }: { readonly desk: DeskPort }) {
  const { t, format } = useApp(deskWords);
  const consultations = usePart(desk, snapshot => snapshot.consultations);
  const now = useNow(10_000);
  const [message, setMessage] = useState<{ consultation: string; participant: string; name: string } | null>(null);
  const words = t.strip;
  const shown = consultations.flatMap(consultation => {
    const patient = patientOf(consultation);
    return patient !== null && concerns(consultation, patient, now) ? [{ consultation, patient }] : [];
  });
  if (shown.length === 0) {
    return null;
  }
  return (
    <section class="stack" aria-labelledby="late-heading">
      <h2 id="late-heading">{words.lateHeading}</h2>
      <ul class="open-list">
        {shown.map(({ consultation, patient }) => {
          const name = consultationName(consultation, t, format);
          const { absentAt, phone } = patient.about;
          const at = consultation.scheduledAt ?? consultation.createdAt;
          return (
            <li key={consultation.id}>
              <div>
                <h3>{name}</h3>
                <p class="quiet">
                  {absentAt === null
                    ? words.late(minutesSince(at, now), format.time(at))
                    : words.isAbsent(format.time(absentAt))}
                </p>
              </div>
              <div class="row">
                <button
                  type="button"
                  class="button small"
                  aria-label={words.messageTo(name)}
                  onClick={() => setMessage({ consultation: consultation.id, participant: patient.id, name })}
                >
                  {words.message}
                </button>
                {phone !== '' && (
                  <a class="button small" href={`tel:${dialledPhone(phone)}`} aria-label={words.callLabel(name)}>
                    {words.call} {format.phone(phone)}
                  </a>
                )}
                <button
                  type="button"
                  class="button small"
                  aria-label={absentAt === null ? words.absentLabel(name) : words.expected}
                  onClick={() => void desk.absent(consultation.id, patient.id, absentAt === null)}
                >
                  {absentAt === null ? words.absent : words.expected}
                </button>
              </div>
            </li>
          );
        })}
      </ul>
      {message !== null && <MessageDialog desk={desk} to={message} onClose={() => setMessage(null)} />}
    </section>
  );
}

function concerns(consultation: DeskConsultation, patient: DeskParticipant, now: number): boolean {
  const late = consultation.lateAt !== null && now >= Date.parse(consultation.lateAt);
  return late || (patient.about.absentAt !== null && patient.place !== 'waiting' && patient.place !== 'call');
}
