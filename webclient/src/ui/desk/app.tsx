import type { ComponentType } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { bellWanted } from '../../session/bell';
import type { DeskSnapshot, DeskWaiting } from '../../session/desk';
import type { CallPageProps } from '../call/page';
import { useIdleLock } from '../entering/idle';
import { deskWords } from '../i18n/desk';
import { enteringWords } from '../i18n/entering';
import { useApp } from '../parts/app';
import type { Chime } from '../parts/chime';
import { useSnapshot } from '../parts/hooks';
import { Lazy } from '../parts/lazy';
import type { CallPort, DeskPort, LocalPort } from '../parts/ports';
import { ToastCorner, type Toasts } from '../parts/toast';
import { ShellContext } from '../shell/context';
import { Frame } from '../shell/frame';
import type { Router } from '../shell/router';
import { type Current, DeskCall } from './call';
import { waiterName } from './names';
import { NextDialog } from './next';
import { Outgoing, useOutgoing } from './outgoing';

export interface DeskAppProps {
  readonly desk: DeskPort;
  readonly local: LocalPort;
  readonly router: Router;
  readonly toasts: Toasts;
  readonly chime: Chime;
  readonly practice: string;
  /** Makes the call of one consultation and joins it. */
  readonly openCall: (consultation: string) => CallPort;
  readonly loadCallPage: () => Promise<ComponentType<CallPageProps>>;
}

const loadLock = async () => (await import('../entering/lock')).LockScreen;
const lockWords = [enteringWords];

/** The practitioner's pages, and over them the call that they are in. The address remembers the call (#c_…), so that a reload goes back to it. */
export function DeskApp({ desk, local, router, toasts, chime, practice, openCall, loadCallPage }: DeskAppProps) {
  const { t, announcer } = useApp(deskWords);
  const snapshot = useSnapshot(desk);
  const [current, setCurrent] = useState<Current | null>(null);
  const [news, setNews] = useState('');
  const [soundOn, setSoundOn] = useState(true);
  // Whom to let in when the call under way is over; asked about, and then decided.
  const [next, setNext] = useState<DeskWaiting | null>(null);
  const following = useRef<DeskWaiting | null>(null);
  const [heading, setHeading] = useState('');
  const page = useLoaded(loadCallPage);
  const outgoing = useOutgoing();

  const enter = (consultation: string): void => {
    setNews('');
    history.pushState(null, '', `#${consultation}`);
    setCurrent({ consultation, call: openCall(consultation) });
  };
  const unlock = async (): Promise<void> => setSoundOn(await chime.unlock());

  useEffect(() => {
    // A first click anywhere is the gesture that browsers want before a page may ring. Not while it is held: the notice that goes would take
    // what is pressed away from under the hand.
    void unlock();
    const once = (): void => void unlock();
    addEventListener('click', once, true);
    addEventListener('keydown', once);
    const remembered = location.hash.slice(1);
    if (remembered.startsWith('c_')) {
      setCurrent({ consultation: remembered, call: openCall(remembered) });
    }
    return () => {
      removeEventListener('click', once, true);
      removeEventListener('keydown', once);
    };
  }, []);
  useEffect(() => {
    if (snapshot.signedOut) {
      const provider = snapshot.me?.provider ?? '';
      const home = provider === '' ? '/' : `/provider/${encodeURIComponent(provider)}/sign-out`;
      location.assign(snapshot.left ? home : location.pathname);
    }
  }, [snapshot.signedOut]);
  useArrivals(snapshot, chime, current !== null, heading);
  useIdleLock(desk, snapshot.me?.lockSeconds ?? 0, snapshot.me?.hasMeans ?? false, current !== null);

  const letIn = (one: DeskWaiting): void => {
    enter(one.consultation);
    void desk.admit(one.consultation, one.participant);
  };
  const admit = (one: DeskWaiting): void => {
    if (current !== null && current.consultation !== one.consultation) {
      setNext(one);
      return;
    }
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
    if (following.current !== null) {
      letIn(following.current);
      following.current = null;
      return;
    }
    document.getElementById('app')?.focus();
  };

  useEffect(() => (current === null ? undefined : router.guard(() => true)), [current]);

  const follow = async (call: CallPort, one: DeskWaiting, over: () => Promise<void>): Promise<void> => {
    setNext(null);
    following.current = one;
    await over();
    if (call.snapshot.phase !== 'ended') {
      following.current = null; // it could not be ended, and says why
    }
  };
  if (current === null && snapshot.locked) {
    return (
      <Lazy
        load={loadLock}
        words={lockWords}
        props={{
          request: (method, path, body) => desk.request(method, path, body),
          name: snapshot.me?.name ?? '',
          onUnlocked: () => void desk.me().catch(() => undefined),
          onSignOut: () => void desk.signOut(),
        }}
      />
    );
  }
  return (
    <ShellContext.Provider
      value={{ desk, local, router, toasts, practice, enter, admit, keepSending: outgoing.add, onHeading: setHeading }}
    >
      {current === null ? (
        <Frame
          soundBlocked={!soundOn && bellWanted.read()}
          news={news}
          outgoing={<Outgoing outgoing={outgoing} />}
          onSound={() => {
            void unlock().then(() => chime.ring());
          }}
        />
      ) : (
        <DeskCall
          key={current.consultation}
          current={current}
          desk={desk}
          local={local}
          page={page}
          onAdmit={admit}
          onOver={back}
          onDocuments={outgoing.add}
          nameOf={id => {
            const consultation = snapshot.consultations.find(one => one.id === current.consultation);
            const person = consultation?.participants.find(one => one.id === id);
            return person === undefined || person.name === '' ? t.common.roles.patient : person.name;
          }}
        />
      )}
      {current !== null && next !== null && (
        <NextDialog
          one={next}
          onStay={() => setNext(null)}
          onLeave={() => void follow(current.call, next, () => current.call.leave())}
          onEnd={() => void follow(current.call, next, () => current.call.end())}
        />
      )}
      <ToastCorner toasts={toasts} />
    </ShellContext.Provider>
  );
}

