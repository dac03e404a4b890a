// When practitioners can be booked, and what is free, over consult/api (operations_schedules.go). Days are YYYY-MM-DD, times of day HH:MM
// on the clocks of the schedule's zone.

import { DeskError, field, fields, items, number, texts } from './http';
import { among, type Modality, modalities, type Requests } from './services';
import { type Texts, textsBy } from './texts';

export interface Hours {
  readonly from: string;
  /** Not after from: it is the next day's. */
  readonly to: string;
  /** One of the schedule's places, or ''. */
  readonly place: string;
  /** None: those of the service. */
  readonly modalities: readonly Modality[];
  /** None: all. */
  readonly services: readonly string[];
}

/** Hours that come again every week, or every so many. */
export interface Rule extends Hours {
  /** 0 is Sunday. */
  readonly weekday: number;
  /** First and last day, or ''. */
  readonly since: string;
  readonly until: string;
  readonly every: number;
}

/** One day in place of all else that it would have, but extra hours. Without hours it is closed. */
export interface Exception {
  readonly date: string;
  readonly hours: readonly Hours[];
}

/** Days that are closed, the last one too. */
export interface Period {
  readonly from: string;
  readonly to: string;
}

/** Hours of one day beside all others. */
export interface Session extends Hours {
  readonly date: string;
}

export const holidayCalendars = [
  '',
  'fr',
  'fr-alsace-moselle',
  'fr-guadeloupe',
  'fr-guyane',
  'fr-martinique',
  'fr-mayotte',
  'fr-reunion',
] as const;
export type HolidayCalendar = (typeof holidayCalendars)[number];

export interface ScheduleFields {
  readonly name: string;
  readonly timeZone: string;
  readonly languages: readonly string[];
  readonly weekly: readonly Rule[];
  readonly exceptions: readonly Exception[];
  readonly closed: readonly Period[];
  readonly holidays: HolidayCalendar;
  readonly extra: readonly Session[];
  /** Addresses by the place's name. */
  readonly places: Texts;
}

export interface Schedule extends ScheduleFields {
  readonly practitioner: string;
  /** 0: nothing was written yet. */
  readonly revision: number;
}

export interface Holiday {
  readonly date: string;
  /** A word to translate. */
  readonly name: string;
}

export interface FreeTime {
  readonly start: string;
  readonly end: string;
  readonly practitioner: string;
  readonly practitionerName: string;
  readonly timeZone: string;
  readonly place: string;
  readonly address: string;
  readonly modalities: readonly Modality[];
}

export interface FreeQuery {
  readonly service: string;
  readonly practitioner?: string;
  readonly modality?: Modality | '';
  readonly language?: string;
  readonly limit?: number;
}

export const plainHours = (from: string, to: string): Hours => ({ from, to, place: '', modalities: [], services: [] });

/** Monday to Friday, nine to twelve and two to six. */
export const usualWeek: readonly Rule[] = [1, 2, 3, 4, 5].flatMap(weekday =>
  [plainHours('09:00', '12:00'), plainHours('14:00', '18:00')].map(hours => ({ ...hours, ...everyWeek(weekday) })),
);

/** Where the public holidays of the code du travail are kept: metropolitan France and overseas. */
const calendarsOfZones: ReadonlyMap<string, HolidayCalendar> = new Map([
  ['Europe/Paris', 'fr'],
  ['America/Guadeloupe', 'fr-guadeloupe'],
  ['America/Martinique', 'fr-martinique'],
  ['America/Cayenne', 'fr-guyane'],
  ['America/Miquelon', 'fr'],
  ['America/Marigot', 'fr'],
  ['America/St_Barthelemy', 'fr'],
  ['Indian/Reunion', 'fr-reunion'],
  ['Indian/Mayotte', 'fr-mayotte'],
]);

