import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import type { DeskConsultation } from '../../session/desk';
import { deskWords } from '../i18n/desk';
import { todayWords } from '../i18n/today';
import { useApp } from '../parts/app';
import { Question, Statement } from '../parts/dialog';
import { usePart } from '../parts/hooks';
import type { DeskPort } from '../parts/ports';
import { LinkCard } from './link';
import { consultationName, patientOf } from './names';

interface OpenListProps {
  readonly desk: DeskPort;
  /** Those that are shown elsewhere. */
  readonly without: ReadonlySet<string>;
  readonly onResume: (consultation: string) => void;
}

/** What is not ended and not of today: calls of yesterday to go back to, or to end. Nothing when there is none. */
export function OpenList({ desk, without, onResume }: OpenListProps) {
  const { t, format } = useApp(deskWords);
  const { t: words } = useApp(todayWords);
  const all = usePart(desk, snapshot => snapshot.consultations);
  const [ending, setEnding] = useState<DeskConsultation | null>(null);
  const consultations = all.filter(one => !without.has(one.id));
  if (consultations.length === 0) {
    return null;
  }
  return (
    <section class="stack" aria-labelledby="open-heading">
      <h2 id="open-heading">{words.today.otherOpen}</h2>
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
                  · {format.day(one.createdAt)}
                </p>
              </div>
              <div class="row">
                {(place === 'call' || place === 'left') && (
                  <button
                    type="button"
                    class="button primary small"
                    aria-label={t.desk.resumeLabel(name)}
                    onClick={() => onResume(one.id)}
                  >
                    {t.desk.resume}
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
      {ending !== null && (
        <FinishQuestion
          name={consultationName(ending, t, format)}
          planned={ending.state === 'created' ? ending.scheduledAt : null}
          onNo={() => setEnding(null)}
          onYes={() => {
            void desk.end(ending.id);
            setEnding(null);
          }}
        />
      )}
    </section>
  );
}

interface FinishProps {
  readonly name: string;
  /** When it is to begin; null when it was started at once. */
  readonly planned: string | null;
  readonly onYes: () => void;
  readonly onNo: () => void;
}

/** Whether a consultation is to be ended for everybody. */
export function FinishQuestion({ name, planned, onYes, onNo }: FinishProps) {
  const { t } = useApp(deskWords);
  return (
    <Question
      heading={t.desk.finishQuestion(name)}
      yes={t.desk.finish}
      no={t.common.cancel}
      danger
      onNo={onNo}
      onYes={onYes}
    >
      <p>{planned !== null && Date.parse(planned) > Date.now() ? t.desk.finishPlanned : t.desk.finishMore}</p>
    </Question>
  );
}

/** A fresh link for somebody who has one already. */
interface LinkDialogProps {
  readonly link: string;
  readonly onClose: () => void;
  /** What else can be done to bring the link to somebody. */
  readonly children?: ComponentChildren;
}

export function LinkDialog({ link, onClose, children }: LinkDialogProps) {
  const { t } = useApp(deskWords);
  return (
    <Statement heading={t.desk.linkAgain} onClose={onClose}>
      <p class="quiet">{t.desk.linkAgainMore}</p>
      <LinkCard link={link} />
      {children}
    </Statement>
  );
}
