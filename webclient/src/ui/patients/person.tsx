import { useRef, useState } from 'preact/hooks';
import type { Patient } from '../../session/patients';
import { type Language, languageCodes, languages } from '../i18n';
import { patientsWords } from '../i18n/patients';
import { useApp } from '../parts/app';
import { ContactField, SelectField, TextField } from '../parts/field';
import type { DeskPort } from '../parts/ports';
import { useMay } from '../shell/context';
import { FindPatient, FoundPatient } from './find';

/** Whom a form is about, while that is said: somebody with a record, or what was typed of them. */
export interface ChosenPerson {
  readonly patient: Patient | null;
  readonly name: string;
  /** A telephone number or a mail address. */
  readonly contact: string;
  readonly language: Language;
}

/** Nobody yet, who speaks the page's language. */
export function useChosenPerson(): [ChosenPerson, (change: Partial<ChosenPerson>) => void] {
  const { language } = useApp();
  const [person, setPerson] = useState<ChosenPerson>({ patient: null, name: '', contact: '', language });
  return [person, change => setPerson(was => ({ ...was, ...change }))];
}

/** Whether something could be sent to them. */
export function isReached({ patient, contact }: ChosenPerson): boolean {
  return patient === null ? contact.trim() !== '' : patient.phone !== '' || patient.mail !== '';
}

interface PersonProps {
  readonly desk: DeskPort;
  /** Among whose patients one looks; '' for all for whom one works. */
  readonly owner: string;
  readonly person: ChosenPerson;
  /** Of the name; left out: it may be left out. */
  readonly required?: boolean;
  /** Of the name, for who may not look for records. */
  readonly nameHint?: string;
  /** What the number or address is for. */
  readonly contactHint: string;
  readonly wrong: 'name' | 'contact' | null;
  onChange(change: Partial<ChosenPerson>): void;
}

/** Who it is about: their record, or a name, a way to reach them, and their language. */
export function PersonFields({
  desk,
  owner,
  person,
  required = false,
  nameHint,
  contactHint,
  wrong,
  onChange,
}: PersonProps) {
  const { t } = useApp(patientsWords);
  const words = t.patients.person;
  const mayFind = useMay('patients:read');
  const label = required ? words.name : t.patients.choose;
  const chosenHere = useRef(false);
  if (person.patient !== null) {
    return (
      <FoundPatient
        patient={person.patient}
        chosenHere={chosenHere.current}
        onOther={() => onChange({ patient: null })}
      />
    );
  }
  return (
    <>
      {mayFind ? (
        <FindPatient
          desk={desk}
          owner={owner}
          label={label}
          onQuery={name => onChange({ name })}
          onChoose={patient => {
            chosenHere.current = true;
            onChange({ patient });
          }}
        />
      ) : (
        <TextField
          label={label}
          hint={nameHint}
          value={person.name}
          maxLength={80}
          autocomplete="off"
          dir="auto"
          onInput={name => onChange({ name })}
        />
      )}
      {wrong === 'name' && (
        <p class="notice bad" role="alert">
          {words.nameMissing}
        </p>
      )}
      <ContactField
        label={words.contact}
        hint={contactHint}
        error={wrong === 'contact' ? words.contactWrong : ''}
        value={person.contact}
        onInput={contact => onChange({ contact })}
      />
      <SelectField
        label={words.language}
        value={person.language}
        choices={languageCodes.map(value => ({ value, label: languages[value].name }))}
        onChoose={language => onChange({ language })}
      />
    </>
  );
}
