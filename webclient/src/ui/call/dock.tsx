import type { ComponentChildren, JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { CallSnapshot } from '../../session/call';
import {
  CameraIcon,
  CameraOffIcon,
  DocumentIcon,
  FloatingIcon,
  HangUpIcon,
  InviteIcon,
  MessageIcon,
  MicrophoneIcon,
  MicrophoneOffIcon,
  MoreIcon,
  RecordIcon,
  ScreenIcon,
  SettingsIcon,
  WaitIcon,
} from '../icons';
import { useApp } from '../parts/app';
import { Dialog } from '../parts/dialog';
import { usePart } from '../parts/hooks';
import type { LocalPort } from '../parts/ports';

export interface DockProps {
  readonly snapshot: CallSnapshot;
  readonly local: LocalPort;
  readonly onChat: () => void;
  readonly onLeave: () => void;
  readonly onSettings: () => void;
  /** There is not room for all of a practitioner's buttons. */
  readonly narrow: boolean;
  /** What only a practitioner can do; null for everybody else. */
  readonly extra: DockExtra | null;
}

export interface DockExtra {
  readonly floating: 'possible' | 'floating' | 'impossible';
  readonly onFloating: () => void;
  /** Opens what stands beside the pictures; null when that is the messages only. */
  readonly onColumn: (() => void) | null;
  readonly onInvite: () => void;
  /** Absent where documents cannot be sent. */
  readonly onDocuments?: (() => void) | undefined;
  /** Null when nobody can be sent back. */
  readonly onSendBack: (() => void) | null;
}

/** The large worded buttons at the bottom. Patients have exactly four; on a phone a practitioner's others are behind "More". */
export function Dock({ snapshot, local, narrow, onChat, onLeave, onSettings, extra }: DockProps) {
  const { t } = useApp();
  const [more, setMore] = useState(false);
  const chat = <ChatButton unread={snapshot.unread} onClick={onChat} />;
  if (extra === null) {
    return (
      <nav class="dock four" aria-label={t.call.dock}>
        <MicrophoneButton local={local} />
        <CameraButton local={local} />
        {chat}
        <LeaveButton word={t.call.leave} onClick={onLeave} />
      </nav>
    );
  }
  const others = <Extras local={local} extra={extra} onDone={() => setMore(false)} />;
  return (
    <nav class={narrow ? 'dock five' : 'dock'} aria-label={t.call.dock}>
      <MicrophoneButton local={local} />
      <CameraButton local={local} />
      {chat}
      {narrow ? (
        <DockButton icon={<MoreIcon />} word={t.call.more} onClick={() => setMore(true)} popup />
      ) : (
        <>
          {others}
          <DockButton icon={<SettingsIcon />} word={t.call.settings} onClick={onSettings} popup />
        </>
      )}
      <LeaveButton word={t.call.end} onClick={onLeave} />
      {more && (
        <Dialog heading={t.call.more} onClose={() => setMore(false)}>
          <div class="more-list">
            {others}
            <DockButton
              icon={<SettingsIcon />}
              word={t.call.settings}
              onClick={() => {
                setMore(false);
                onSettings();
              }}
            />
          </div>
          <button type="button" class="button" onClick={() => setMore(false)}>
            {t.common.close}
          </button>
        </Dialog>
      )}
    </nav>
  );
}

interface ExtrasProps {
  readonly local: LocalPort;
  readonly extra: DockExtra;
  readonly onDone: () => void;
}

function Extras({ local, extra, onDone }: ExtrasProps) {
  const { t } = useApp();
  const screen = usePart(local, snapshot => snapshot.screen);
  const canShare = usePart(local, snapshot => snapshot.canShareScreen);
  const then = (act: () => void) => () => {
    onDone();
    act();
  };
  return (
    <>
      {canShare && (
        <DockButton
          icon={<ScreenIcon />}
          word={screen === 'on' ? t.call.stopScreen : t.call.screen}
          on={screen === 'on'}
          onClick={then(() => (screen === 'on' ? local.stopScreen() : void local.shareScreen()))}
        />
      )}
      {extra.floating !== 'impossible' && (
        <DockButton
          icon={<FloatingIcon />}
          word={extra.floating === 'floating' ? t.call.floatingBack : t.call.floating}
          on={extra.floating === 'floating'}
          onClick={then(extra.onFloating)}
        />
      )}
      {extra.onDocuments !== undefined && (
        <DockButton icon={<DocumentIcon />} word={t.call.documents} onClick={then(extra.onDocuments)} popup />
      )}
      {extra.onColumn !== null && (
        <DockButton icon={<RecordIcon />} word={t.call.columnShort} onClick={then(extra.onColumn)} />
      )}
      <DockButton icon={<InviteIcon />} word={t.call.invite} onClick={then(extra.onInvite)} popup />
      {extra.onSendBack !== null && (
        <DockButton icon={<WaitIcon />} word={t.call.sendBack} onClick={then(extra.onSendBack)} popup />
      )}
    </>
  );
}

interface DockButtonProps {
  readonly icon: JSX.Element;
  readonly word: string;
  readonly onClick: () => void;
  /** How it stands, in a word under its own. Screen readers have it from `pressed`. */
  readonly state?: string;
  readonly pressed?: boolean;
  readonly off?: boolean;
  readonly on?: boolean;
  readonly popup?: boolean;
  readonly danger?: boolean;
  readonly children?: ComponentChildren;
}

function DockButton({ icon, word, onClick, state, pressed, off, on, popup, danger, children }: DockButtonProps) {
  const classes = [off ? 'off' : '', on ? 'on' : '', danger ? 'leave' : ''].filter(Boolean).join(' ');
  return (
    <button
      type="button"
      class={classes}
      aria-pressed={pressed}
      aria-haspopup={popup ? 'dialog' : undefined}
      onClick={onClick}
    >
      {icon}
      <span class="word">{word}</span>
      {state !== undefined && (
        <span class="now" aria-hidden="true">
          {state}
        </span>
      )}
      {children}
    </button>
  );
}

function MicrophoneButton({ local }: { readonly local: LocalPort }) {
  const { t, announcer } = useApp();
  const state = usePart(local, snapshot => snapshot.microphone);
  const on = state === 'on';
  const words = t.call.microphoneState;
  return (
    <DockButton
      icon={on ? <MicrophoneIcon /> : <MicrophoneOffIcon />}
      word={t.call.microphone}
      state={on ? words.on : state === 'off' ? words.muted : words.none}
      pressed={on}
      off={!on}
      onClick={() => {
        if (state === 'missing' || state === 'refused') {
          void local.openMicrophone();
          return;
        }
        local.setMicrophone(!on);
        announcer.say(on ? t.call.microphoneOff : t.call.microphoneOn);
      }}
    />
  );
}

function CameraButton({ local }: { readonly local: LocalPort }) {
  const { t, announcer } = useApp();
  const state = usePart(local, snapshot => snapshot.camera);
  const on = state === 'on';
  const words = t.call.cameraState;
  return (
    <DockButton
      icon={on ? <CameraIcon /> : <CameraOffIcon />}
      word={t.call.camera}
      state={on ? words.on : state === 'off' ? words.muted : words.none}
      pressed={on}
      off={!on}
      onClick={() => {
        if (state === 'missing' || state === 'refused') {
          void local.openCamera();
          return;
        }
        local.setCamera(!on);
        announcer.say(on ? t.call.cameraOff : t.call.cameraOn);
      }}
    />
  );
}

function ChatButton({ unread, onClick }: { readonly unread: number; readonly onClick: () => void }) {
  const { t } = useApp();
  return (
    <DockButton icon={<MessageIcon />} word={t.call.message} onClick={onClick} on={unread > 0}>
      {unread > 0 && (
        <span class="now">
          <span aria-hidden="true">{t.call.unreadShort(unread)}</span>
          <span class="hidden-text">{t.call.messageUnread(unread)}</span>
        </span>
      )}
    </DockButton>
  );
}

function LeaveButton({ word, onClick }: { readonly word: string; readonly onClick: () => void }) {
  return <DockButton icon={<HangUpIcon />} word={word} onClick={onClick} danger popup />;
}
