import '../styles/call.css';
import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { CallSnapshot, ChatLine } from '../../session/call';
import type { Invitation } from '../../session/desk';
import type { DocumentsHolder } from '../documents/port';
import { documentsWords } from '../i18n/documents';
import { visitWords } from '../i18n/visit';
import { MessageIcon, SoundOffIcon, WaitIcon } from '../icons';
import { useApp } from '../parts/app';
import { useMedia, useNow, usePart, useSnapshot, useTitle, useWakeLock } from '../parts/hooks';
import { Lazy } from '../parts/lazy';
import type { CallPort, LocalPort } from '../parts/ports';
import { SettingsDialog } from '../parts/settings';
import { Banner } from './banner';
import { Column } from './column';
import { Dock } from './dock';
import { useFloating } from './floating';
import { HelpDialog } from './help';
import { InviteDialog } from './invite';
import { useKeptView } from './keptview';
import { Panel } from './panel';
import { nameOf, otherSideOf, stagedOf } from './people';
import { SendBackDialog } from './sendback';
import { Sounds } from './sounds';
import { Stage } from './stage';
import { type CallTab, callStrip, callTabs, tabsFor } from './tabs';

const loadPhone = async () => (await import('../visit/where')).PhoneNotice;
const loadLineOfIdentity = async () => (await import('../visit/strip')).IdentityLine;
const loadLine = async () => (await import('../documents/part')).DocumentsLine;

export interface CallPageProps {
  readonly call: CallPort;
  readonly local: LocalPort;
  /** Leave or End was pressed: whoever shows this page asks first. */
  readonly onLeave: () => void;
  /** Where this page's documents are; absent where none can be sent. */
  readonly documents?: DocumentsHolder;
  /** What the practitioner has besides; absent for everybody else. */
  readonly tools?: PractitionerTools;
  /** For the gallery: what is open at first, and other tabs than the real ones. */
  readonly open?: Open;
  readonly tabs?: readonly CallTab[];
  readonly pinned?: string;
}

export interface PractitionerTools {
  /** Who waits, other than in this call: how many, and for how many minutes the first. */
  readonly waiting: { readonly count: number; readonly longest: number };
  /** The waiting strip itself. */
  readonly strip: ComponentChildren;
  /** What stands on the stage while nobody else is in the call. */
  readonly alone: ComponentChildren;
  invite(who: Invitation): Promise<{ readonly link: string; readonly sent: boolean }>;
  sendBack(participant: string): void;
  /** What this practitioner may do (consult/account's scopes). */
  readonly scopes: readonly string[];
}

export type Open =
  | 'chat'
  | 'documents'
  | `tab:${string}`
  | 'waiting'
  | 'settings'
  | 'help'
  | 'invite'
  | 'send-back'
  | null;

