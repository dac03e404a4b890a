import { useState } from 'preact/hooks';
import { patientsWords } from '../i18n/patients';
import { useApp } from '../parts/app';
import { SelectField } from '../parts/field';
import { usePart } from '../parts/hooks';
import { useShell } from '../shell/context';

/** A practitioner for whom something is done. */
interface Owner {
  readonly id: string;
  readonly name: string;
}

const none: readonly Owner[] = [];

/** For whom who is signed in may do something, when that is a question at all: when there is more than one. */
export function useOwners(): readonly Owner[] {
  const { desk } = useShell();
  return usePart(desk, ({ me }) => (me !== null && me.actsFor.length > 1 ? me.actsFor : none));
}

/** Whose patient is written: '' is one's own. A secretary's choice is the one of every screen; a practitioner begins with themselves each time. */
export function useOwner(): [owner: string, choose: (owner: string) => void] {
  const { desk } = useShell();
  const own = usePart(desk, ({ me }) => (me?.roles.includes('practitioner') ? me.id : ''));
  const acting = usePart(desk, snapshot => snapshot.actingFor);
  const [chosen, setChosen] = useState('');
  return own === '' ? [acting, owner => desk.actFor(owner)] : [chosen || own, setChosen];
}

/** The question whose patient it is; nothing when there is only one answer. */
export function OwnerField({
  owner,
  onChoose,
}: {
  readonly owner: string;
  readonly onChoose: (owner: string) => void;
}) {
  const { t } = useApp(patientsWords);
  const owners = useOwners();
  return owners.length === 0 ? null : (
    <div class="owner">
      <SelectField
        label={t.patients.owner}
        value={owner}
        choices={owners.map(({ id, name }) => ({ value: id, label: name }))}
        onChoose={onChoose}
      />
    </div>
  );
}
