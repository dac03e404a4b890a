import { useEffect, useState } from 'preact/hooks';
import { everyWeek, overlap, plainHours, type Rule, type Schedule } from '../../session/schedules';
import type { Service } from '../../session/services';
import { servicesWords } from '../i18n/services';
import { WarningIcon } from '../icons';
import { useApp } from '../parts/app';
import { weekdaysIn } from '../parts/format';
import { Unsaved } from '../shell/unsaved';
import { complete, nextHours, Range } from './ranges';
import { RuleDialog } from './rule';

interface WeekProps {
  readonly schedule: Schedule;
  readonly services: readonly Service[];
  /** Resolves with what there is now, somebody else's changes among it; with null when it was not saved. */
  readonly onSave: (base: readonly Rule[], mine: readonly Rule[]) => Promise<readonly Rule[] | null>;
}

const days = [1, 2, 3, 4, 5, 6, 0];
const same = (a: readonly Rule[], b: readonly Rule[]): boolean => JSON.stringify(a) === JSON.stringify(b);

/** The hours of every week, day by day. */
export function Week({ schedule, services, onSave }: WeekProps) {
  const { t, language } = useApp(servicesWords);
  const words = t.services.hours;
  const [base, setBase] = useState(schedule.weekly);
  const [rules, setRules] = useState(schedule.weekly);
  const [tried, setTried] = useState(false);
  const [working, setWorking] = useState(false);
  const [details, setDetails] = useState<number | null>(null);
  useEffect(() => {
    if (same(rules, base)) {
      setBase(schedule.weekly);
      setRules(schedule.weekly);
    }
  }, [schedule]);
  const names = weekdaysIn(language, 'long');
  const of = (weekday: number): { rule: Rule; at: number }[] =>
    rules.flatMap((rule, at) => (rule.weekday === weekday ? [{ rule, at }] : []));
  const change = (at: number, to: Partial<Rule>): void =>
    setRules(rules.map((one, index) => (index === at ? { ...one, ...to } : one)));
  const copy = (from: number): void => {
    const model = of(from).map(({ rule }) => rule);
    setRules([
      ...rules.filter(({ weekday }) => weekday === 0 || weekday === 6 || weekday === from),
      ...[1, 2, 3, 4, 5].filter(day => day !== from).flatMap(day => model.map(rule => ({ ...rule, weekday: day }))),
    ]);
  };
  const save = async (): Promise<void> => {
    setTried(true);
    if (!rules.every(rule => complete(rule) && (rule.every <= 1 || rule.since !== ''))) {
      return;
    }
    setWorking(true);
    const kept = await onSave(base, rules);
    if (kept !== null) {
      setBase(kept);
      setRules(kept);
      setTried(false);
    }
    setWorking(false);
  };
  const open = details === null ? undefined : rules[details];
  return (
    <form
      class="card stack"
      noValidate
      onSubmit={event => {
        event.preventDefault();
        void save();
      }}
    >
      <div>
        <h3 class="hidden-text">{words.week}</h3>
        <p class="quiet">{words.weekHint}</p>
      </div>
      <Unsaved unsaved={!same(rules, base)} />
      <ul class="week">
        {days.map(weekday => {
          const name = names[weekday] ?? '';
          const own = of(weekday);
          return (
            <li key={weekday}>
              <h4>{name}</h4>
              <div class="ranges">
                {own.length === 0 && <span class="quiet">{words.closed}</span>}
                {own.map(({ rule, at }, before) => (
                  <Range
                    key={at}
                    hours={rule}
                    day={name}
                    before={before}
                    wrong={tried}
                    onChange={to => change(at, to)}
                    onRemove={() => setRules(rules.filter((_, index) => index !== at))}
                  >
                    <button
                      type="button"
                      class="button plain small"
                      aria-label={words.more(name, rule.from)}
                      onClick={() => setDetails(at)}
                    >
                      {words.moreShort}
                    </button>
                    <Told rule={rule} services={services} />
                    {tried && rule.every > 1 && rule.since === '' && (
                      <p class="trouble error">
                        <WarningIcon />
                        {words.sinceNeeded}
                      </p>
                    )}
                  </Range>
                ))}
                {overlapping(own.map(({ rule }) => rule)) && (
                  <p class="trouble">
                    <WarningIcon />
                    {words.overlaps}
                  </p>
                )}
                <div class="row">
                  <button
                    type="button"
                    class="button small"
                    aria-label={words.addOn(name)}
                    onClick={() =>
                      setRules([
                        ...rules,
                        { ...plainHours('', ''), ...nextHours(own.at(-1)?.rule), ...everyWeek(weekday) },
                      ])
                    }
                  >
                    {words.add}
                  </button>
                  {weekday === 1 && own.length > 0 && (
                    <button
                      type="button"
                      class="button plain small"
                      aria-label={words.copyOn(name)}
                      onClick={() => copy(weekday)}
                    >
                      {words.copy}
                    </button>
                  )}
                </div>
              </div>
            </li>
          );
        })}
      </ul>
      <div class="row">
        <button type="submit" class="button primary" disabled={working || same(rules, base)}>
          {t.common.save}
        </button>
        {!same(rules, base) && (
          <button type="button" class="button" onClick={() => setRules(base)}>
            {t.common.cancel}
          </button>
        )}
      </div>
      {open !== undefined && details !== null && (
        <RuleDialog
          rule={open}
          day={names[open.weekday] ?? ''}
          places={Object.keys(schedule.places)}
          services={services}
          onChange={to => change(details, to)}
          onClose={() => setDetails(null)}
        />
      )}
    </form>
  );
}

/** What is special about a rule, in words. */
function Told({ rule, services }: { readonly rule: Rule; readonly services: readonly Service[] }) {
  const { t, language, format } = useApp(servicesWords);
  const words = t.services.hours;
  const parts = [
    rule.every > 1 ? (words.everyWeeks[rule.every - 1] ?? '') : '',
    rule.since === '' ? '' : `${words.since} ${format.date(rule.since)}`,
    rule.until === '' ? '' : `${words.until} ${format.date(rule.until)}`,
    rule.place,
    ...rule.modalities.map(one => t.services.modalities[one]),
    ...rule.services.map(id => services.find(one => one.id === id)?.label[language] ?? ''),
  ].filter(Boolean);
  return parts.length === 0 ? null : <span class="quiet told">{parts.join(' · ')}</span>;
}

/** Whether two ranges of a day that come every week lie over each other. */
function overlapping(rules: readonly Rule[]): boolean {
  const plain = rules.filter(rule => complete(rule) && rule.every <= 1 && rule.since === '' && rule.until === '');
  return plain.some((a, i) => plain.slice(i + 1).some(b => overlap(a, b)));
}
