import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import {
  type Agenda,
  type Booked,
  type FreeTime,
  isTaken,
  type Modality,
  nextOf,
  type SeriesBooked,
  type Service,
  type Wanted,
} from '../../session/agenda';
import { DeskError } from '../../session/http';
import { nameOf } from '../../session/patients';
import { textIn } from '../../session/texts';
import { agendaWords } from '../i18n/agenda';
import { useApp } from '../parts/app';
import { CopyLink } from '../parts/copy';
import { Dialog, Statement } from '../parts/dialog';
import { CheckField, RadioField, SelectField, TextArea, TextField } from '../parts/field';
import { isReached, PersonFields, useChosenPerson } from '../patients/person';
import { useShell } from '../shell/context';
import { Unsaved } from '../shell/unsaved';
import { whenOf } from './say';
import { Taken } from './taken';
import { ANYBODY, chosenInstant, chosenOf, type Giver, TimeFields, useChosenTime, zoneOf } from './time';

interface BookProps {
  readonly agenda: Agenda;
  /** Null until they are known. */
  readonly services: readonly Service[] | null;
  readonly givers: readonly Giver[];
  readonly start: string;
  readonly practitioner: string;
  /** That time was pressed in the grid: what is missing is who comes. */
  readonly pressed: boolean;
  readonly onClose: () => void;
}

type Trouble = 'name' | 'contact' | 'failed' | null;
type Done =
  | { readonly kind: 'one'; readonly booked: Booked }
  | { readonly kind: 'series'; readonly made: SeriesBooked };

const WEEKS = [1, 2, 3, 4, 6, 8, 12] as const;

