import { useState } from 'preact/hooks';
import { bellWanted } from '../../session/bell';
import type { DeskWaiting } from '../../session/desk';
import { deskWords } from '../i18n/desk';
import { DoorIcon } from '../icons';
import { useApp } from '../parts/app';
import { Question } from '../parts/dialog';
import { minutesSince } from '../parts/format';
import { useNow, usePart } from '../parts/hooks';
import type { DeskPort } from '../parts/ports';
import { MessageDialog } from './message';
import { waiterName } from './names';
import { PassDialog, type Passed, PassedNotice } from './pass';
import { Waiter } from './waiter';

interface StripProps {
  readonly desk: DeskPort;
  /** The level of the names: 2 under a page's heading, 3 under a panel's. */
  readonly level: 2 | 3;
  /** The consultation that the practitioner is in. Whoever lets somebody else in asks first what becomes of it. */
  readonly current: string | null;
  /** Null for who lets nobody in: a secretary. */
  readonly onAdmit: ((one: DeskWaiting) => void) | null;
}

/** Who waits, in order of arrival. */
export function Strip({ desk, level, current, onAdmit }: StripProps) {
  const { t, format } = useApp(deskWords);
  const waiting = usePart(desk, snapshot => snapshot.waiting);
  const now = useNow(5000);
  const [declining, setDeclining] = useState<DeskWaiting | null>(null);
  const [message, setMessage] = useState<DeskWaiting | 'all' | null>(null);
  const [passing, setPassing] = useState<DeskWaiting | null>(null);
  const [passed, setPassed] = useState<Passed | null>(null);
  const notice = passed !== null && (
    <PassedNotice key={passed.consultation} desk={desk} passed={passed} onClose={() => setPassed(null)} />
  );
  if (waiting.length === 0 && message === null) {
    return (
      <div class="stack">
        {notice}
        <div class="nobody-waits">
          <DoorIcon />
          <p>
            <b>{t.desk.nobody}</b>
            <br />
            {bellWanted.read() ? t.desk.nobodyMore : t.desk.nobodyQuiet}
          </p>
        </div>
      </div>
    );
  }
  const firstFree = waiting.findIndex(one => current === null || one.consultation === current);
  return (
    <>
      {notice}
      <ol class="strip">
        {waiting.map((one, index) => (
          <Waiter
            key={one.participant}
            one={one}
            level={level}
            minutes={minutesSince(one.since, now)}
            first={index === firstFree}
            own={current === null || one.consultation === current}
            onAdmit={onAdmit === null ? null : () => onAdmit(one)}
            onMessage={() => setMessage(one)}
            onPass={() => setPassing(one)}
            onDecline={() => setDeclining(one)}
          />
        ))}
      </ol>
      {waiting.length > 1 && (
        <button type="button" class="button small" onClick={() => setMessage('all')}>
          {t.strip.messageAll}
        </button>
      )}
      {message !== null && (
        <MessageDialog
          desk={desk}
          to={message === 'all' ? null : { ...message, name: waiterName(message, t, format) }}
          onClose={() => setMessage(null)}
        />
      )}
      {passing !== null && (
        <PassDialog
          desk={desk}
          consultation={passing.consultation}
          name={waiterName(passing, t, format)}
          onClose={() => setPassing(null)}
          onPassed={done => {
            setPassing(null);
            setPassed(done);
          }}
        />
      )}
      {declining !== null && (
        <Question
          heading={t.desk.notNowQuestion(waiterName(declining, t, format))}
          yes={t.desk.notNow}
          no={t.common.cancel}
          onNo={() => setDeclining(null)}
          onYes={() => {
            void desk.decline(declining.consultation, declining.participant);
            setDeclining(null);
          }}
        >
          <p>{t.desk.notNowMore}</p>
        </Question>
      )}
    </>
  );
}
