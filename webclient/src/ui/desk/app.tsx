import type { ComponentType } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { CallSnapshot } from '../../session/call';
import type { DeskSnapshot, DeskWaiting } from '../../session/desk';
import type { CallPageProps } from '../call/page';
import { useApp } from '../parts/app';
import type { Chime } from '../parts/chime';
import { minutesSince } from '../parts/format';
import { useNow, useSnapshot } from '../parts/hooks';
import type { CallPort, DeskPort, LocalPort } from '../parts/ports';
import { DelayButtons } from './delay';
import { EndCallDialog } from './endcall';
import { waiterName } from './names';
import { DeskPage } from './page';
import { Strip } from './strip';

export interface DeskAppProps {
  readonly desk: DeskPort;
  readonly local: LocalPort;
  readonly chime: Chime;
  readonly practice: string;
  /** Makes the call of one consultation and joins it. */
  readonly openCall: (consultation: string) => CallPort;
  readonly loadCallPage: () => Promise<ComponentType<CallPageProps>>;
}

interface Current {
  readonly consultation: string;
  readonly call: CallPort;
}

/** The desk, and over it the call that the practitioner is in. The address remembers the call (#c_…), so that a reload goes back to it. */
export function DeskApp({ desk, local, chime, practice, openCall, loadCallPage }: DeskAppProps) {
  const { t, announcer } = useApp();
  const snapshot = useSnapshot(desk);
  const [current, setCurrent] = useState<Current | null>(null);
  const [news, setNews] = useState('');
  const [soundOn, setSoundOn] = useState(true);
  const page = useLoaded(loadCallPage);

  const enter = (consultation: string): void => {
    setNews('');
    history.pushState(null, '', `#${consultation}`);
    setCurrent({ consultation, call: openCall(consultation) });
  };
  const unlock = async (): Promise<void> => setSoundOn(await chime.unlock());

  useEffect(() => {
    // A first click anywhere is the gesture that browsers want before a page may ring.
    void unlock();
    const once = (): void => void unlock();
    addEventListener('pointerdown', once);
    addEventListener('keydown', once);
    const remembered = location.hash.slice(1);
    if (remembered.startsWith('c_')) {
      setCurrent({ consultation: remembered, call: openCall(remembered) });
    }
    return () => {
      removeEventListener('pointerdown', once);
      removeEventListener('keydown', once);
    };
  }, []);
  useEffect(() => {
    if (snapshot.signedOut) {
      location.assign('/desk');
    }
  }, [snapshot.signedOut]);
  useArrivals(snapshot, chime, current !== null);

  const admit = (one: DeskWaiting): void => {
    if (current === null) {
      enter(one.consultation);
    }
    void desk.admit(one.consultation, one.participant);
  };
  const back = (words: string): void => {
    local.stopScreen();
    local.closeCamera();
    local.closeMicrophone();
    history.replaceState(null, '', location.pathname + location.search);
    setCurrent(null);
    setNews(words);
    announcer.say(words);
    document.getElementById('app')?.focus();
  };

  if (current !== null) {
    return (
      <DeskCall
        current={current}
        desk={desk}
        local={local}
        page={page}
        onAdmit={admit}
        onOver={back}
        nameOf={id => {
          const consultation = snapshot.consultations.find(one => one.id === current.consultation);
          const person = consultation?.participants.find(one => one.id === id);
          return person === undefined || person.name === '' ? t.common.roles.patient : person.name;
        }}
      />
    );
  }
  return (
    <DeskPage
      desk={desk}
      local={local}
      practice={practice}
      soundBlocked={!soundOn}
      news={news}
      onSound={() => {
        void unlock().then(() => chime.ring());
      }}
      onAdmit={admit}
      onResume={enter}
      onSignOut={() => {
        void desk.signOut().then(() => location.assign('/'));
      }}
    />
  );
}

