import { useEffect, useState } from 'preact/hooks';
import type { Agenda, Appointment } from '../../session/agenda';
import { agendaWords } from '../i18n/agenda';
import { useApp } from '../parts/app';
import { usePart } from '../parts/hooks';
import { useShell } from '../shell/context';
import { whenOf } from './say';

const MOST = 5; // that are shown at once: the next come when these have been dealt with

interface DeclinedProps {
  readonly agenda: Agenda;
  readonly mayChange: boolean;
}

/** Coming appointments that patients have declined in their calendar programs: a mail proves nothing, so somebody says what becomes of them. */
export function DeclinedWarning({ agenda, mayChange }: DeclinedProps) {
  const { toasts } = useShell();
  const { t, format } = useApp(agendaWords);
  const changed = usePart(agenda, snapshot => snapshot.changed); // of days, too, that are not shown
  const [declined, setDeclined] = useState<readonly Appointment[]>([]);
  const [working, setWorking] = useState(false);
  useEffect(() => {
    if (changed < 0) {
      return;
    }
    let gone = false;
    agenda.declined().then(
      all => !gone && setDeclined(all),
      () => undefined, // it is asked again with the next page
    );
    return () => {
      gone = true;
    };
  }, [changed, working]);
  const settle = async (what: () => Promise<unknown>, said: string): Promise<void> => {
    setWorking(true);
    try {
      await what();
      toasts.say(said);
    } catch {
      toasts.warn(t.common.failed);
    }
    setWorking(false);
  };
  if (declined.length === 0) {
    return null;
  }
  return (
    <div class="notice">
      <p>
        <b>{t.agenda.declined.some(declined.length)}</b> {t.agenda.declined.more}
      </p>
      <ul class="agenda-drift">
        {declined.slice(0, MOST).map(({ id, name, start, timeZone, phone }) => (
          <li key={id} class="row">
            <span>
              {[name, whenOf(start, timeZone, format)].join(' · ')}{' '}
              {phone !== '' && (
                <a class="dial" href={`tel:${phone}`} dir="ltr">
                  {format.phone(phone)}
                </a>
              )}
            </span>
            {mayChange && (
              <>
                <button
                  type="button"
                  class="button small"
                  aria-label={`${t.agenda.declined.cancel} : ${name}`}
                  disabled={working}
                  onClick={() =>
                    void settle(() => agenda.cancel(id, t.agenda.declined.reason, true), t.agenda.cancelled(name))
                  }
                >
                  {t.agenda.declined.cancel}
                </button>
                <button
                  type="button"
                  class="button small"
                  aria-label={`${t.agenda.keep} : ${name}`}
                  disabled={working}
                  onClick={() => void settle(() => agenda.keep(id), t.agenda.declined.kept(name))}
                >
                  {t.agenda.keep}
                </button>
              </>
            )}
          </li>
        ))}
      </ul>
    </div>
  );
}
