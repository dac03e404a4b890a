import { waiterName } from '../desk/names';
import { deskWords } from '../i18n/desk';
import { shellWords } from '../i18n/shell';
import { WarningIcon } from '../icons';
import { useApp } from '../parts/app';
import { minutesSince } from '../parts/format';
import { useMedia, useNow, usePart } from '../parts/hooks';
import { useMay, useShell } from './context';

/** How many people are named; the others are counted. */
const room = { wide: 3, narrow: 1 };

/** Who waits, on every screen that is not today's: in order of arrival, each with a way in. */
export function WaitingBar() {
  const { desk, admit } = useShell();
  const { t, format } = useApp(deskWords);
  const { t: shell } = useApp(shellWords);
  const waiting = usePart(desk, snapshot => snapshot.allWaiting);
  const mayCall = useMay('call');
  const now = useNow(5000);
  const narrow = useMedia('(max-width: 44rem)');
  if (waiting.length === 0) {
    return null;
  }
  const named = narrow ? room.narrow : room.wide;
  const others = waiting.length - named;
  return (
    <section class="waiting-bar" aria-label={shell.shell.waiting}>
      <a class="count" href="/desk">
        {t.desk.waitingHeading(waiting.length)}
      </a>
      <ol>
        {waiting.slice(0, named).map(one => {
          const name = waiterName(one, t, format);
          const minutes = minutesSince(one.since, now);
          return (
            <li key={one.participant}>
              <p>
                <b>
                  <bdi>{name}</bdi>
                </b>{' '}
                <span class="quiet">{minutes < 1 ? t.desk.waitsNow : t.desk.lateMinutes(minutes)}</span>
                {one.presence !== 'here' && (
                  <span class="trouble">
                    <WarningIcon />
                    {t.desk.presence[one.presence]}
                  </span>
                )}
              </p>
              {mayCall && (
                <button
                  type="button"
                  class="button small"
                  aria-label={t.desk.admitLabel(name)}
                  onClick={() => admit(one)}
                >
                  {t.desk.admit}
                </button>
              )}
            </li>
          );
        })}
      </ol>
      {others > 0 && <a href="/desk">{shell.shell.others(others)}</a>}
    </section>
  );
}
