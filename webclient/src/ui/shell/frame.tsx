import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { NameDialog } from '../desk/name';
import { deskWords } from '../i18n/desk';
import { shellWords } from '../i18n/shell';
import { BellIcon, DoorIcon, PersonIcon } from '../icons';
import { useApp } from '../parts/app';
import { EmptyState } from '../parts/empty';
import { usePart } from '../parts/hooks';
import { Lazy } from '../parts/lazy';
import { Notice } from '../parts/screen';
import { allowed, areaOf, areas, type DeskArea } from './areas';
import { useRoute, useShell } from './context';
import { ScreenHeading } from './heading';
import { below } from './router';
import { WaitingBar } from './waitingbar';

interface FrameProps {
  readonly soundBlocked: boolean;
  /** What happened last, in words; empty for nothing. */
  readonly news: string;
  readonly onSound: () => void;
  /** What a call that is over is still sending. */
  readonly outgoing?: ComponentChildren;
}

/** What stands around every screen of the practitioner: navigation, notices, who waits. */
export function Frame({ soundBlocked, news, onSound, outgoing }: FrameProps) {
  const { desk, practice } = useShell();
  const { t } = useApp(deskWords);
  const { path, query } = useRoute();
  const me = usePart(desk, snapshot => snapshot.me);
  const [naming, setNaming] = useState<'no' | 'later'>('no');
  const shown = me === null ? [] : areas.filter(area => allowed(area.scopes, me.scopes));
  const area = areaOf(path, shown);
  return (
    <>
      <header class="desk-bar">
        <p class="practice">{practice}</p>
        <Navigation areas={shown.filter(one => one.under === undefined)} current={area?.under ?? area?.id ?? ''} />
        <a class="account" href="/desk/settings">
          <PersonIcon />
          <span>{me === null || me.name === '' ? t.desk.nameChange : me.name}</span>
        </a>
      </header>
      {area?.id !== 'today' && <WaitingBar />}
      <main id="app" class="desk-main" tabIndex={-1}>
        <Notices soundBlocked={soundBlocked} news={news} onSound={onSound} />
        {outgoing}
        {me === null ? (
          <p class="soon quiet">{t.common.loading}</p>
        ) : area === null ? (
          <NothingHere />
        ) : (
          <Lazy key={area.id} load={area.load} words={area.words} props={{ below: below(path, area.path), query }} />
        )}
      </main>
      {/* A fresh account has no name: asked at the first visit, and again at the next if it was put off. */}
      {naming === 'no' && me?.name === '' && <NameDialog desk={desk} current="" onClose={() => setNaming('later')} />}
    </>
  );
}

function Navigation({
  areas: shown,
  current,
}: {
  readonly areas: readonly DeskArea[];
  /** Id of an area. */
  readonly current: string;
}) {
  const { t } = useApp(shellWords);
  return (
    <nav class="desk-nav" aria-label={t.shell.navigation}>
      <ul>
        {shown.map(area => (
          <li key={area.id}>
            <a href={area.path} aria-current={area.id === current ? 'page' : undefined}>
              <area.icon />
              <span class="area-name">{area.name(t)}</span>
              {area.Badge !== undefined && <area.Badge />}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}

function Notices({ soundBlocked, news, onSound }: Omit<FrameProps, 'outgoing'>) {
  const { desk } = useShell();
  const { t } = useApp(deskWords);
  const connected = usePart(desk, snapshot => snapshot.connected);
  const problem = usePart(desk, snapshot => snapshot.problem);
  const [everConnected, setEverConnected] = useState(connected);
  if (connected && !everConnected) {
    setEverConnected(true);
  }
  return (
    <div class="notices">
      {!connected && everConnected && (
        <Notice kind="bad">
          <p role="alert">{t.desk.connectionLost}</p>
        </Notice>
      )}
      {problem !== null && (
        <Notice kind="bad">
          <p role="alert">{t.desk.failed}</p>
        </Notice>
      )}
      {soundBlocked && (
        <Notice>
          <div class="row">
            <BellIcon />
            <p>{t.desk.soundBlocked}</p>
            <button type="button" class="button small" onClick={onSound}>
              {t.desk.soundOn}
            </button>
          </div>
        </Notice>
      )}
      {news !== '' && (
        <Notice kind="good">
          <p>{news}</p>
        </Notice>
      )}
    </div>
  );
}

/** An address that leads nowhere, or to what this account may not see: the same words for both. */
export function NothingHere() {
  const { t } = useApp(shellWords);
  return (
    <>
      <ScreenHeading>{t.shell.nothingHere}</ScreenHeading>
      <EmptyState icon={DoorIcon} heading={t.shell.nothingHereMore} />
    </>
  );
}