/** The call: pictures, one row of large buttons, and at most one thing open beside them. The same for everybody. */
export function CallPage({
  call,
  local,
  onLeave,
  documents,
  tools,
  open: first,
  tabs: all = callTabs,
  pinned: kept,
}: CallPageProps) {
  const { t, announcer } = useApp();
  const snapshot = useSnapshot(call);
  const narrow = useMedia('(max-width: 55rem)');
  const wide = useMedia('(min-width: 92rem)');
  const tabs = tabsFor(all, tools === undefined ? (snapshot.role ?? 'guest') : 'practitioner', tools?.scopes ?? []);
  const strip = tools === undefined ? null : callStrip;
  const [open, setOpen] = useState<Open>(first ?? null);
  const [view, keep] = useKeptView(snapshot.consultation?.id ?? null, kept ?? null);
  const [generation, setGeneration] = useState(0);
  const who = otherSideOf(snapshot, t);
  const heading = useRef<HTMLHeadingElement>(null);
  const sharing = usePart(local, one => one.screen === 'on');
  const others = snapshot.participants.filter(person => !person.self);
  const main = stagedOf(snapshot).people.find(one => one.tile !== null) ?? null;
  const floating = useFloating(main?.tile ?? null, who);

  useTitle(t.call.title(who));
  useWakeLock(true);
  useEffect(() => heading.current?.focus({ preventScroll: true }), []);
  useVisibility(call, floating.state === 'floating');
  useComings(snapshot);
  useChatVoice(snapshot);

  // A practitioner with room for it has the column open from the start: as soon as it is known what is in it.
  const opened = useRef(first !== undefined);
  useEffect(() => {
    if (!opened.current && tools !== undefined && wide && tabs[0] !== undefined && snapshot.consultation !== null) {
      opened.current = true;
      setOpen(open ?? `tab:${tabs[0].id}`);
    }
  }, [wide, tabs.length, snapshot.consultation === null]);

  const close = (): void => setOpen(null);
  const toggle = (what: Open): void => setOpen(open === what ? null : what);
  const column =
    open === 'chat' || (open === 'documents' && documents !== undefined)
      ? open
      : open?.startsWith('tab:')
        ? open.slice('tab:'.length)
        : null;
  const panel = column !== null || (open === 'waiting' && tools !== undefined);
  const pin = (participant: string | null): void => {
    const person = others.find(one => one.id === (participant ?? view.participant));
    if (person !== undefined) {
      announcer.say(participant === null ? t.call.unpinned(nameOf(person, t)) : t.call.pinned(nameOf(person, t)));
    }
    keep({ participant });
  };
  const covered = panel && narrow;
  return (
    <div class={panel ? 'call with-panel' : 'call'}>
      <header class="bar" inert={covered}>
        <h1 ref={heading} tabIndex={-1}>
          <span class="hidden-text">{t.call.heading('')} </span>
          {who}
        </h1>
        {tools !== undefined && <Duration since={snapshot.consultation?.liveAt ?? null} />}
        {tools !== undefined && snapshot.visit !== null && tabs[0] !== undefined && column === null && (
          <Lazy
            load={loadLineOfIdentity}
            words={[visitWords]}
            props={{ visit: snapshot.visit, onOpen: () => setOpen(`tab:${tabs[0]?.id}`) }}
            quiet
          />
        )}
        {sharing && <p class="sharing">{t.call.yourScreen}</p>}
        <span class="space" />
        {tools === undefined ? (
          <button type="button" class="on-stage" aria-haspopup="dialog" onClick={() => setOpen('help')}>
            <SoundOffIcon />
            {t.call.cantHear}
          </button>
        ) : (
          tools.waiting.count > 0 && (
            <button
              type="button"
              class="on-stage waits"
              aria-expanded={open === 'waiting'}
              onClick={() => toggle('waiting')}
            >
              <WaitIcon />
              {t.call.waitingChip(tools.waiting.count, tools.waiting.longest)}
            </button>
          )
        )}
      </header>
      <div class="middle" inert={covered}>
        <Banner snapshot={snapshot} local={local} />
        <Stage
          call={call}
          snapshot={snapshot}
          local={local}
          view={view}
          onPin={pin}
          onShare={share => keep({ share })}
          alone={tools?.alone}
        />
        {tools === undefined && snapshot.phone !== null && (
          <Lazy
            load={loadPhone}
            words={[visitWords]}
            props={{ call, practitioner: snapshot.consultation?.practitioner ?? '' }}
            quiet
          />
        )}
        {open !== 'chat' && <Peek snapshot={snapshot} onOpen={() => setOpen('chat')} />}
        {documents !== undefined && (
          <Lazy
            load={loadLine}
            words={[documentsWords]}
            props={{ call, holder: documents, open: open === 'documents', onOpen: () => setOpen('documents') }}
            quiet
          />
        )}
        <Sounds key={generation} sounds={snapshot.audio} local={local} />
      </div>
      <div class="bottom" inert={covered}>
        <Dock
          snapshot={snapshot}
          local={local}
          narrow={narrow || (panel && !wide)}
          onChat={() => toggle('chat')}
          onLeave={onLeave}
          onSettings={() => setOpen('settings')}
          extra={
            tools === undefined
              ? null
              : {
                  floating: main === null && floating.state === 'possible' ? 'impossible' : floating.state,
                  onFloating: floating.toggle,
                  onColumn:
                    tabs[0] === undefined
                      ? null
                      : () =>
                          column !== null && column !== 'chat' && column !== 'documents'
                            ? close()
                            : setOpen(`tab:${tabs[0]?.id}`),
                  onInvite: () => setOpen('invite'),
                  onDocuments: documents === undefined ? undefined : () => toggle('documents'),
                  onSendBack: others.length === 0 ? null : () => setOpen('send-back'),
                }
          }
        />
      </div>
      {column !== null && (
        <Column
          call={call}
          snapshot={snapshot}
          documents={documents}
          tabs={tabs}
          strip={strip}
          current={column}
          onChoose={id => setOpen(id === 'chat' || id === 'documents' ? id : `tab:${id}`)}
          onClose={close}
        />
      )}
      {open === 'waiting' && tools !== undefined && (
        <Panel heading={t.call.waitingHeading} onClose={close}>
          <div class="lines">{tools.strip}</div>
        </Panel>
      )}
      {open === 'settings' && <SettingsDialog local={local} onClose={close} />}
      {open === 'help' && (
        <HelpDialog
          onRestart={() => {
            setGeneration(generation + 1);
            call.restartIce();
          }}
          onSettings={() => setOpen('settings')}
          onClose={close}
        />
      )}
      {open === 'invite' && tools !== undefined && <InviteDialog invite={tools.invite} onClose={close} />}
      {open === 'send-back' && tools !== undefined && (
        <SendBackDialog
          people={others.map(person => ({ id: person.id, name: nameOf(person, t) }))}
          onSendBack={participant => {
            close();
            tools.sendBack(participant);
            announcer.say(t.call.sendBackYes);
          }}
          onClose={close}
        />
      )}
    </div>
  );
}

