import type { ComponentChildren } from 'preact';
import type { Me } from '../../session/desk';
import { todayWords } from '../i18n/today';
import { CalendarIcon } from '../icons';
import { useApp } from '../parts/app';
import { EmptyState } from '../parts/empty';
import { SelectField } from '../parts/field';
import { usePart } from '../parts/hooks';
import { useShell } from '../shell/context';
import { ScreenHeading } from '../shell/heading';
import { ComeBackOffer } from './offer';

interface ForOthersProps {
  readonly me: Me;
  readonly children: (owner: string) => ComponentChildren;
}

/** What a secretary sees: the day of the practitioner they choose, or that nobody has let them work for them yet. */
export function ForOthers({ me, children }: ForOthersProps) {
  const { desk } = useShell();
  const { t } = useApp(todayWords);
  const owner = usePart(desk, snapshot => snapshot.actingFor);
  const all = usePart(desk, snapshot => snapshot.allWaiting);
  const elsewhere = me.actsFor
    .map(one => ({ ...one, count: all.filter(waiting => waiting.owner === one.id).length }))
    .filter(({ id, count }) => id !== owner && count > 0);
  if (me.actsFor.length === 0) {
    return (
      <>
        <ScreenHeading hidden>{t.today.heading}</ScreenHeading>
        <ComeBackOffer />
        <EmptyState icon={CalendarIcon} heading={t.today.nobodyLets}>
          <p>{t.today.nobodyLetsHow}</p>
        </EmptyState>
      </>
    );
  }
  return (
    <>
      {me.actsFor.length > 1 && (
        <div class="owner row">
          <SelectField
            label={t.today.dayOf}
            value={owner}
            choices={me.actsFor.map(({ id, name }) => ({ value: id, label: name }))}
            onChoose={id => desk.actFor(id)}
          />
          {elsewhere.map(({ id, name, count }) => (
            <button key={id} type="button" class="button small" onClick={() => desk.actFor(id)}>
              {t.today.waitingAt(name, count)}
            </button>
          ))}
        </div>
      )}
      {children(owner)}
    </>
  );
}

/** A path of the API, on behalf of somebody; as it is for oneself. */
export function ownedPath(path: string, owner: string): string {
  return owner === '' ? path : `${path}${path.includes('?') ? '&' : '?'}practitioner=${encodeURIComponent(owner)}`;
}
