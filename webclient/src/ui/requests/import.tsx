import { useEffect, useRef, useState } from 'preact/hooks';
import { DeskError } from '../../session/desk';
import {
  bookAddress,
  maxTakenOver,
  type ServiceName,
  type TakenOver,
  type TakenRow,
  type TakenRules,
  type TakeOverChoice,
  type TakingOver,
} from '../../session/requests';
import { textIn } from '../../session/texts';
import { requestsWords } from '../i18n/requests';
import { useApp } from '../parts/app';
import { CheckField, Field, RadioField, SelectField } from '../parts/field';
import { usePart } from '../parts/hooks';
import { Notice } from '../parts/screen';
import { type Column, Table } from '../parts/table';
import { useMay, useShell } from '../shell/context';
import { answered } from './count';
import { useRequests, whenIn } from './use';

type State = 'choosing' | 'working' | Problem;
type Problem = 'failed' | 'no-file' | 'spreadsheet' | 'archive' | 'too-large' | 'no-hours';

const problems: Readonly<Record<string, Problem>> = {
  'too-large': 'too-large',
  'bad-message': 'no-file',
  spreadsheet: 'spreadsheet',
  archive: 'archive',
  'not-found': 'no-hours',
};

const SHOWN = 200; // rows of a file; what is wrong comes first
const LOOK_EVERY = 700; // milliseconds, while a file is taken over