/** The usual week, put into a schedule that has no hours; with public holidays where we know the country's. */
export const withUsualWeek = (now: ScheduleFields): ScheduleFields => ({
  ...now,
  weekly: usualWeek,
  holidays: now.holidays === '' ? (calendarsOfZones.get(now.timeZone) ?? '') : now.holidays,
});

export function everyWeek(weekday: number): Omit<Rule, keyof Hours> {
  return { weekday, since: '', until: '', every: 1 };
}

const attempts = 5;
const atOnce = 42; // days of a book
const takesTime = ['requested', 'booked', 'arrived', 'in-visit'];

/** The server's operations on schedules. Everything rejects with DeskError. */
export class Schedules {
  readonly #desk: Requests;

  constructor(desk: Requests) {
    this.#desk = desk;
  }

  async read(account: string): Promise<Schedule> {
    return scheduleOf(await this.#desk.request('GET', `/schedules/${account}`));
  }

  /** Changes a schedule as it is now: when somebody else is quicker, what they have written is read and changed. */
  async change(account: string, edit: (now: Schedule) => ScheduleFields): Promise<Schedule> {
    for (let tries = 1; ; tries++) {
      const now = await this.read(account);
      try {
        const body = { revision: now.revision, ...wireOf(edit(now)) };
        return scheduleOf(await this.#desk.request('PUT', `/schedules/${account}`, body));
      } catch (error) {
        if (!(error instanceof DeskError) || error.code !== 'conflict' || tries === attempts) {
          throw error;
        }
      }
    }
  }

  async holidays(calendar: HolidayCalendar, from: string, days: number): Promise<readonly Holiday[]> {
    if (calendar === '') {
      return [];
    }
    const answer = await this.#desk.request('GET', `/holidays/${calendar}?from=${from}&days=${days}`);
    return items(answer, 'holidays').map(one => fields(one, 'date', 'name'));
  }

  /** How many appointments are agreed on these days: they stay, also when the days are closed. */
  async taken(account: string, from: string, to: string): Promise<number> {
    let count = 0;
    const last = Math.min(dayNumber(to), dayNumber(from) + 366);
    for (let day = dayNumber(from); day <= last; day += atOnce) {
      const until = dateOf(Math.min(day + atOnce - 1, last));
      const answer = await this.#desk.request(
        'GET',
        `/appointments?practitioner=${account}&from=${dateOf(day)}&to=${until}`,
      );
      count += items(answer, 'books')
        .flatMap(book => items(book, 'appointments'))
        .filter(one => takesTime.includes(field(one, 'state') ?? '')).length;
    }
    return count;
  }

  /** What a patient is offered. */
  async freeTimes(query: FreeQuery): Promise<readonly FreeTime[]> {
    const said = Object.entries(query).filter(([, value]) => value !== '' && value !== undefined);
    const asked = new URLSearchParams(said.map(([name, value]) => [name, String(value)]));
    return items(await this.#desk.request('GET', `/free-times?${asked}`), 'times').map(one => ({
      ...fields(one, 'start', 'end', 'practitioner'),
      practitionerName: field(one, 'practitioner_name') ?? '',
      timeZone: field(one, 'time_zone') ?? '',
      place: field(one, 'place') ?? '',
      address: field(one, 'address') ?? '',
      modalities: among(one, 'modalities', modalities),
    }));
  }
}

export interface DayPlan {
  /** In order. */
  readonly hours: readonly Hours[];
  /** Why it is not as every week; '' when it is. */
  readonly why: '' | 'exception' | 'holiday' | 'closed';
  readonly extra: boolean;
}

/** What a day has: consult/booking's HoursOn. */
export function planOf(schedule: ScheduleFields, date: string, holidays: readonly Holiday[]): DayPlan {
  const extra = schedule.extra.filter(one => one.date === date);
  const exception = schedule.exceptions.find(one => one.date === date);
  const holiday = schedule.holidays !== '' && holidays.some(one => one.date === date);
  const closed = schedule.closed.some(({ from, to }) => from <= date && date <= to);
  const why = exception !== undefined ? 'exception' : holiday ? 'holiday' : closed ? 'closed' : '';
  const plain = exception?.hours ?? (why === '' ? schedule.weekly.filter(rule => comes(rule, date)) : []);
  const hours = [...plain, ...extra].sort((a, b) => (a.from < b.from ? -1 : 1));
  return { hours, why, extra: extra.length > 0 };
}

