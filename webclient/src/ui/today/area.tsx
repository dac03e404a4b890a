import { DelayButtons } from '../desk/delay';
import { OpenList } from '../desk/openlist';
import { type Started, StartNow } from '../desk/startnow';
import { Strip } from '../desk/strip';
import { deskWords } from '../i18n/desk';
import { useApp } from '../parts/app';
import { usePart } from '../parts/hooks';
import type { AreaProps } from '../shell/areas';
import { useShell } from '../shell/context';
import { NothingHere } from '../shell/frame';
import { ScreenHeading } from '../shell/heading';

/** Today: who waits, a new link, what is open. */
export function TodayArea({ below, started = null }: AreaProps & { readonly started?: Started | null }) {
  const { desk, admit, enter } = useShell();
  const { t } = useApp(deskWords);
  const connected = usePart(desk, snapshot => snapshot.connected);
  const count = usePart(desk, snapshot => snapshot.waiting.length);
  if (below.length > 0) {
    return <NothingHere />;
  }
  return (
    <>
      <ScreenHeading hidden>{t.desk.title}</ScreenHeading>
      <div class="desk-grid">
        <section class="desk-waiting stack" aria-labelledby="waiting-heading">
          <div class="desk-head">
            <h2 id="waiting-heading" class="large">
              {t.desk.waitingHeading(count)}
            </h2>
            <DelayButtons desk={desk} />
          </div>
          {connected || count > 0 ? (
            <Strip desk={desk} level={3} current={null} onAdmit={admit} />
          ) : (
            <p class="quiet">{t.common.loading}</p>
          )}
        </section>
        <div class="desk-start card">
          <StartNow desk={desk} first={started} />
        </div>
        <div class="desk-open">
          <OpenList desk={desk} onResume={enter} />
        </div>
      </div>
    </>
  );
}
