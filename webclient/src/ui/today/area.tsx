import { useEffect, useState } from 'preact/hooks';
import { Day, isDay } from '../../session/day';
import { DeclinedWarning } from '../agenda/declined';
import { DelayButtons } from '../desk/delay';
import { LateList } from '../desk/late';
import { OpenList } from '../desk/openlist';
import { StartNow } from '../desk/startnow';
import { Strip } from '../desk/strip';
import { deskWords } from '../i18n/desk';
import { todayWords } from '../i18n/today';
import { useApp } from '../parts/app';
import { useNow, usePart, useSnapshot } from '../parts/hooks';
import type { AreaProps } from '../shell/areas';
import { useMay, useShell } from '../shell/context';
import { NothingHere } from '../shell/frame';
import { ScreenHeading } from '../shell/heading';
import { useAgreed } from './agreed';
import { DayList } from './daylist';
import { DayTurner } from './dayturner';
import { ForOthers, ownedPath } from './forothers';
import { ComeBackOffer } from './offer';
import { UndeliveredList } from './undelivered';
import { asHeard } from './visit';

/** A day of the practice, /desk or /desk/2026-11-23: who waits, the day's visits, a consultation at once. */
export function TodayArea({ below: [date, ...rest] }: AreaProps) {
  const { desk } = useShell();
  const { format } = useApp();
  const me = usePart(desk, snapshot => snapshot.me);
  const now = useNow(30_000);
  const today = format.dayOf(new Date(now));
  if (rest.length > 0 || (date !== undefined && !isDay(date))) {
    return <NothingHere />;
  }
  if (me !== null && !me.roles.includes('practitioner')) {
    return (
      <ForOthers me={me}>
        {owner => <OneDay key={owner} date={date === today ? undefined : date} today={today} />}
      </ForOthers>
    );
  }
  return <OneDay date={date === today ? undefined : date} today={today} />;
}

/** One day; `date` undefined: today, also after midnight. */
function OneDay({ date, today }: { readonly date: string | undefined; readonly today: string }) {
  const { desk, admit, enter } = useShell();
  const { t, format } = useApp(deskWords);
  const { t: words } = useApp(todayWords);
  const connected = usePart(desk, snapshot => snapshot.connected);
  const waiting = usePart(desk, snapshot => snapshot.waiting.length);
  const mayStart = useMay('consultations:write');
  const mayCall = useMay('call');
  const mayChange = useMay('appointments:write');
  const [day] = useState(
    () => new Day((method, path) => desk.request(method, ownedPath(path, desk.snapshot.actingFor))),
  );
  const { visits, failed } = useSnapshot(day);
  const consultations = usePart(desk, snapshot => snapshot.consultations);
  useEffect(() => void day.show(date ?? ''), [date, today]);
  useRefresh(day, desk, date === undefined);
  const [agreed, agenda] = useAgreed(date ?? today, visits);
  const name = format.day(date ?? today);
  const known = new Set(visits?.map(visit => visit.id));

  return (
    <>
      <ScreenHeading hidden>
        {date === undefined ? words.today.heading : words.today.headingOf(format.day(date))}
      </ScreenHeading>
      <ComeBackOffer />
      {date === undefined && <UndeliveredList />}
      {date === undefined && <DeclinedWarning agenda={agenda} mayChange={mayChange} />}
      <div class="desk-grid">
        <section class="desk-waiting stack" aria-labelledby="waiting-heading">
          <div class="desk-head">
            <h2 id="waiting-heading" class="large">
              {t.desk.waitingHeading(waiting)}
            </h2>
            {mayStart && <DelayButtons desk={desk} />}
          </div>
          {connected || waiting > 0 ? (
            <Strip desk={desk} level={3} current={null} onAdmit={mayCall ? admit : null} />
          ) : (
            <p class="quiet">{t.common.loading}</p>
          )}
          <LateList desk={desk} />
        </section>
        <div class="desk-open stack">
          <section class="stack" aria-labelledby="day-heading">
            <DayTurner date={date ?? today} today={today} />
            {failed && <p class="notice">{words.today.failed}</p>}
            {visits === null ? (
              !failed && <p class="soon quiet">{t.common.loading}</p>
            ) : (
              <DayList
                visits={asHeard(visits, consultations)}
                agreed={agreed}
                agenda={agenda}
                date={date ?? today}
                name={name}
                isToday={date === undefined}
                onChanged={() => void day.refresh()}
              />
            )}
          </section>
          {date === undefined && visits !== null && <OpenList desk={desk} without={known} onResume={enter} />}
        </div>
        {mayStart && (
          <div class="desk-start card">
            <StartNow desk={desk} onStarted={() => void day.refresh()} day={day} />
          </div>
        )}
      </div>
    </>
  );
}

/** Asks for the day again when the desk's websocket says that something happened, and when somebody looks at the page again. */
function useRefresh(day: Day, desk: ReturnType<typeof useShell>['desk'], live: boolean): void {
  const heard = usePart(desk, snapshot => snapshot.heard);
  useEffect(() => {
    if (!live) {
      return;
    }
    const timer = setTimeout(() => void day.refresh(), PAUSE);
    return () => clearTimeout(timer);
  }, [heard, live]);
  useEffect(() => {
    const look = (): void => {
      if (document.visibilityState === 'visible') {
        void day.refresh();
      }
    };
    document.addEventListener('visibilitychange', look);
    return () => document.removeEventListener('visibilitychange', look);
  }, [day]);
}

const PAUSE = 250; // milliseconds: several people who move at once are one question