/** A file of appointments: looked at row by row, taken over when that is agreed to. */
export function TakeOver() {
  const { desk, toasts } = useShell();
  const { t, language } = useApp(requestsWords);
  const requests = useRequests();
  const owners = usePart(desk, snapshot => snapshot.me?.actsFor ?? []);
  const own = usePart(desk, ({ me }) => (me?.roles.includes('practitioner') ? me.id : (me?.actsFor[0]?.id ?? '')));
  const mayCreate = useMay('patients:write');
  const mayRead = useMay('patients:read');
  const [services, setServices] = useState<readonly ServiceName[]>([]);
  const [file, setFile] = useState<File | null>(null);
  const [choice, setChoice] = useState<TakeOverChoice>({
    owner: own,
    service: '',
    overbook: false,
    createPatients: false,
    remind: false,
  });
  const [state, setState] = useState<State>('choosing');
  const [looked, setLooked] = useState<TakenOver | null>(null);
  const [rules, setRules] = useState<File | null>(null); // services and hours instead of appointments
  const readServices = (): void => void requests.services().then(setServices, () => undefined);
  useEffect(readServices, []);
  const words = t.requests.import;

  const [far, setFar] = useState<TakingOver | null>(null);
  const [taking, setTaking] = useState(false);
  useEffect(() => {
    if (!taking) {
      setFar(null);
      return undefined;
    }
    const timer = setInterval(() => void requests.takingOver(choice.owner).then(setFar, () => undefined), LOOK_EVERY);
    return () => clearInterval(timer);
  }, [taking, requests, choice.owner]);

  const sent = useRef(0);
  const send = async (chosen: File, dryRun: boolean, how: TakeOverChoice): Promise<void> => {
    sent.current += 1;
    const own = sent.current;
    const newest = (): boolean => own === sent.current; // what was looked at before another choice says nothing any more
    if (chosen.size > maxTakenOver) {
      setLooked(null);
      setState('too-large');
      return;
    }
    setState('working');
    setTaking(before => before || !dryRun);
    try {
      const result = await requests.takeOver(chosen, dryRun, how);
      if (dryRun && !newest()) {
        return;
      }
      setState('choosing');
      setLooked(result);
      if (!dryRun) {
        toasts.say(words.done(result.fresh));
        answered();
        setFile(null);
      }
    } catch (error) {
      if (dryRun && !newest()) {
        return;
      }
      setLooked(null);
      setState(problems[error instanceof DeskError ? error.code : ''] ?? 'failed');
    } finally {
      setTaking(before => before && dryRun);
    }
  };
  const choose = (more: Partial<TakeOverChoice>): void => {
    const how = { ...choice, ...more };
    setChoice(how);
    if (file !== null) {
      void send(file, true, how);
    }
  };
  const said: Readonly<Record<State, string>> = {
    choosing: '',
    working: '',
    failed: t.common.failed,
    'no-file': words.noFile,
    spreadsheet: words.spreadsheet,
    archive: words.archive,
    'too-large': words.tooLarge,
    'no-hours': words.noHours,
  };
  const given = services.filter(one => one.practitioners.includes(choice.owner));
  return (
    <div class="stack">
      <div class="card stack">
        <p>{words.how}</p>
        <p class="quiet">{words.columns}</p>
        {owners.length > 1 && (
          <SelectField
            label={t.requests.figures.whose}
            value={choice.owner}
            choices={owners.map(({ id, name }) => ({ value: id, label: name }))}
            onChoose={owner => choose({ owner, service: '' })}
          />
        )}
        <SelectField
          label={words.service}
          hint={words.serviceHint}
          value={choice.service}
          choices={[
            { value: '', label: words.serviceNone },
            ...given.map(({ id, label }) => ({ value: id, label: textIn(label, language) })),
          ]}
          onChoose={service => choose({ service })}
        />
        <RadioField
          label={words.overlaps}
          value={choice.overbook ? 'book' : 'leave'}
          choices={[
            { value: 'leave', label: words.overlapsLeave },
            { value: 'book', label: words.overlapsBook },
          ]}
          onChoose={how => choose({ overbook: how === 'book' })}
        />
        <p>{words.patientsMatch}</p>
        {mayCreate && (
          <CheckField
            label={words.patientsCreate}
            checked={choice.createPatients}
            onCheck={createPatients => choose({ createPatients })}
          />
        )}
        <CheckField label={words.remind} checked={choice.remind} onCheck={remind => choose({ remind })} />
        <p class="quiet">{words.quiet}</p>
        <Field label={words.file} error={said[state]}>
          {control => (
            <input
              {...control}
              type="file"
              accept=".ics,.json,.csv,.txt,.tsv,.xlsx,.xls,.zip,text/calendar,text/csv,text/plain"
              onChange={event => {
                const chosen = event.currentTarget.files?.[0] ?? null;
                const isRules = chosen !== null && /\.json$/i.test(chosen.name);
                setRules(isRules ? chosen : null);
                setFile(isRules ? null : chosen);
                setLooked(null);
                setState('choosing');
                if (chosen !== null && !isRules) {
                  void send(chosen, true, choice);
                }
              }}
            />
          )}
        </Field>
        {state === 'working' && !taking && <p role="status">{words.checking}</p>}
        {taking && <Far far={far} />}
      </div>
      {rules !== null && (
        <TakeRules key={`${rules.name} ${choice.owner}`} file={rules} owner={choice.owner} onDone={readServices} />
      )}
      {looked === null && mayRead && <TakeAlong owner={choice.owner} />}
      {looked !== null && (
        <Looked
          looked={looked}
          done={file === null}
          working={state === 'working'}
          onTake={() => file !== null && void send(file, false, choice)}
        />
      )}
    </div>
  );
}

/** Services and opening hours of an archive. Nothing that is there is changed, so there is nothing to look at first. */
function TakeRules({
  file,
  owner,
  onDone,
}: {
  readonly file: File;
  readonly owner: string;
  readonly onDone: () => void;
}) {
  const { t } = useApp(requestsWords);
  const requests = useRequests();
  const [done, setDone] = useState<TakenRules | 'working' | 'failed' | 'wrong' | null>(null);
  const words = t.requests.import;
  const take = async (): Promise<void> => {
    setDone('working');
    try {
      setDone(await requests.takeRules(file, owner));
      onDone();
    } catch (error) {
      setDone(error instanceof DeskError && error.code === 'bad-message' ? 'wrong' : 'failed');
    }
  };
  if (done !== null && typeof done === 'object') {
    return (
      <Notice kind="good">
        <p role="status">
          {words.rulesDone(done.services + done.shared, done.known)}{' '}
          {done.hours ? words.rulesHours : words.rulesNoHours}
        </p>
      </Notice>
    );
  }
  return (
    <section class="card stack" aria-labelledby="take-rules">
      <h2 id="take-rules">{words.rules}</h2>
      <p>{words.rulesHow}</p>
      {(done === 'failed' || done === 'wrong') && (
        <p role="alert">{done === 'wrong' ? words.rulesWrong : t.common.failed}</p>
      )}
      <div class="row">
        <button type="button" class="button primary" disabled={done === 'working'} onClick={() => void take()}>
          {words.rulesDo}
        </button>
      </div>
    </section>
  );
}

