import { useMemo, useState } from 'preact/hooks';
import { DeskError } from '../../session/desk';
import { type Imported, type LeftOut, Patients } from '../../session/patients';
import { patientsWords } from '../i18n/patients';
import type { PatientField, PatientsWords } from '../i18n/patients/words';
import { useApp } from '../parts/app';
import { Field } from '../parts/field';
import { Notice } from '../parts/screen';
import { useShell } from '../shell/context';
import { ScreenHeading } from '../shell/heading';
import { OwnerField, useOwner } from './owner';

type State = 'choosing' | 'working' | Problem;
type Problem = 'failed' | 'no-table' | 'spreadsheet' | 'archive' | 'too-large';

const problems: Readonly<Record<string, Problem>> = {
  'too-large': 'too-large',
  'bad-message': 'no-table',
  spreadsheet: 'spreadsheet',
  archive: 'archive',
};

/** A table of patients: looked at first, taken over when that is agreed to. */
export function Import() {
  const { desk, router, toasts } = useShell();
  const { t } = useApp(patientsWords);
  const patients = useMemo(() => new Patients(desk), [desk]);
  const [file, setFile] = useState<File | null>(null);
  const [state, setState] = useState<State>('choosing');
  const [checked, setChecked] = useState<Imported | null>(null);
  const [owner, chooseOwner] = useOwner();
  const send = async (chosen: File, dryRun: boolean, whose = owner): Promise<void> => {
    setState('working');
    try {
      const result = await patients.import(chosen, dryRun, whose);
      setState('choosing');
      if (dryRun) {
        setChecked(result);
        return;
      }
      toasts.say(t.patients.importDone(result.created));
      router.go('/desk/patients');
    } catch (error) {
      setState(problems[error instanceof DeskError ? error.code : ''] ?? 'failed');
    }
  };
  const said: Readonly<Record<State, string>> = {
    choosing: '',
    working: '',
    failed: t.common.failed,
    'no-table': t.patients.importNoTable,
    spreadsheet: t.patients.importSpreadsheet,
    archive: t.patients.importArchive,
    'too-large': t.patients.importTooLarge,
  };
  return (
    <>
      <p class="back">
        <a href="/desk/patients">{t.patients.back}</a>
      </p>
      <ScreenHeading>{t.patients.import}</ScreenHeading>
      <div class="patient-form stack">
        <OwnerField
          owner={owner}
          onChoose={whose => {
            chooseOwner(whose);
            setChecked(null);
            if (file !== null) {
              void send(file, true, whose); // who is there already depends on it
            }
          }}
        />
        <div class="card stack">
          <p>{t.patients.importHow}</p>
          <p class="quiet">{t.patients.importColumns}</p>
          <Field label={t.patients.importFile} error={said[state]}>
            {control => (
              <input
                {...control}
                type="file"
                accept=".csv,.txt,.tsv,.xlsx,.xls,text/csv,text/plain"
                onChange={event => {
                  const chosen = event.currentTarget.files?.[0] ?? null;
                  setFile(chosen);
                  setChecked(null);
                  if (chosen !== null) {
                    void send(chosen, true);
                  }
                }}
              />
            )}
          </Field>
          {state === 'working' && <p role="status">{t.patients.importChecking}</p>}
        </div>
        {checked !== null && file !== null && (
          <Checked checked={checked} working={state === 'working'} onImport={() => void send(file, false)} />
        )}
      </div>
    </>
  );
}

/** What came of looking at a table. */
export function Checked({
  checked,
  working,
  onImport,
}: {
  readonly checked: Imported;
  readonly working: boolean;
  readonly onImport: () => void;
}) {
  const { t } = useApp(patientsWords);
  const { created, lines, leftOut, unknown } = checked;
  return (
    <>
      <Notice kind={created > 0 ? 'good' : 'bad'}>
        <p role="status">{created > 0 ? t.patients.importGood(created) : t.patients.importNothing}</p>
      </Notice>
      {leftOut.length > 0 && (
        <div class="card stack">
          <p>
            <b>{t.patients.importLeftOut(lines - created)}</b>
          </p>
          <ul class="left-out">
            {leftOut.map(one => (
              <li key={one.line}>
                <b>{t.patients.importLine(one.line)}</b> · {whyLeftOut(one, t)}
              </li>
            ))}
          </ul>
        </div>
      )}
      {unknown.length > 0 && <p class="quiet">{t.patients.importUnknown(unknown.join(', '))}</p>}
      {created > 0 && (
        <div class="row">
          <button type="button" class="button primary" disabled={working} onClick={onImport}>
            {t.patients.importYes(created)}
          </button>
        </div>
      )}
    </>
  );
}

function whyLeftOut({ code, field }: LeftOut, t: PatientsWords): string {
  if (code === 'similar') {
    return t.patients.importSimilar;
  }
  if (code === 'conflict') {
    return t.patients.importFull;
  }
  return t.patients.wrong[field as PatientField] ?? t.patients.importBadLine;
}
