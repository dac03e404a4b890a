import { useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import { nameOf, type Patient, Patients } from '../../session/patients';
import { patientsWords } from '../i18n/patients';
import { useApp } from '../parts/app';
import type { DeskPort } from '../parts/ports';
import { Search } from '../parts/search';

interface FindProps {
  readonly desk: DeskPort;
  /** Among whose patients; '' for all for whom one works. */
  readonly owner: string;
  readonly label?: string;
  readonly onQuery: (name: string) => void;
  readonly onChoose: (patient: Patient) => void;
}

/** Somebody who has a record, found while their name is typed; what was typed is the name when nobody is chosen. */
export function FindPatient({ desk, owner, label, onQuery, onChoose }: FindProps) {
  const { t, format } = useApp(patientsWords);
  const patients = useMemo(() => new Patients(desk), [desk]);
  return (
    <Search<Patient>
      label={label ?? t.patients.choose}
      hint={t.patients.chooseHint}
      nothing={t.patients.chooseNew}
      find={async words => (await patients.search(words, 0, 8, owner)).patients}
      keyOf={one => one.id}
      show={one => (
        <>
          <b>{nameOf(one)}</b>
          {one.birthDate !== '' && <span class="quiet"> · {format.date(one.birthDate)}</span>}
        </>
      )}
      onQuery={onQuery}
      onChoose={onChoose}
    />
  );
}

interface FoundProps {
  readonly patient: Patient;
  /** Chosen in the field that was here before: the focus that it had is here now. */
  readonly chosenHere: boolean;
  readonly onOther: () => void;
}

/** Whom one has found, and the way back to searching. */
export function FoundPatient({ patient, chosenHere, onOther }: FoundProps) {
  const { t } = useApp(patientsWords);
  const other = useRef<HTMLButtonElement>(null);
  useLayoutEffect(() => {
    if (chosenHere) {
      other.current?.focus();
    }
  }, []);
  return (
    <div class="row">
      <p class="chip grow">{t.patients.chosen(nameOf(patient))}</p>
      <button ref={other} type="button" class="button small" onClick={onOther}>
        {t.patients.chosenOther}
      </button>
    </div>
  );
}