/** The other way: all of the book as files. */
function TakeAlong({ owner }: { readonly owner: string }) {
  const words = useApp(requestsWords).t.requests.import;
  return (
    <section class="card stack" aria-labelledby="take-along">
      <h2 id="take-along">{words.out}</h2>
      <p>{words.outHow}</p>
      <p class="quiet">{words.outCare}</p>
      <div class="row">
        <a class="button" href={bookAddress(owner)} download="agenda.zip">
          {words.outDo}
        </a>
      </div>
    </section>
  );
}

/** How far the file is that is being taken over. */
export function Far({ far }: { readonly far: TakingOver | null }) {
  const words = useApp(requestsWords).t.requests.import;
  const known = far !== null && far.of > 0;
  return (
    <div class="stack">
      <p role="status">{known ? words.taking(far.rows, far.of) : words.checking}</p>
      <progress {...(known ? { max: far.of, value: far.rows } : {})} aria-label={words.checking} />
    </div>
  );
}

/** What would become of each row, or has. */
export function Looked({
  looked,
  done,
  working,
  onTake,
}: {
  readonly looked: TakenOver;
  readonly done: boolean;
  readonly working: boolean;
  readonly onTake: () => void;
}) {
  const { t, format } = useApp(requestsWords);
  const words = t.requests.import;
  const { fresh, known, leftOut, created, unknown, timeZone } = looked;
  const wrongFirst = [...looked.rows].sort((a, b) => weight(a) - weight(b) || a.number - b.number);
  const rows = wrongFirst.slice(0, SHOWN);
  const columns: readonly Column<TakenRow>[] = [
    { key: 'name', heading: words.name, main: true, cell: one => one.name || '–' },
    { key: 'row', heading: words.row, cell: one => one.number },
    {
      key: 'when',
      heading: words.when,
      cell: one => (one.start === '' ? '' : whenIn(one.start, timeZone, format, t.requests.inZone)),
    },
    {
      key: 'outcome',
      heading: words.outcome,
      cell: one => {
        const reason =
          words.reasons[one.outcome === 'known' ? `${one.reason}-known` : one.reason] ?? words.reasons[one.reason];
        const outcome = words.outcomes[one.outcome] ?? '';
        return reason === undefined ? outcome : t.common.pair(outcome, reason);
      },
    },
    {
      key: 'record',
      heading: words.record,
      cell: one => (one.outcome === 'new' || one.outcome === 'overbooked' ? words.records[one.patient] : ''),
    },
  ];
  return (
    <div class="stack">
      <Notice kind={fresh > 0 ? 'good' : 'bad'}>
        <div role="status">
          <p>{fresh === 0 ? words.nothing : done ? words.done(fresh) : words.would(fresh)}</p>
          <p>
            {[
              known > 0 ? words.known(known) : '',
              leftOut > 0 ? words.leftOut(leftOut) : '',
              created > 0 ? words.created(created) : '',
            ]
              .filter(text => text !== '')
              .join(' ')}
          </p>
        </div>
      </Notice>
      {!done && fresh > 0 && (
        <div class="row">
          <button type="button" class="button primary" disabled={working} onClick={onTake}>
            {words.do(fresh)}
          </button>
        </div>
      )}
      {unknown.length > 0 && <p class="quiet">{words.unknown(unknown.join(', '))}</p>}
      {timeZone !== '' && <p class="quiet">{words.zone(timeZone.slice(timeZone.lastIndexOf('/') + 1))}</p>}
      <Table
        caption={words.file}
        columns={columns}
        rows={rows}
        keyOf={one => `${one.number} ${one.start}`}
        classOf={one => (one.outcome === 'left-out' ? 'out' : '')}
      />
      {looked.rows.length > SHOWN && <p class="quiet">{words.more(looked.rows.length - SHOWN)}</p>}
    </div>
  );
}

const weight = ({ outcome, reason }: TakenRow): number =>
  outcome === 'left-out' ? 0 : outcome === 'overbooked' ? 1 : reason === '' ? 3 : 2;
