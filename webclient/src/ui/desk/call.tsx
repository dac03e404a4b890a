import type { ComponentType } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { CallSnapshot } from '../../session/call';
import type { DeskWaiting } from '../../session/desk';
import type { CallPageProps } from '../call/page';
import { type DocumentsPort, newHolder } from '../documents/port';
import type { Catalogue } from '../i18n';
import { deskWords } from '../i18n/desk';
import type { DeskWords } from '../i18n/desk/words';
import { useApp } from '../parts/app';
import { minutesSince } from '../parts/format';
import { useNow, useSnapshot } from '../parts/hooks';
import type { CallPort, DeskPort, LocalPort } from '../parts/ports';
import { Alone } from './alone';
import { DelayButtons } from './delay';
import { EndCallDialog } from './endcall';
import { PassDialog } from './pass';
import { Strip } from './strip';

/** The call that the practitioner is in. */
export interface Current {
  readonly consultation: string;
  readonly call: CallPort;
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
  /** The call's documents, when it is over: some may still be on their way. */
  readonly onDocuments: (documents: DocumentsPort) => void;
}

/** The call of the practitioner: the page that everybody has, with the tools of the desk, and the question what "End" means. */
export function DeskCall({
  current,
  desk,
  local,
  page: CallPage,
  onAdmit,
  onOver,
  nameOf,
  onDocuments,
}: DeskCallProps) {
  const { t } = useApp(deskWords);
  const call = useSnapshot(current.call);
  const { waiting, me } = useSnapshot(desk);
  const now = useNow(10_000);
  const [ending, setEnding] = useState<'no' | 'asked' | 'pass'>('no');
  const documents = useRef(newHolder(null));
  useEffect(
    () => () => {
      if (documents.current.current !== null) {
        onDocuments(documents.current.current);
      }
    },
    [],
  );
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
      setEnding('asked');
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
  const patientName = nameOf(call.participants.find(one => one.role === 'patient')?.id ?? '');
  const others = waiting.filter(one => one.role !== 'practitioner');
  const longest = others.reduce((most, one) => Math.max(most, minutesSince(one.since, now)), 0);
  return (
    <main id="app">
      <CallPage
        call={current.call}
        local={local}
        onLeave={() => setEnding('asked')}
        documents={documents.current}
        tools={{
          scopes: me?.scopes ?? [],
          waiting: { count: others.length, longest },
          strip: (
            <div class="stack">
              <Strip desk={desk} level={3} current={current.consultation} onAdmit={onAdmit} />
              <DelayButtons desk={desk} />
            </div>
          ),
          alone: <Alone desk={desk} consultation={current.consultation} onAdmit={onAdmit} />,
          invite: who => desk.invite(current.consultation, who),
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
      {ending === 'asked' && (
        <EndCallDialog
          onStay={() => setEnding('no')}
          onEnd={() => {
            setEnding('no');
            void current.call.end();
          }}
          onStepOut={() => {
            setEnding('no');
            void current.call.leave();
          }}
          onPass={me?.scopes.includes('call') === true ? () => setEnding('pass') : undefined}
        />
      )}
      {ending === 'pass' && (
        <PassDialog
          desk={desk}
          consultation={current.consultation}
          name={patientName}
          onClose={() => setEnding('no')}
          onPassed={done => {
            // The server says by itself that the call is over here.
            setEnding('no');
            told.current = t.strip.passed(done.name, done.to);
          }}
        />
      )}
    </main>
  );
}

function endWords(call: CallSnapshot, t: Catalogue & DeskWords): string {
  switch (call.ended?.reason) {
    case 'ended':
    case 'left':
    case 'replaced':
    case 'stopped':
    case 'declined':
    case 'passed':
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