function Duration({ since }: { readonly since: string | null }) {
  const { t, format } = useApp();
  const now = useNow(1000);
  if (since === null) {
    return null;
  }
  return (
    <p class="duration">
      <span class="hidden-text">{t.call.duration} </span>
      {format.clock((now - Date.parse(since)) / 1000)}
    </p>
  );
}

/** No picture is asked for while nobody can see the page, unless one floats above other windows. */
function useVisibility(call: CallPort, floating: boolean): void {
  useEffect(() => {
    const tell = (): void => call.setVisible(document.visibilityState === 'visible' || floating);
    tell();
    document.addEventListener('visibilitychange', tell);
    return () => document.removeEventListener('visibilitychange', tell);
  }, [call, floating]);
}

/** Says who comes and who goes. */
function useComings(snapshot: CallSnapshot): void {
  const { t, announcer } = useApp();
  const known = useRef<ReadonlyMap<string, string> | null>(null);
  useEffect(() => {
    const now = new Map(snapshot.participants.filter(one => !one.self).map(one => [one.id, nameOf(one, t)] as const));
    const before = known.current;
    known.current = now;
    if (before === null) {
      return;
    }
    for (const [id, name] of now) {
      if (!before.has(id)) {
        announcer.say(t.call.joined(name));
      }
    }
    for (const [id, name] of before) {
      if (!now.has(id)) {
        announcer.say(t.call.gone(name));
      }
    }
  }, [snapshot.participants]);
}

/** The newest message of somebody else. */
function lastOf(chat: readonly ChatLine[]): ChatLine | undefined {
  return [...chat].reverse().find(line => !line.mine);
}

/** A new message over the pictures, so that it is read without looking for it. */
function Peek({ snapshot, onOpen }: { readonly snapshot: CallSnapshot; readonly onOpen: () => void }) {
  const { t } = useApp();
  const newest = lastOf(snapshot.chat);
  if (snapshot.unread === 0 || newest === undefined) {
    return null;
  }
  return (
    <button type="button" class="peek" aria-haspopup="dialog" onClick={onOpen}>
      <MessageIcon />
      <span>{t.chat.arrived(newest.name === '' ? t.common.roles.patient : newest.name, newest.text)}</span>
    </button>
  );
}

/** Reads a new message out, whole, whether or not the panel is open. */
function useChatVoice(snapshot: CallSnapshot): void {
  const { t, announcer } = useApp();
  const last = useRef<string | null>(null);
  useEffect(() => {
    const newest = lastOf(snapshot.chat);
    const id = newest?.id ?? '';
    if (last.current !== null && newest !== undefined && id !== last.current) {
      announcer.say(t.chat.arrived(newest.name === '' ? t.common.roles.patient : newest.name, newest.text));
    }
    last.current = id;
  }, [snapshot.chat]);
}
