import { useState } from 'preact/hooks';
import type { DeskConsultation } from '../../session/desk';
import { deskWords } from '../i18n/desk';
import { useApp } from '../parts/app';
import { Dialog, Question } from '../parts/dialog';
import { usePart } from '../parts/hooks';
import type { DeskPort } from '../parts/ports';
import { LinkCard } from './link';
import { consultationName, patientOf } from './names';

interface OpenListProps {
  readonly desk: DeskPort;
  readonly onResume: (consultation: string) => void;
}

/** What is not ended: links not opened yet, people in the waiting room, calls to go back to. */
export function OpenList({ desk, onResume }: OpenListProps) {
  const { t, format } = useApp(deskWords);
  const consultations = usePart(desk, snapshot => snapshot.consultations);
  const [ending, setEnding] = useState<DeskConsultation | null>(null);
  const [link, setLink] = useState<string | null>(null);
  const [failed, setFailed] = useState(false);

  const again = async (consultation: DeskConsultation): Promise<void> => {
    const patient = patientOf(consultation);
    if (patient === null) {
      return;
    }
    setFailed(false);
    try {
      setLink(await desk.link(consultation.id, patient.id));
    } catch {
      setFailed(true);
    }
  };

  return (
    <section class="stack" aria-labelledby="open-heading">
      <h2 id="open-heading">{t.desk.openHeading}</h2>
      {failed && (
        <p class="notice bad" role="alert">
          {t.desk.failed}
        </p>
      )}
      {consultations.length === 0 ? (
        <p class="quiet">{t.desk.openNone}</p>
      ) : (
        <ul class="open-list">
          {consultations.map(one => {
            const name = consultationName(one, t, format);
            const place = patientOf(one)?.place ?? 'invited';
            return (
              <li key={one.id}>
                <div>
                  <h3>{name}</h3>
                  <p class="quiet">
                    {place === 'invited'
                      ? t.desk.stateInvited
                      : place === 'waiting'
                        ? t.desk.stateWaiting
                        : place === 'call'
                          ? t.desk.stateCall
                          : t.desk.stateLeft}{' '}
                    · {t.desk.startedAt(format.time(one.createdAt))}
                  </p>
                </div>
                <div class="row">
                  {(place === 'call' || place === 'left') && (
                    <button type="button" class="button primary small" onClick={() => onResume(one.id)}>
                      {t.desk.resume}
                    </button>
                  )}
                  {place === 'invited' && (
                    <button type="button" class="button small" onClick={() => void again(one)}>
                      {t.desk.newLink}
                    </button>
                  )}
                  <button
                    type="button"
                    class="button small"
                    aria-label={t.desk.finishLabel(name)}
                    onClick={() => setEnding(one)}
                  >
                    {t.desk.finish}
                  </button>
                </div>
              </li>
            );
          })}
        </ul>
      )}
      {ending !== null && (
        <Question
          heading={t.desk.finishQuestion(consultationName(ending, t, format))}
          yes={t.desk.finish}
          no={t.common.cancel}
          danger
          onNo={() => setEnding(null)}
          onYes={() => {
            void desk.end(ending.id);
            setEnding(null);
          }}
        >
          <p>{t.desk.finishMore}</p>
        </Question>
      )}
      {link !== null && (
        <Dialog heading={t.desk.linkAgain} onClose={() => setLink(null)}>
          <p class="quiet">{t.desk.linkAgainMore}</p>
          <LinkCard link={link} />
          <button type="button" class="button" onClick={() => setLink(null)}>
            {t.common.close}
          </button>
        </Dialog>
      )}
    </section>
  );
}
