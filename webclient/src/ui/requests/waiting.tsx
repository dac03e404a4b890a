import { useEffect, useState } from 'preact/hooks';
import type { ServiceName, Waiting } from '../../session/requests';
import { textIn } from '../../session/texts';
import { requestsWords } from '../i18n/requests';
import { WaitIcon } from '../icons';
import { useApp } from '../parts/app';
import { Question } from '../parts/dialog';
import { EmptyState } from '../parts/empty';
import { useKeptFocus, useNow, usePart } from '../parts/hooks';
import { Unread } from '../parts/kept';
import { useMay, useShell } from '../shell/context';
import { AskerName, Reach } from './asker';
import { halfDaysSaid } from './halfdays';
import { LIVE, useList, useRequests } from './use';
import { WaitDialog } from './wait';

/** Who waits for a time to become free, and what they were offered. */
export function WaitList() {
  const { toasts } = useShell();
  const { t } = useApp(requestsWords);
  const requests = useRequests();
  const mayChange = useMay('appointments:write');
  const { known: list, failed, again, attempt } = useList(() => requests.waitList(), LIVE);
  const place = useKeptFocus<HTMLUListElement>(list);
  const [removing, setRemoving] = useState<Waiting | null>(null);
  const [adding, setAdding] = useState(false);
  const [services, setServices] = useState<readonly ServiceName[] | null>(null);
  useEffect(() => {
    requests.services().then(setServices, () => undefined);
  }, []);
  const remove = async (one: Waiting): Promise<void> => {
    setRemoving(null);
    if (await attempt(() => requests.stopWaiting(one.id))) {
      toasts.say(t.requests.waiting.removed(one.person.name));
    }
  };
  if (list === null) {
    return <Unread failed={failed} again={again} />;
  }
  return (
    <div class="stack">
      {failed && <p class="notice">{t.requests.failed}</p>}
      {mayChange && (
        <div class="row">
          <button type="button" class="button primary" onClick={() => setAdding(true)}>
            {t.requests.waiting.add}
          </button>
        </div>
      )}
      {list.length === 0 && (
        <EmptyState icon={WaitIcon} heading={t.requests.waiting.none}>
          <p>{t.requests.waiting.noneMore}</p>
        </EmptyState>
      )}
      <ul ref={place} class="plain-list stack" tabIndex={-1}>
        {list.map(one => (
          <li key={one.id} class="card stack request">
            <WaitingCard one={one} />
            <div class="row">
              <Reach person={one.person} />
              {mayChange && (
                <button type="button" class="button" onClick={() => setRemoving(one)}>
                  {t.requests.waiting.remove}
                </button>
              )}
            </div>
          </li>
        ))}
      </ul>
      {adding && (
        <WaitDialog
          requests={requests}
          services={services}
          onClose={() => setAdding(false)}
          onAdded={name => {
            setAdding(false);
            toasts.say(t.requests.waiting.added(name));
            void again();
          }}
        />
      )}
      {removing !== null && (
        <Question
          heading={t.requests.waiting.removeHeading(removing.person.name)}
          yes={t.requests.waiting.remove}
          no={t.common.cancel}
          onYes={() => void remove(removing)}
          onNo={() => setRemoving(null)}
        >
          <p>{t.requests.waiting.removeMore}</p>
        </Question>
      )}
    </div>
  );
}

function WaitingCard({ one }: { readonly one: Waiting }) {
  const { t, format, language } = useApp(requestsWords);
  const now = useNow(60_000);
  const { waiting, anybody } = t.requests;
  const { desk } = useShell();
  const actsFor = usePart(desk, snapshot => snapshot.me?.actsFor ?? []);
  const who =
    one.practitioner === ''
      ? anybody
      : actsFor.length > 1
        ? (actsFor.find(({ id }) => id === one.practitioner)?.name ?? '')
        : '';
  const last = new Date(Date.parse(one.to) - 1).toISOString(); // the end of a day is the beginning of the next
  return (
    <>
      <div>
        <AskerName person={one.person} />
        <p>{[textIn(one.label, language), who].filter(text => text !== '').join(' · ')}</p>
        <p>{waiting.between(format.day(one.from), format.day(last))}</p>
        {one.halfDays.length > 0 && <p>{halfDaysSaid(one.halfDays, language, t)}</p>}
        <p class="quiet">{waiting.since(format.date(one.createdAt))}</p>
      </div>
      {one.offers.length === 0 ? (
        <p class="quiet">{waiting.noOffer}</p>
      ) : (
        <ul class="bullets">
          {one.offers.map(({ start, until, told }) => (
            <li key={`${start}${until}`}>
              {Date.parse(until) > now
                ? waiting.offered(format.moment(start), format.moment(until))
                : waiting.offeredOver(format.moment(start))}
              {!told && Date.parse(until) > now && <b> {waiting.mustCall}</b>}
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
