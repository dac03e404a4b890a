import { useEffect, useMemo, useState } from 'preact/hooks';
import { exportAddress, nameOf, type Patient, Patients } from '../../session/patients';
import { patientsWords } from '../i18n/patients';
import { PeopleIcon, SearchIcon } from '../icons';
import { useApp } from '../parts/app';
import { EmptyState } from '../parts/empty';
import { SelectField, TextField } from '../parts/field';
import { type Column, Table } from '../parts/table';
import { useMay, useShell } from '../shell/context';
import { ScreenHeading } from '../shell/heading';
import { useOwners } from './owner';

const PAGE = 30; // patients at a time
const PAUSE = 120; // milliseconds after a key before asking

interface Found {
  readonly words: string;
  readonly patients: readonly Patient[];
  readonly total: number;
}

/** Everybody, or whom one types. */
export function PatientList() {
  const { desk } = useShell();
  const { t, announcer } = useApp(patientsWords);
  const mayWrite = useMay('patients:write');
  const mayForget = useMay('appointments:write');
  const patients = useMemo(() => new Patients(desk), [desk]);
  const [words, setWords] = useState('');
  const [found, setFound] = useState<Found | null>(null);
  const [failed, setFailed] = useState(false);
  const owners = useOwners();
  const [owner, setOwner] = useState('');
  const wanted = words.trim();
  useEffect(() => {
    let gone = false;
    const ask = async (): Promise<void> => {
      try {
        const page = await patients.search(wanted, 0, PAGE, owner);
        if (!gone) {
          setFailed(false);
          setFound({ words: wanted, ...page });
          if (wanted !== '') {
            announcer.say(t.common.found(page.total));
          }
        }
      } catch {
        if (!gone) {
          setFailed(true);
        }
      }
    };
    const timer = setTimeout(() => void ask(), found === null ? 0 : PAUSE);
    return () => {
      gone = true;
      clearTimeout(timer);
    };
  }, [wanted, owner]);

  const more = async (): Promise<void> => {
    if (found === null) {
      return;
    }
    try {
      const page = await patients.search(found.words, found.patients.length, PAGE, owner);
      setFound({ ...found, patients: [...found.patients, ...page.patients], total: page.total });
    } catch {
      setFailed(true);
    }
  };
  return (
    <>
      <ScreenHeading>{t.patients.all}</ScreenHeading>
      <div class="patients stack">
        <search class="row">
          <div class="grow">
            <TextField
              label={t.patients.search}
              hint={t.patients.searchHint}
              error={failed ? t.common.searchFailed : ''}
              value={words}
              maxLength={100}
              autocomplete="off"
              spellcheck={false}
              dir="auto"
              onInput={setWords}
            />
          </div>
          {owners.length > 0 && (
            <SelectField
              label={t.patients.ownerOf}
              value={owner}
              choices={[
                { value: '', label: t.patients.ownerAll },
                ...owners.map(({ id, name }) => ({ value: id, label: name })),
              ]}
              onChoose={chosen => {
                setOwner(chosen);
                if (chosen !== '' && desk.snapshot.actingFor !== '') {
                  desk.actFor(chosen); // a new patient is theirs, too
                }
              }}
            />
          )}
        </search>
        {mayWrite && (
          <div class="row">
            <a class="button primary" href="/desk/patients/new">
              {t.patients.new}
            </a>
            <a class="button" href="/desk/patients/import">
              {t.patients.import}
            </a>
            {mayForget && (
              <a class="button" href="/desk/patients/forget">
                {t.patients.forget.open}
              </a>
            )}
            {(found?.total ?? 0) > 0 && wanted === '' && (owner !== '' || owners.length === 0) && (
              <a class="button" href={exportAddress(owner || desk.snapshot.actingFor)} download="patients.csv">
                {t.patients.export}
              </a>
            )}
          </div>
        )}
        {found === null ? (
          !failed && <p class="soon quiet">{t.common.loading}</p>
        ) : found.total > 0 ? (
          <Rows found={found} onMore={() => void more()} />
        ) : found.words === '' ? (
          <EmptyState icon={PeopleIcon} heading={t.patients.none}>
            <p>{t.patients.noneMore}</p>
          </EmptyState>
        ) : (
          <EmptyState icon={SearchIcon} heading={t.patients.nobody}>
            <p>{t.patients.nobodyMore}</p>
          </EmptyState>
        )}
      </div>
    </>
  );
}

function Rows({ found, onMore }: { readonly found: Found; readonly onMore: () => void }) {
  const { t, format } = useApp(patientsWords);
  const owners = useOwners();
  const columns: Column<Patient>[] = [
    {
      key: 'name',
      heading: t.patients.familyName,
      main: true,
      cell: one => (
        <a href={`/desk/patients/${one.id}`}>
          <b>{nameOf(one)}</b>
        </a>
      ),
    },
    {
      key: 'born',
      heading: t.patients.birthDate,
      cell: one => (one.birthDate === '' ? '' : format.date(one.birthDate)),
    },
    {
      key: 'phone',
      heading: t.patients.phone,
      cell: one => (one.phone === '' ? '' : <bdi dir="ltr">{format.phone(one.phone)}</bdi>),
    },
    { key: 'needs', heading: t.patients.needs, cell: one => one.needs.map(need => t.patients.need[need]).join(', ') },
    ...(owners.length === 0
      ? []
      : [
          {
            key: 'owner',
            heading: t.patients.owner,
            cell: (one: Patient) => owners.find(({ id }) => id === one.practitioner)?.name ?? '',
          },
        ]),
  ];
  return (
    <>
      <p class="quiet">{t.patients.total(found.total)}</p>
      <Table caption={t.patients.all} columns={columns} rows={found.patients} keyOf={one => one.id} />
      {found.patients.length < found.total && (
        <div class="row">
          <button type="button" class="button" onClick={onMore}>
            {t.patients.more}
          </button>
        </div>
      )}
    </>
  );
}
