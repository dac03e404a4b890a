import { useState } from 'preact/hooks';
import { dayAfter } from '../../session/day';
import { DeskError } from '../../session/http';
import { nameOf } from '../../session/patients';
import type { HalfDay, Requests, ServiceName } from '../../session/requests';
import { textIn } from '../../session/texts';
import { requestsWords } from '../i18n/requests';
import { useApp } from '../parts/app';
import { Dialog, Statement } from '../parts/dialog';
import { CheckField, DateField, SelectField } from '../parts/field';
import { usePart } from '../parts/hooks';
import { isReached, PersonFields, useChosenPerson } from '../patients/person';
import { useShell } from '../shell/context';
import { HalfDays } from './halfdays';

const AHEAD = 60; // days that are looked at when nobody says otherwise

interface WaitProps {
  readonly requests: Requests;
  /** Null until they are known. */
  readonly services: readonly ServiceName[] | null;
  readonly onClose: () => void;
  readonly onAdded: (name: string) => void;
}

type Trouble = 'name' | 'contact' | 'days' | 'half-days' | 'failed';

/** Somebody who telephones is put on the wait list. */
export function WaitDialog({ requests, services, onClose, onAdded }: WaitProps) {
  const { desk } = useShell();
  const { t, format, language } = useApp(requestsWords);
  const { waiting } = t.requests;
  const actsFor = usePart(desk, snapshot => snapshot.me?.actsFor ?? []);
  const today = format.dayOf(new Date());
  const [service, setService] = useState('');
  const [who, setWho] = useState('');
  const [person, changePerson] = useChosenPerson();
  const [anyDay, setAnyDay] = useState(true);
  const [halfDays, setHalfDays] = useState<readonly HalfDay[]>([]);
  const [from, setFrom] = useState(today);
  const [to, setTo] = useState(dayAfter(today, AHEAD));
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const [working, setWorking] = useState(false);

  const given = (services ?? []).filter(one => one.practitioners.some(id => actsFor.some(giver => giver.id === id)));
  const wanted = given.find(one => one.id === service) ?? given[0];
  const givers = actsFor.filter(({ id }) => wanted?.practitioners.includes(id));
  const practitioner = givers.some(({ id }) => id === who) ? who : '';
  const missing = (): Trouble | null => {
    if (person.patient === null && person.name.trim() === '') {
      return 'name';
    }
    if (!isReached(person)) {
      return 'contact';
    }
    if (!anyDay && halfDays.length === 0) {
      return 'half-days';
    }
    return from === '' || to === '' || to < from || to < today ? 'days' : null;
  };
  const add = async (): Promise<void> => {
    const wrong = missing();
    setTrouble(wrong);
    if (wanted === undefined || wrong !== null) {
      return;
    }
    setWorking(true);
    try {
      const { patient, name, contact, language: theirs } = person;
      await requests.wait({
        service: wanted.id,
        practitioner,
        from,
        to,
        halfDays: anyDay ? [] : halfDays,
        patient: patient?.id ?? '',
        name,
        contact,
        language: theirs,
      });
      onAdded(patient === null ? name.trim() : nameOf(patient));
    } catch (error) {
      const refused = error instanceof DeskError && error.code === 'bad-message';
      setTrouble(
        !refused ? 'failed' : to > dayAfter(today, 366) ? 'days' : person.patient === null ? 'contact' : 'failed',
      );
      setWorking(false);
    }
  };
  if (services !== null && wanted === undefined) {
    return (
      <Statement heading={waiting.add} onClose={onClose}>
        <p>{waiting.noService}</p>
      </Statement>
    );
  }
  return (
    <Dialog heading={waiting.add} onClose={onClose}>
      <form
        class="stack"
        noValidate
        onSubmit={event => {
          event.preventDefault();
          void add();
        }}
      >
        <p class="quiet">{waiting.addHint}</p>
        <PersonFields
          desk={desk}
          owner=""
          person={person}
          required
          contactHint={waiting.contactHint}
          wrong={trouble === 'name' || trouble === 'contact' ? trouble : null}
          onChange={changePerson}
        />
        {wanted !== undefined && (
          <SelectField
            label={waiting.service}
            value={wanted.id}
            choices={given.map(one => ({ value: one.id, label: textIn(one.label, language) }))}
            onChoose={setService}
          />
        )}
        {givers.length > 1 && (
          <SelectField
            label={waiting.practitioner}
            value={practitioner}
            choices={[
              { value: '', label: t.requests.anybody },
              ...givers.map(({ id, name }) => ({ value: id, label: name })),
            ]}
            onChoose={setWho}
          />
        )}
        <div class="pair">
          <DateField label={waiting.from} value={from} min={today} onInput={setFrom} />
          <DateField
            label={waiting.to}
            error={trouble === 'days' ? waiting.daysWrong : ''}
            value={to}
            min={today}
            onInput={setTo}
          />
        </div>
        <CheckField label={waiting.anyDay} checked={anyDay} onCheck={setAnyDay} />
        {!anyDay && (
          <HalfDays
            chosen={halfDays}
            error={trouble === 'half-days' ? waiting.halfDaysMissing : ''}
            onChange={chosen => {
              setHalfDays(chosen);
              setTrouble(null);
            }}
          />
        )}
        {trouble === 'failed' && (
          <p class="notice bad" role="alert">
            {t.common.failed}
          </p>
        )}
        <div class="choices">
          <button type="button" class="button" onClick={onClose}>
            {t.common.cancel}
          </button>
          <button type="submit" class="button primary" disabled={working || wanted === undefined}>
            {waiting.addButton}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