/** Sound, title and voice at every arrival; during a call only the counter chip changes. */
function useArrivals(snapshot: DeskSnapshot, bell: Chime, inCall: boolean): void {
  const { t, announcer, format } = useApp();
  const { arrivals, waiting, lastArrival } = snapshot;
  const heard = useRef(arrivals);
  const newest = waiting.reduce<DeskWaiting | null>(
    (last, one) => (last === null || one.since >= last.since ? one : last),
    null,
  );
  const name = newest === null ? (lastArrival ?? '') : waiterName(newest, t, format);
  useEffect(() => {
    if (!inCall) {
      document.title = waiting.length === 0 ? t.desk.title : t.desk.titleWaiting(waiting.length, name);
    }
  }, [waiting.length, name, inCall]);
  useEffect(() => {
    if (arrivals > heard.current && !inCall) {
      bell.ring(2);
      announcer.interrupt(t.desk.arrived(name));
    }
    heard.current = arrivals;
  }, [arrivals]);
}

interface DeskCallProps {
  readonly current: Current;
  readonly desk: DeskPort;
  readonly local: LocalPort;
  readonly page: ComponentType<CallPageProps> | null;
  readonly onAdmit: (one: DeskWaiting) => void;
  /** The call is over here, for this reason in words. */
  readonly onOver: (news: string) => void;
  readonly nameOf: (participant: string) => string;
}

function DeskCall({ current, desk, local, page: CallPage, onAdmit, onOver, nameOf }: DeskCallProps) {
  const { t } = useApp();
  const call = useSnapshot(current.call);
  const { waiting } = useSnapshot(desk);
  const now = useNow(10_000);
  const [ending, setEnding] = useState(false);
  const told = useRef<string | null>(null);

  const over = call.phase === 'ended' ? endWords(call, t) : null;
  useEffect(() => {
    if (over !== null) {
      current.call.close();
      onOver(told.current ?? over);
    }
  }, [over]);
  useEffect(() => {
    // The browser's back button asks what is meant, like the End button.
    const asked = (): void => {
      history.pushState(null, '', `#${current.consultation}`);
      setEnding(true);
    };
    const closing = (): void => current.call.close();
    addEventListener('popstate', asked);
    addEventListener('pagehide', closing);
    return () => {
      removeEventListener('popstate', asked);
      removeEventListener('pagehide', closing);
    };
  }, [current]);

  if (CallPage === null) {
    return (
      <main id="app" class="desk-main" tabIndex={-1}>
        <p>{t.common.loading}</p>
      </main>
    );
  }
  const others = waiting.filter(one => one.role !== 'practitioner');
  const longest = others.reduce((most, one) => Math.max(most, minutesSince(one.since, now)), 0);
  return (
    <main id="app">
      <CallPage
        call={current.call}
        local={local}
        onLeave={() => setEnding(true)}
        tools={{
          waiting: { count: others.length, longest },
          strip: (
            <div class="stack">
              <Strip desk={desk} level={3} current={current.consultation} onAdmit={onAdmit} />
              <DelayButtons desk={desk} />
            </div>
          ),
          invite: async (role, name) => (await desk.invite(current.consultation, role, name)).link,
          sendBack: participant => {
            const alone = call.participants.filter(one => !one.self).length < 2;
            const name = nameOf(participant);
            void desk.sendBack(current.consultation, participant).then(() => {
              // Nobody else is left to talk to: back to the desk, the consultation stays open.
              if (alone && desk.snapshot.problem === null) {
                told.current = t.desk.sentBack(name);
                void current.call.leave();
              }
            });
          },
        }}
      />
      {ending && (
        <EndCallDialog
          onStay={() => setEnding(false)}
          onEnd={() => {
            setEnding(false);
            void current.call.end();
          }}
          onStepOut={() => {
            setEnding(false);
            void current.call.leave();
          }}
        />
      )}
    </main>
  );
}

function endWords(call: CallSnapshot, t: ReturnType<typeof useApp>['t']): string {
  switch (call.ended?.reason) {
    case 'ended':
    case 'left':
    case 'replaced':
    case 'stopped':
    case 'declined':
      return t.desk.callEnded[call.ended.reason];
    case 'not-found':
    case 'conflict':
      return t.desk.callEnded.ended;
    case 'media':
      return t.problems.media;
    default:
      return t.problems.full;
  }
}

function useLoaded(load: () => Promise<ComponentType<CallPageProps>>): ComponentType<CallPageProps> | null {
  const [loaded, setLoaded] = useState<{ readonly page: ComponentType<CallPageProps> } | null>(null);
  useEffect(() => {
    void load().then(page => setLoaded({ page }));
  }, []);
  return loaded?.page ?? null;
}
