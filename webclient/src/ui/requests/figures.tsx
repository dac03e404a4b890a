import { useEffect, useState } from 'preact/hooks';
import { type Counted, counted, type Figure } from '../../session/requests';
import { requestsWords } from '../i18n/requests';
import type { RequestsWords } from '../i18n/requests/words';
import { useApp } from '../parts/app';
import { SelectField, TextField } from '../parts/field';
import { usePart } from '../parts/hooks';
import { type Column, Table } from '../parts/table';
import { useShell } from '../shell/context';
import { useRequests } from './use';

/** How many appointments there were, and what became of them, by month and service; as a table to take along, too. */
export function Figures() {
  const { desk } = useShell();
  const { t, format } = useApp(requestsWords);
  const requests = useRequests();
  const owners = usePart(desk, snapshot => snapshot.me?.actsFor ?? []);
  const month = format.dayOf(new Date()).slice(0, 7);
  const [from, setFrom] = useState(`${month.slice(0, 4)}-01`);
  const [to, setTo] = useState(month);
  const [owner, setOwner] = useState('');
  const [list, setList] = useState<readonly Figure[] | null>(null);
  const [failed, setFailed] = useState(false);
  useEffect(() => {
    let gone = false;
    requests.figures(from, to, owner).then(
      found => {
        if (!gone) {
          setList(found);
          setFailed(false);
        }
      },
      () => !gone && setFailed(true),
    );
    return () => {
      gone = true;
    };
  }, [from, to, owner]);
  const { figures } = t.requests;
  const months = new Intl.DateTimeFormat(document.documentElement.lang || undefined, {
    month: 'long',
    year: 'numeric',
    timeZone: 'UTC',
  });
  const columns: readonly Column<Figure>[] = [
    { key: 'month', heading: figures.month, main: true, cell: one => nameOf(one, months, figures.total) },
    { key: 'service', heading: figures.service, cell: one => one.label },
    ...counted.map(name => ({ key: name, heading: figures.counted[name], cell: (one: Figure) => one.of[name] })),
    { key: 'rate', heading: figures.rate, cell: one => rateOf(one.of) },
  ];
  return (
    <div class="stack">
      <div class="row figures-choice">
        <TextField label={figures.from} type="month" value={from} max={to} onInput={setFrom} />
        <TextField label={figures.to} type="month" value={to} min={from} onInput={setTo} />
        {owners.length > 1 && (
          <SelectField
            label={figures.whose}
            value={owner}
            choices={[{ value: '', label: figures.all }, ...owners.map(({ id, name }) => ({ value: id, label: name }))]}
            onChoose={setOwner}
          />
        )}
      </div>
      {failed ? (
        <p class="notice">{t.requests.failed}</p>
      ) : list === null ? (
        <p class="soon quiet">{t.common.loading}</p>
      ) : list.length === 0 ? (
        <p>{figures.none}</p>
      ) : (
        <>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached with the keyboard */}
          <section class="figures-table" tabIndex={0} aria-label={t.requests.tabs.figures}>
            <Table
              caption={t.requests.tabs.figures}
              columns={columns}
              rows={[...list, totalOf(list)]}
              keyOf={one => `${one.month}${one.service}`}
              classOf={one => (one.month === '' ? 'total' : '')}
            />
          </section>
          <p class="quiet">{figures.hint}</p>
          <div class="row">
            <a class="button" download={`${figures.file}-${from}-${to}.csv`} href={tableOf(list, figures)}>
              {figures.download}
            </a>
          </div>
        </>
      )}
    </div>
  );
}

function nameOf({ month }: Figure, months: Intl.DateTimeFormat, total: string): string {
  return month === '' ? total : months.format(new Date(`${month}-15T12:00:00Z`));
}

/** Patients who did not come, among what took place or should have; '' when there is nothing to compare with. */
function rateOf(of: Figure['of']): string {
  const all = of.fulfilled + of.no_show_patient + of.no_show_practitioner;
  return all === 0
    ? ''
    : new Intl.NumberFormat(document.documentElement.lang || undefined, {
        style: 'percent',
        maximumFractionDigits: 1,
      }).format(of.no_show_patient / all);
}

function totalOf(list: readonly Figure[]): Figure {
  const of = Object.fromEntries(counted.map(name => [name, list.reduce((sum, one) => sum + one.of[name], 0)]));
  return { month: '', service: '', label: '', of: of as Record<Counted, number> };
}

/** The same as CSV, for spreadsheets: with semicolons, as those in Europe read, and a mark that says UTF-8. */
function tableOf(list: readonly Figure[], words: RequestsWords['requests']['figures']): string {
  const quoted = (text: string): string => `"${(/^[=+\-@\t]/.test(text) ? `'${text}` : text).replaceAll('"', '""')}"`;
  const lines = [
    [words.month, words.service, ...counted.map(name => words.counted[name])].map(quoted),
    ...list.map(one => [one.month, quoted(one.label), ...counted.map(name => String(one.of[name]))]),
  ];
  return `data:text/csv;charset=utf-8,${encodeURIComponent(`\ufeff${lines.map(line => line.join(';')).join('\r\n')}\r\n`)}`;
}
