import { useState } from 'preact/hooks';
import type { DeskWaiting } from '../../session/desk';
import { BellIcon, PersonIcon, SettingsIcon } from '../icons';
import { useApp } from '../parts/app';
import { usePart } from '../parts/hooks';
import type { DeskPort, LocalPort } from '../parts/ports';
import { Notice } from '../parts/screen';
import { SettingsDialog } from '../parts/settings';
import { DelayButtons } from './delay';
import { NameDialog } from './name';
import { OpenList } from './openlist';
import { type Started, StartNow } from './startnow';
import { Strip } from './strip';

export interface DeskPageProps {
  readonly desk: DeskPort;
  readonly local: LocalPort;
  readonly practice: string;
  readonly soundBlocked: boolean;
  /** What happened last, in words; empty for nothing. */
  readonly news: string;
  readonly onSound: () => void;
  readonly onAdmit: (one: DeskWaiting) => void;
  readonly onResume: (consultation: string) => void;
  readonly onSignOut: () => void;
  /** For the gallery. */
  readonly started?: Started | null;
}

/** The practitioner's home: who waits, a new link, what is open. */
export function DeskPage(props: DeskPageProps) {
  const { desk, local, practice, soundBlocked, news, started = null } = props;
  const { t } = useApp();
  const me = usePart(desk, snapshot => snapshot.me);
  const connected = usePart(desk, snapshot => snapshot.connected);
  const problem = usePart(desk, snapshot => snapshot.problem);
  const count = usePart(desk, snapshot => snapshot.waiting.length);
  const [everConnected, setEverConnected] = useState(connected);
  const [naming, setNaming] = useState<'no' | 'asked' | 'later'>('no');
  const [settings, setSettings] = useState(false);
  if (connected && !everConnected) {
    setEverConnected(true);
  }
  const closeSettings = (): void => {
    local.closeCamera();
    local.closeMicrophone();
    setSettings(false);
  };

  return (
    <>
      <header class="desk-bar">
        <p class="practice">{practice}</p>
        <div class="row">
          <button type="button" class="button plain small" onClick={() => setSettings(true)}>
            <SettingsIcon />
            {t.desk.devices}
          </button>
          <button
            type="button"
            class="button plain small"
            aria-label={t.desk.nameChange}
            onClick={() => setNaming('asked')}
          >
            <PersonIcon />
            {me === null || me.name === '' ? t.desk.nameChange : me.name}
          </button>
          <button type="button" class="button plain small" onClick={props.onSignOut}>
            {t.desk.signOut}
          </button>
        </div>
      </header>
      <main id="app" class="desk-main" tabIndex={-1}>
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
                <button type="button" class="button small" onClick={props.onSound}>
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
        <div class="desk-grid">
          <section class="desk-waiting stack" aria-labelledby="waiting-heading">
            <div class="desk-head">
              <h1 id="waiting-heading">{t.desk.waitingHeading(count)}</h1>
              <DelayButtons desk={desk} />
            </div>
            {everConnected ? (
              <Strip desk={desk} level={2} current={null} onAdmit={props.onAdmit} />
            ) : (
              <p class="quiet">{t.common.loading}</p>
            )}
          </section>
          <div class="desk-start card">
            <StartNow desk={desk} first={started} />
          </div>
          <div class="desk-open">
            <OpenList desk={desk} onResume={props.onResume} />
          </div>
        </div>
      </main>
      {settings && <SettingsDialog local={local} onClose={closeSettings} />}
      {/* A fresh account has no name: asked at the first visit, and again at the next if it was put off. */}
      {(naming === 'asked' || (naming === 'no' && me?.name === '')) && (
        <NameDialog desk={desk} current={me?.name ?? ''} onClose={() => setNaming('later')} />
      )}
    </>
  );
}
