import '../styles/services.css';
import type { ComponentChildren } from 'preact';
import { mergeLists } from '../../session/merge';
import type { Rule, Schedule, ScheduleFields } from '../../session/schedules';
import { servicesWords } from '../i18n/services';
import { CalendarIcon } from '../icons';
import { useApp } from '../parts/app';
import { EmptyState } from '../parts/empty';
import { SelectField } from '../parts/field';
import { Tabs } from '../parts/tabs';
import { useOwner, useOwners } from '../patients/owner';
import type { SectionProps } from '../settings/sections';
import { useShell } from '../shell/context';
import { NothingHere } from '../shell/frame';
import { AboutForm } from './about';
import { Calendar } from './calendar';
import { Closures } from './closures';
import { withDay } from './day';
import { TakeUsualWeek } from './quick';
import { useRead, useServer } from './use';
import { Week } from './week';

const tabs = ['week', 'calendar', 'closures', 'about'] as const;
type HoursTab = (typeof tabs)[number];
const isTab = (text: string): text is HoursTab => tabs.some(one => one === text);

/** When a practitioner can be booked: one's own hours, and those of whom one works for. */
export function HoursSection({ below: [tab = tabs[0], ...rest] }: SectionProps) {
  const { t } = useApp(servicesWords);
  const words = t.services.hours;
  const owners = useOwners();
  const [owner, chooseOwner] = useOwner();
  if (rest.length > 0 || !isTab(tab)) {
    return <NothingHere />;
  }
  return (
    <section class="stack booking">
      <h2>{words.heading}</h2>
      {owners.length > 1 && (
        <SelectField
          label={words.whose}
          value={owner}
          choices={owners.map(({ id, name }) => ({ value: id, label: name }))}
          onChoose={chooseOwner}
        />
      )}
      {owner === '' ? (
        <EmptyState icon={CalendarIcon} heading={words.nobodys} />
      ) : (
        <HoursOf key={owner} owner={owner} tab={tab} />
      )}
    </section>
  );
}

/** The days of a zone's clocks that it is now. */
function todayIn(timeZone: string): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(
    new Date(),
  );
}

function HoursOf({ owner, tab }: { readonly owner: string; readonly tab: HoursTab }) {
  const { t } = useApp(servicesWords);
  const { toasts, router } = useShell();
  const { schedules, services } = useServer();
  const [schedule, setSchedule] = useRead(() => schedules.read(owner), owner);
  const [known] = useRead(() => services.list(), owner);
  if (schedule === null || known === null) {
    return <p class="soon quiet">{t.common.loading}</p>;
  }
  if (schedule === 'failed' || known === 'failed') {
    return <p class="notice bad">{t.common.loadFailed}</p>;
  }
  const change = async (edit: (now: ScheduleFields) => ScheduleFields): Promise<Schedule | null> => {
    try {
      const kept = await schedules.change(owner, edit);
      setSchedule(kept);
      toasts.say(t.common.saved);
      return kept;
    } catch {
      toasts.warn(t.services.failed);
      return null;
    }
  };
  const changed = async (edit: (now: ScheduleFields) => ScheduleFields): Promise<boolean> =>
    (await change(edit)) !== null;
  const today = todayIn(schedule.timeZone);
  const panels: Record<HoursTab, ComponentChildren> = {
    week: (
      <>
        {schedule.weekly.length === 0 && schedule.extra.length === 0 && <TakeUsualWeek onTake={changed} />}
        <Week
          schedule={schedule}
          services={known}
          onSave={async (base, mine) => {
            const kept = await change(now => ({ ...now, weekly: inOrder(mergeLists(base, mine, now.weekly)) }));
            return kept?.weekly ?? null;
          }}
        />
      </>
    ),
    calendar: (
      <Calendar
        schedule={schedule}
        today={today}
        onDay={(date, kind, hours) => changed(now => withDay(now, date, kind, hours))}
      />
    ),
    closures: <Closures schedule={schedule} today={today} onChange={changed} />,
    about: <AboutForm schedule={schedule} onChange={changed} />,
  };
  const words = t.services.hours;
  const names: Record<HoursTab, string> = {
    week: words.week,
    calendar: words.calendar,
    closures: words.closures,
    about: words.about,
  };
  return (
    <Tabs
      label={words.heading}
      tabs={tabs.map(id => ({ id, label: names[id] }))}
      current={tab}
      onChoose={id => router.replace(`/desk/settings/hours/${id}`)}
    >
      {/* All of them stay: what was written in one and is not saved yet is not lost by a look into another. */}
      {tabs.map(id => (
        <div key={id} class="stack" hidden={id !== tab}>
          {panels[id]}
        </div>
      ))}
    </Tabs>
  );
}

const inOrder = (rules: readonly Rule[]): readonly Rule[] =>
  [...rules].sort((a, b) => a.weekday - b.weekday || (a.from < b.from ? -1 : 1));
