import type { ComponentType } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { CallPageProps } from '../call/page';
import type { DocumentsHolder, DocumentsPort } from '../documents/port';
import { documentsWords } from '../i18n/documents';
import { visitWords } from '../i18n/visit';
import { useApp } from '../parts/app';
import type { Chime } from '../parts/chime';
import { Question } from '../parts/dialog';
import { useSnapshot } from '../parts/hooks';
import { Lazy } from '../parts/lazy';
import type { CallPort, LocalPort } from '../parts/ports';
import { EndedScreen } from './ended';
import { Arriving, Elsewhere, WaitingScreen } from './waiting';

const loadWaiting = async () => (await import('../documents/part')).WaitingDocuments;
const loadWhere = async () => (await import('../visit/where')).WhereCard;
const loadPhone = async () => (await import('../visit/where')).PhoneNotice;
const loadAfter = async () => (await import('../documents/after')).AfterDocuments;

interface RoomProps {
  readonly call: CallPort;
  readonly local: LocalPort;
  readonly chime: Chime;
  readonly practitioner: string;
  readonly documents: DocumentsHolder;
  /** The person pressed the browser's back button: grows by one each time. */
  readonly backs: number;
  readonly onComeBack: () => void;
  readonly onEnded: (reason: string) => void;
  /** In the call the page's own frame goes away. */
  readonly onCall: (inCall: boolean) => void;
}

/** From the waiting room to the end, as the call's phases say. */
export function Room({ call, local, chime, practitioner, documents, backs, onComeBack, onEnded, onCall }: RoomProps) {
  const { t, announcer } = useApp();
  const snapshot = useSnapshot(call);
  const CallPage = useCallPage();
  const [leaving, setLeaving] = useState(false);
  const admitted = useRef(false);
  const place = placeOf(snapshot);
  const list = snapshot.documents;
  const kept = list !== null && (list.messages || list.documents.some(one => one.state === 'ready')) ? list : null;
  const who = snapshot.waiting?.practitionerName || snapshot.consultation?.practitioner || practitioner;
  const sending = useSending(place === 'ended' ? documents.current : null);
  const firstName = useRef(who);
  const passed = place === 'waiting' && who !== firstName.current;
  const message = snapshot.waiting?.message ?? null;

  useEffect(() => {
    if (place === 'call' && !admitted.current) {
      admitted.current = true;
      announcer.interrupt(t.waiting.called(who));
      chime.ring(2);
      if (navigator.userActivation?.hasBeenActive !== false) {
        navigator.vibrate?.([200, 100, 200]); // after a reload browsers refuse it, and complain
      }
    }
    if (place === 'call') {
      firstName.current = who; // who passes them on from within the call is not who gets them
    }
    onCall(place === 'call');
  }, [place]);
  useEffect(() => {
    if (backs > 0 && place !== 'ended') {
      setLeaving(true);
    }
  }, [backs]);
  useEffect(() => {
    if (message !== null) {
      announcer.interrupt(`${t.waiting.message(who)}: ${message.text}`);
      chime.ring();
    }
  }, [message?.at, message?.text]);
  useEffect(() => {
    if (passed) {
      admitted.current = false; // a colleague calls them anew
      announcer.interrupt(t.waiting.passed(who));
    }
  }, [who]);
  useEffect(() => {
    if (snapshot.knock) {
      chime.ring();
    }
  }, [snapshot.knock]);
  const reason = snapshot.ended?.reason ?? null;
  useEffect(() => {
    if (reason !== null) {
      if (reason === 'ended') {
        documents.current?.over();
      }
      setLeaving(false);
      admitted.current = false;
      local.stopScreen();
      local.closeCamera();
      local.closeMicrophone();
      onEnded(reason);
    }
  }, [reason]);

  const ask = (): void => setLeaving(true);
  return (
    <>
      {place === 'ended' && (
        <EndedScreen
          reason={reason ?? 'internal'}
          practitioner={who}
          onComeBack={onComeBack}
          sending={sending}
          documents={
            (kept !== null || documents.current !== null) && (
              <Lazy
                load={loadAfter}
                words={[documentsWords]}
                props={{ list: kept, documents: documents.current }}
                quiet
              />
            )
          }
        />
      )}
      {place === 'elsewhere' && <Elsewhere />}
      {place === 'arriving' && <Arriving lost={snapshot.network === 'lost'} />}
      {place === 'waiting' && (
        <WaitingScreen
          snapshot={snapshot}
          local={local}
          practitioner={who}
          sentBack={admitted.current}
          passed={passed}
          onLeave={ask}
          phone={
            snapshot.phone !== null && (
              <Lazy load={loadPhone} words={[visitWords]} props={{ call, practitioner: who }} quiet />
            )
          }
          documents={
            <>
              {snapshot.role === 'patient' && <Lazy load={loadWhere} words={[visitWords]} props={{ call }} quiet />}
              <Lazy load={loadWaiting} words={[documentsWords]} props={{ call, holder: documents }} />
            </>
          }
        />
      )}
      {place === 'call' &&
        (CallPage === null ? (
          <Arriving lost={false} />
        ) : (
          <CallPage call={call} local={local} documents={documents} onLeave={ask} />
        ))}
      {snapshot.knock && (
        <Question
          heading={t.waiting.knock}
          yes={t.waiting.knockYes}
          no={t.waiting.knockNo}
          onNo={() => void call.answerKnock(false)}
          onYes={() => void call.answerKnock(true)}
        >
          <p>{t.waiting.knockMore}</p>
        </Question>
      )}
      {leaving && !snapshot.knock && (
        <Question
          heading={place === 'call' ? t.call.leaveQuestion : t.waiting.leaveQuestion}
          yes={t.call.leaveYes}
          no={t.call.leaveNo}
          danger
          onNo={() => setLeaving(false)}
          onYes={() => {
            setLeaving(false);
            void call.leave();
          }}
        >
          <p>{t.call.leaveMore}</p>
        </Question>
      )}
    </>
  );
}

type Place = 'arriving' | 'elsewhere' | 'waiting' | 'call' | 'ended';

function placeOf(snapshot: CallPort['snapshot']): Place {
  if (snapshot.phase === 'ended') {
    return 'ended';
  }
  if (snapshot.elsewhere) {
    return 'elsewhere';
  }
  if (snapshot.consultation === null) {
    return 'arriving';
  }
  return snapshot.waiting === null && snapshot.phase !== 'waiting' ? 'call' : 'waiting';
}

/** The call's code, fetched while the person waits. */
function useCallPage(): ComponentType<CallPageProps> | null {
  const [loaded, setLoaded] = useState<{ readonly page: ComponentType<CallPageProps> } | null>(null);
  useEffect(() => {
    let stopped = false;
    const load = async (): Promise<void> => {
      while (!stopped) {
        try {
          const { CallPage } = await import('../call/page');
          setLoaded({ page: CallPage });
          return;
        } catch {
          // A network that comes and goes: the person waits anyway.
          await new Promise(resolve => setTimeout(resolve, 2000));
        }
      }
    };
    void load();
    return () => {
      stopped = true;
    };
  }, []);
  return loaded?.page ?? null;
}

/** Whether files are on their way. */
function useSending(documents: DocumentsPort | null): boolean {
  const [sending, setSending] = useState(false);
  useEffect(() => {
    const look = (): void => setSending(documents?.snapshot.sending.some(one => one.state !== 'failed') ?? false);
    look();
    return documents?.subscribe(look);
  }, [documents]);
  return sending;
}
