import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { DeskError } from '../../session/desk';
import { type Merged, merge, nameOf, nobody, type Patient, type PatientFields, Patients } from '../../session/patients';
import { patientsWords } from '../i18n/patients';
import type { PatientField, PatientsWords } from '../i18n/patients/words';
import { useApp } from '../parts/app';
import { Dialog } from '../parts/dialog';
import { Notice } from '../parts/screen';
import { useShell } from '../shell/context';
import { ScreenHeading } from '../shell/heading';
import { Unsaved } from '../shell/unsaved';
import { NoRecord, useRecord } from './card';
import { PatientForm } from './form';
import { OwnerField, useOwner } from './owner';

type Wrong = PatientField | 'missing' | 'failed' | null;

/** A new record. The server says when there may be this patient already; saving in spite of that is asked for. */
export function New() {
  const { desk, router, toasts } = useShell();
  const { t, format, announcer } = useApp(patientsWords);
  const patients = useMemo(() => new Patients(desk), [desk]);
  const [fields, setFields] = useState<PatientFields>(nobody);
  const [wrong, setWrong] = useState<Wrong>(null);
  const [working, setWorking] = useState(false);
  const [similar, setSimilar] = useState<readonly Patient[]>([]);
  const [owner, chooseOwner] = useOwner();
  const [made, setMade] = useState<Patient | null>(null);
  useEffect(() => {
    if (made !== null) {
      router.go(`/desk/patients/${made.id}`); // once nothing is unsaved any more
    }
  }, [made]);
  const save = async (anyway: boolean): Promise<void> => {
    setSimilar([]);
    if (fields.familyName.trim() === '') {
      setWrong('missing');
      focusOnError();
      return;
    }
    setWorking(true);
    try {
      setMade(await patients.create(fields, anyway, owner));
      toasts.say(t.common.saved);
      return;
    } catch (error) {
      if (error instanceof DeskError && error.code === 'similar') {
        setSimilar(await patients.similar(fields, owner).catch(() => []));
        setWrong(null);
      } else {
        setWrong(wrongOf(error, t));
        announcer.interrupt(t.patients.failed);
        focusOnError();
      }
    }
    setWorking(false);
  };
  return (
    <>
      <ScreenHeading>{t.patients.new}</ScreenHeading>
      <Unsaved unsaved={made === null && differs(fields, nobody)} />
      <OwnerField owner={owner} onChoose={chooseOwner} />
      <PatientForm
        fields={fields}
        wrong={wrong}
        working={working}
        onChange={change => setFields({ ...fields, ...change })}
        onSave={() => void save(false)}
        onCancel={() => router.go('/desk/patients')}
      />
      {similar.length > 0 && (
        <Dialog heading={t.patients.similarHeading} onClose={() => setSimilar([])}>
          <p>{t.patients.similarMore}</p>
          <ul class="similar">
            {similar.map(one => (
              <li key={one.id}>
                <a href={`/desk/patients/${one.id}`}>
                  <b>{nameOf(one)}</b>
                </a>
                {one.birthDate !== '' && <span> · {format.date(one.birthDate)}</span>}
                {one.phone !== '' && (
                  <span>
                    {' · '}
                    <bdi dir="ltr">{format.phone(one.phone)}</bdi>
                  </span>
                )}
              </li>
            ))}
          </ul>
          <div class="choices">
            <button type="button" class="button" onClick={() => setSimilar([])}>
              {t.patients.similarBack}
            </button>
            <button type="button" class="button" onClick={() => void save(true)}>
              {t.patients.similarAnyway}
            </button>
          </div>
        </Dialog>
      )}
    </>
  );
}

/** The form of a record that is there. */
export function Edit({ id }: { readonly id: string }) {
  const record = useRecord(id);
  return typeof record === 'string' ? <NoRecord why={record} /> : <Editing record={record} />;
}

/** When somebody else was quicker, their changes and one's own are brought together, and saving is asked for again. */
function Editing({ record }: { readonly record: Patient }) {
  const { desk, router, toasts } = useShell();
  const { t, announcer } = useApp(patientsWords);
  const patients = useMemo(() => new Patients(desk), [desk]);
  const [base, setBase] = useState<Patient>(record);
  const [fields, setFields] = useState<PatientFields>(record);
  const [wrong, setWrong] = useState<Wrong>(null);
  const [working, setWorking] = useState(false);
  const [merged, setMerged] = useState<Merged | null>(null);
  const [saved, setSaved] = useState(false);
  const told = useRef<HTMLDivElement>(null);
  useEffect(() => told.current?.focus(), [merged]); // it stands above the form, and the button below it
  useEffect(() => {
    if (saved) {
      router.go(`/desk/patients/${base.id}`); // once nothing is unsaved any more
    }
  }, [saved]);
  const save = async (): Promise<void> => {
    if (fields.familyName.trim() === '') {
      setWrong('missing');
      focusOnError();
      return;
    }
    setWorking(true);
    try {
      await patients.change(base.id, base.revision, fields);
      toasts.say(t.common.saved);
      setSaved(true);
      return;
    } catch (error) {
      if (error instanceof DeskError && error.code === 'conflict') {
        try {
          const theirs = await patients.read(base.id);
          const both = merge(base, fields, theirs);
          setBase(theirs);
          setFields(both.fields);
          setMerged(both);
          setWrong(null);
          announcer.interrupt(t.patients.changedMeanwhile);
        } catch {
          setWrong('failed');
        }
      } else {
        setWrong(wrongOf(error, t));
        announcer.interrupt(t.patients.failed);
        focusOnError();
      }
    }
    setWorking(false);
  };
  return (
    <>
      <ScreenHeading>{nameOf(record)}</ScreenHeading>
      <Unsaved unsaved={!saved && differs(fields, base)} />
      {merged !== null && (
        <div class="merged" ref={told} tabIndex={-1}>
          <Notice>
            <p>{t.patients.changedMeanwhile}</p>
            {merged.clashes.map(key => (
              <p key={key}>{t.patients.changedClash(labelOf(key, t), shown(base[key], t))}</p>
            ))}
          </Notice>
        </div>
      )}
      <PatientForm
        fields={fields}
        wrong={wrong}
        working={working}
        onChange={change => setFields({ ...fields, ...change })}
        onSave={() => void save()}
        onCancel={() => router.go(`/desk/patients/${base.id}`)}
      />
    </>
  );
}

/** Whether something was written that the record does not say. */
function differs(fields: PatientFields, base: PatientFields): boolean {
  return (Object.keys(nobody) as (keyof PatientFields)[]).some(
    key => JSON.stringify(fields[key]) !== JSON.stringify(base[key]),
  );
}

function wrongOf(error: unknown, t: PatientsWords): Wrong {
  const field = error instanceof DeskError ? error.field : '';
  return field in t.patients.wrong ? (field as PatientField) : 'failed';
}

/** The first field that was refused takes the focus, once it is drawn. */
function focusOnError(): void {
  requestAnimationFrame(() =>
    requestAnimationFrame(() => document.querySelector<HTMLElement>('[aria-invalid]')?.focus()),
  );
}

function labelOf(key: keyof PatientFields, t: PatientsWords): string {
  const label = t.patients[key];
  return typeof label === 'string' ? label : key;
}

function shown(value: PatientFields[keyof PatientFields], t: PatientsWords): string {
  const text =
    typeof value === 'string'
      ? value
      : value.map(one => (typeof one === 'string' ? t.patients.need[one] : one.value)).join(', ');
  return text === '' ? t.patients.empty : text;
}