/** Sound (unless turned off), title and voice at every arrival, at each practitioner's whom a secretary works for; during a call only the counter chip changes. */
function useArrivals(snapshot: DeskSnapshot, bell: Chime, inCall: boolean, heading: string): void {
  const { t, announcer, format } = useApp(deskWords);
  const { arrivals, allWaiting: waiting, lastArrival, lastArrivalFor, me } = snapshot;
  const other = me?.actsFor.length === 1 ? undefined : me?.actsFor.find(({ id }) => id === lastArrivalFor)?.name;
  const heard = useRef(arrivals);
  const newest = waiting.reduce<DeskWaiting | null>(
    (last, one) => (last === null || one.since >= last.since ? one : last),
    null,
  );
  const name = newest === null ? (lastArrival ?? '') : waiterName(newest, t, format);
  useEffect(() => {
    if (!inCall) {
      const page = heading === '' ? t.desk.title : heading;
      document.title = waiting.length === 0 ? page : t.desk.titleWaiting(waiting.length, name, page);
    }
  }, [waiting.length, name, inCall, heading]);
  useEffect(() => {
    if (arrivals > heard.current && !inCall) {
      if (bellWanted.read()) {
        bell.ring(2);
      }
      announcer.interrupt(other === undefined ? t.desk.arrived(name) : t.desk.arrivedFor(name, other));
    }
    heard.current = arrivals;
  }, [arrivals]);
}

function useLoaded(load: () => Promise<ComponentType<CallPageProps>>): ComponentType<CallPageProps> | null {
  const [loaded, setLoaded] = useState<{ readonly page: ComponentType<CallPageProps> } | null>(null);
  useEffect(() => {
    void load().then(page => setLoaded({ page }));
  }, []);
  return loaded?.page ?? null;
}