/** A new appointment on behalf of a patient, or a series of them. */
export function BookDialog({ agenda, services, givers, start: at, practitioner, pressed, onClose }: BookProps) {
  const { desk } = useShell();
  const { t, language } = useApp(agendaWords);
  const [chosen, change] = useChosenTime(at, practitioner, givers);
  const [service, setService] = useState('');
  const [modality, setModality] = useState<Modality | ''>('');
  const [person, changePerson] = useChosenPerson();
  const [note, setNote] = useState('');
  const [tell, setTell] = useState(true);
  const [weeks, setWeeks] = useState(0);
  const [count, setCount] = useState('4');
  const [taken, setTaken] = useState<readonly FreeTime[] | null>(null);
  const [overbook, setOverbook] = useState<string | null>(null);
  const [missing, setMissing] = useState(false);
  const [trouble, setTrouble] = useState<Trouble>(null);
  const [working, setWorking] = useState(false);
  const [done, setDone] = useState<Done | null>(null);
  const key = useRef({ of: '', key: '' });
  const form = useRef<HTMLFormElement>(null);
  useLayoutEffect(() => {
    if (pressed) {
      form.current?.querySelector('[role=combobox]')?.setAttribute('autofocus', ''); // before the dialog opens and looks for it
    }
  }, []);

  const giversOf = (one: Service): number => givers.filter(giver => one.practitioners.includes(giver.id)).length;
  const anybody = chosen.practitioner === ANYBODY;
  const labelOf = (one: Service): string => textIn(one.label, language);
  const given = (services ?? [])
    .filter(one => (anybody ? giversOf(one) > 1 : one.practitioners.includes(chosen.practitioner)))
    .sort((a, b) => labelOf(a).localeCompare(labelOf(b), language));
  const repeats = anybody ? 0 : weeks; // a series is one practitioner's
  const wanted = given.find(one => one.id === service) ?? given[0];
  const how = wanted?.modalities.find(one => one === modality) ?? wanted?.modalities[0] ?? 'video';
  const start = chosenInstant(chosen, givers);
  const { patient, name, contact } = person;
  const reached = isReached(person);
  const untakes = (): void => {
    setTaken(null);
    setOverbook(null);
  };

  const book = async (): Promise<void> => {
    if (wanted === undefined || start === null) {
      return;
    }
    if (patient === null && name.trim() === '') {
      setTrouble('name');
      return;
    }
    if (overbook?.trim() === '') {
      setMissing(true);
      return;
    }
    const asked: Wanted = {
      service: wanted.id,
      practitioner: chosen.practitioner,
      start,
      modality: how,
      patient: patient?.id ?? '',
      name,
      contact,
      language: person.language,
      note,
      overbook: overbook ?? '',
      tell: tell && reached,
    };
    setTrouble(null);
    setMissing(false);
    setWorking(true);
    try {
      if (repeats > 0) {
        setDone({
          kind: 'series',
          made: await agenda.bookSeries(asked, repeats, Number(count), keyOf({ ...asked, repeats, count }, key)),
        });
      } else {
        setDone({ kind: 'one', booked: await agenda.book(asked, keyOf(asked, key)) });
      }
    } catch (error) {
      setWorking(false);
      if (isTaken(error)) {
        setTaken(nextOf(error));
        return;
      }
      const bad =
        error instanceof DeskError && error.code === 'bad-message' && patient === null && contact.trim() !== '';
      setTrouble(bad ? 'contact' : 'failed');
    }
  };

  if (done !== null) {
    const who = patient === null ? name.trim() : nameOf(patient);
    const zone = zoneOf(givers, done.kind === 'one' ? done.booked.appointment.practitioner : chosen.practitioner);
    return <BookedDialog done={done} who={who} zone={zone} several={givers.length > 1} onClose={onClose} />;
  }
  if (services?.every(one => !one.practitioners.some(id => givers.some(giver => giver.id === id)))) {
    return (
      <Statement heading={t.agenda.book} onClose={onClose}>
        <p>{t.agenda.noServices}</p>
        <p>{t.agenda.noServicesHow}</p>
      </Statement>
    );
  }
  return (
    <Dialog heading={t.agenda.book} onClose={onClose}>
      <form
        ref={form}
        class="stack"
        noValidate
        onSubmit={event => {
          event.preventDefault();
          void book();
        }}
      >
        <Unsaved unsaved={patient !== null || [name, contact, note].some(text => text.trim() !== '')} />
        <TimeFields
          chosen={chosen}
          givers={givers}
          wrong={start === null}
          anybody={services?.some(one => giversOf(one) > 1) ?? false}
          onChange={changed => {
            change(changed);
            untakes();
          }}
        />
        {wanted === undefined ? (
          services !== null && <p class="notice">{t.agenda.notGiven}</p>
        ) : (
          <SelectField
            label={t.agenda.service}
            value={wanted.id}
            choices={given.map(one => ({
              value: one.id,
              label: `${labelOf(one)} · ${t.common.minutes(one.minutes)}`,
            }))}
            onChoose={id => {
              setService(id);
              untakes();
            }}
          />
        )}
        {wanted !== undefined && wanted.modalities.length > 1 && (
          <RadioField
            label={t.agenda.how}
            value={how}
            choices={wanted.modalities.map(one => ({ value: one, label: t.agenda.modality[one] }))}
            onChoose={setModality}
          />
        )}
        <PersonFields
          desk={desk}
          owner=""
          person={person}
          required
          contactHint={t.agenda.contactHint}
          wrong={trouble === 'failed' ? null : trouble}
          onChange={changePerson}
        />
        <TextArea label={t.agenda.note} value={note} maxLength={2000} rows={2} dir="auto" onInput={setNote} />
        {reached && <CheckField label={t.agenda.tell} checked={tell} onCheck={setTell} />}
        {!anybody && (
          <CheckField
            label={t.agenda.repeat}
            checked={weeks > 0}
            onCheck={checked => {
              setWeeks(checked ? 1 : 0);
              untakes();
            }}
          />
        )}
        {repeats > 0 && (
          <div class="pair">
            <SelectField
              label={t.agenda.every}
              value={String(weeks)}
              choices={WEEKS.map(one => ({ value: String(one), label: t.agenda.everyWeeks(one) }))}
              onChoose={value => setWeeks(Number(value))}
            />
            <TextField
              type="number"
              label={t.agenda.count}
              value={count}
              min="2"
              max="52"
              inputMode="numeric"
              onInput={setCount}
            />
          </div>
        )}
        {taken !== null && (
          <Taken
            times={taken}
            nameOf={id => (givers.length > 1 ? (givers.find(one => one.id === id)?.name ?? '') : '')}
            onChoose={time => {
              change(chosenOf(time.start, time.practitioner, givers));
              untakes();
            }}
            overbook={overbook}
            missing={missing}
            named={!anybody}
            onOverbook={setOverbook}
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
          <button
            type="submit"
            class="button primary"
            disabled={working || wanted === undefined || start === null || (taken !== null && overbook === null)}
          >
            {t.agenda.bookButton}
          </button>
        </div>
      </form>
    </Dialog>
  );
}

/** The same wish has the same key, so that a lost answer books nothing twice; another wish has another. */
function keyOf(wish: object, last: { current: { of: string; key: string } }): string {
  const of = JSON.stringify(wish);
  if (last.current.of !== of) {
    last.current = { of, key: crypto.randomUUID() };
  }
  return last.current.key;
}

function BookedDialog({
  done,
  who,
  zone,
  several,
  onClose,
}: {
  readonly done: Done;
  readonly who: string;
  readonly zone: string;
  /** Practitioners: the one whose it is has to be named. */
  readonly several: boolean;
  readonly onClose: () => void;
}) {
  const { t, format, announcer } = useApp(agendaWords);
  const dates = done.kind === 'one' ? [] : done.made.dates;
  const made = dates.filter(one => one.booked);
  const missing = dates.filter(one => !one.booked);
  const heading = done.kind === 'one' ? t.agenda.booked(who) : t.agenda.series(made.length, dates.length);
  useEffect(() => announcer.say(heading), []);
  const link = done.kind === 'one' ? done.booked.link : done.made.link;
  const told = done.kind === 'one' ? done.booked.appointment.told : made.every(one => one.told);
  return (
    <Statement heading={heading} onClose={onClose}>
      {done.kind === 'one' && (
        <p>
          {whenOf(done.booked.appointment.start, zone, format)}
          {several && ` · ${done.booked.appointment.practitionerName}`}
        </p>
      )}
      {made.length > 0 && (
        <div>
          <p>
            <b>{who}</b>
          </p>
          <Dates starts={made.map(one => one.start)} zone={zone} />
        </div>
      )}
      {missing.length > 0 && (
        <div class="notice">
          <p>{t.agenda.seriesMissing}</p>
          <Dates starts={missing.map(one => one.start)} zone={zone} />
        </div>
      )}
      {link !== '' &&
        (told ? (
          <p class="notice good">{t.agenda.bookedTold}</p>
        ) : (
          <>
            <p>{t.agenda.bookedNotTold}</p>
            <CopyLink link={link} label={t.agenda.link} />
          </>
        ))}
    </Statement>
  );
}

function Dates({ starts, zone }: { readonly starts: readonly string[]; readonly zone: string }) {
  const { format } = useApp();
  return (
    <ul class="bullets">
      {starts.map(start => (
        <li key={start}>{whenOf(start, zone, format)}</li>
      ))}
    </ul>
  );
}
