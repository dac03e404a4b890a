import type { Outcome, Unsaid } from '../../session/requests';
import { requestsWords } from '../i18n/requests';
import { CheckIcon } from '../icons';
import { useApp } from '../parts/app';
import { EmptyState } from '../parts/empty';
import { useKeptFocus } from '../parts/hooks';
import { Unread } from '../parts/kept';
import { useMay, useShell } from '../shell/context';
import { AskerName } from './asker';
import { useList, useRequests, whenIn } from './use';

/** Appointments that are over, and of which nobody said what became of them; with what it looks like, and a tap for each answer. */
export function UnsaidList() {
  const { toasts } = useShell();
  const { t, format } = useApp(requestsWords);
  const requests = useRequests();
  const maySay = useMay('appointments:write');
  const { known: list, failed, working, again, attempt } = useList(() => requests.unsaid());
  const place = useKeptFocus<HTMLUListElement>(list);
  const say = async (one: Unsaid, outcome: Outcome): Promise<void> => {
    if (await attempt(() => requests.say(one.id, outcome))) {
      toasts.say(t.requests.unsaid.said(one.person.name));
    }
  };
  const { unsaid } = t.requests;
  if (list === null) {
    return <Unread failed={failed} again={again} />;
  }
  if (list.length === 0) {
    return (
      <EmptyState icon={CheckIcon} heading={unsaid.none}>
        <p>{unsaid.noneMore}</p>
      </EmptyState>
    );
  }
  return (
    <>
      <p class="quiet">{unsaid.hint}</p>
      {failed && <p class="notice">{t.requests.failed}</p>}
      <ul ref={place} class="plain-list stack" tabIndex={-1}>
        {list.map(one => (
          <li key={one.id} class="card stack request">
            <div>
              <AskerName person={one.person} />
              <p>
                <b>{whenIn(one.start, one.timeZone, format, t.requests.inZone)}</b>
              </p>
              <p>{[one.label, one.practitionerName].join(' · ')}</p>
              <p class="quiet">{unsaid.proposal[proposed(one)]}</p>
            </div>
            {maySay && (
              <div class="row">
                {answersTo(one).map(outcome => (
                  <button
                    key={outcome}
                    type="button"
                    class={outcome === likely(one) ? 'button primary' : 'button'}
                    disabled={working}
                    onClick={() => void say(one, outcome)}
                  >
                    {unsaid.say[outcome]}
                  </button>
                ))}
              </div>
            )}
          </li>
        ))}
      </ul>
    </>
  );
}

function proposed({
  state,
  proposal,
  absent,
}: Unsaid): 'fulfilled' | 'patient' | 'practitioner' | 'unknown' | 'interrupted' {
  if (state === 'interrupted') {
    return 'interrupted';
  }
  return proposal === 'fulfilled' ? 'fulfilled' : proposal === 'noshow' && absent !== '' ? absent : 'unknown';
}

/** The answer that it looks like; null when nobody knows. */
function likely(one: Unsaid): Outcome | null {
  const what = proposed(one);
  return what === 'unknown' || what === 'interrupted' ? null : what;
}

/** What can be said of it, as the book's rules have it. */
function answersTo({ state }: Unsaid): readonly Outcome[] {
  switch (state) {
    case 'interrupted':
      return ['fulfilled', 'phone', 'rebook'];
    case 'in-visit':
      return ['fulfilled'];
    default:
      return ['fulfilled', 'patient', 'practitioner'];
  }
}