const dayMs = 86_400_000;
/** Days since 1970, a Thursday. */
export const dayNumber = (date: string): number => Math.round(Date.parse(`${date}T00:00:00Z`) / dayMs);
export const dateOf = (day: number): string => new Date(day * dayMs).toISOString().slice(0, 10);
/** 0 is Sunday. */
export const weekdayOf = (date: string): number => (((dayNumber(date) + 4) % 7) + 7) % 7;
const mondayOf = (date: string): number => dayNumber(date) - ((weekdayOf(date) + 6) % 7);

function comes(rule: Rule, date: string): boolean {
  if (rule.weekday !== weekdayOf(date) || date < rule.since || (rule.until !== '' && date > rule.until)) {
    return false;
  }
  return rule.every <= 1 || ((mondayOf(date) - mondayOf(rule.since)) / 7) % rule.every === 0;
}

/** Whether two ranges of one day overlap; one that ends after midnight goes on until then. */
export function overlap(a: Hours, b: Hours): boolean {
  const end = ({ from, to }: Hours): string => (to <= from ? '48:00' : to);
  return a.from < end(b) && b.from < end(a);
}

const hoursOf = (answer: unknown): Hours => ({
  ...fields(answer, 'from', 'to'),
  place: field(answer, 'place') ?? '',
  modalities: among(answer, 'modalities', modalities),
  services: texts(answer, 'services'),
});

function scheduleOf(answer: unknown): Schedule {
  return {
    ...fields(answer, 'practitioner', 'name'),
    timeZone: field(answer, 'time_zone') ?? '',
    revision: number(answer, 'revision'),
    languages: texts(answer, 'languages'),
    weekly: items(answer, 'weekly').map(one => ({
      ...hoursOf(one),
      weekday: number(one, 'weekday'),
      since: field(one, 'since') ?? '',
      until: field(one, 'until') ?? '',
      every: Math.max(1, number(one, 'every_weeks')),
    })),
    exceptions: items(answer, 'exceptions').map(one => ({
      ...fields(one, 'date'),
      hours: items(one, 'hours').map(hoursOf),
    })),
    closed: items(answer, 'closed').map(one => fields(one, 'from', 'to')),
    holidays: holidayCalendars.find(one => one === field(answer, 'holidays')) ?? '',
    extra: items(answer, 'extra').map(one => ({ ...hoursOf(one), ...fields(one, 'date') })),
    places: textsBy(answer, 'places'),
  };
}

const wireHours = ({ from, to, place, modalities: by, services }: Hours): object => ({
  from,
  to,
  ...(place === '' ? {} : { place }),
  ...(by.length === 0 ? {} : { modalities: by }),
  ...(services.length === 0 ? {} : { services }),
});

function wireOf(schedule: ScheduleFields): object {
  return {
    name: schedule.name,
    time_zone: schedule.timeZone,
    languages: schedule.languages,
    weekly: schedule.weekly.map(rule => ({
      ...wireHours(rule),
      weekday: rule.weekday,
      ...(rule.since === '' ? {} : { since: rule.since }),
      ...(rule.until === '' ? {} : { until: rule.until }),
      ...(rule.every <= 1 ? {} : { every_weeks: rule.every }),
    })),
    exceptions: schedule.exceptions.map(one => ({ date: one.date, hours: one.hours.map(wireHours) })),
    closed: schedule.closed,
    holidays: schedule.holidays,
    extra: schedule.extra.map(one => ({ ...wireHours(one), date: one.date })),
    places: schedule.places,
  };
}
