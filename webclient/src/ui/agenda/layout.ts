import { type AgendaDay, type Appointment, type Book, type Interval, takesTime } from '../../session/agenda';
import { wallMinutes, wallOf } from '../../session/zone';

/**
 * What lies where in a grid; nothing here draws. Minutes are those since the column's day began, as its clocks run: a day on which an hour comes
 * twice has 25 of them. Where days of both kinds stand side by side, the shorter ones have a hole, so that one clock at the side is true for
 * all.
 */

/** One column: one day of one book. */
export interface Column {
  readonly key: string;
  readonly book: Book;
  readonly day: Aligned;
  readonly cards: readonly Card[];
  /** The free rest, to be booked; in order. */
  readonly slots: readonly Slot[];
}

export interface Span {
  readonly from: number;
  readonly to: number;
}

/** An appointment, and beside how many others it stands. */
export interface Card extends Span {
  readonly appointment: Appointment;
  readonly lane: number;
  readonly lanes: number;
}

export type SlotKind = 'free' | 'closed' | 'blocked' | 'held';

export interface Slot extends Span {
  readonly kind: SlotKind;
}

const MINUTE = 60_000; // milliseconds
export const STEP = 15; // minutes of an empty slot, and of one arrow key
export const FINE = 5; // minutes to which what is dragged snaps
const HOUR = 60; // minutes
const WITHIN: Span = { from: 8 * HOUR, to: 18 * HOUR }; // what is shown of days that have nothing

/** A day, and minutes that its clocks do not show while those beside it do; null when there are none. */
export type Aligned = AgendaDay & { readonly hole?: Span | null };

type Dated = Interval & { readonly hole?: Span | null };

/** The minutes of an instant since a day began. */
export function minuteOf({ from, hole }: Dated, instant: string): number {
  const minute = Math.round((Date.parse(instant) - Date.parse(from)) / MINUTE);
  return hole == null || minute < hole.from ? minute : minute + hole.to - hole.from;
}

/** The instant of a minute of a day; in a hole that of its end. */
export function instantOf({ from, hole }: Dated, minute: number): string {
  const ran = hole == null || minute < hole.from ? minute : Math.max(hole.from, minute - (hole.to - hole.from));
  return new Date(Date.parse(from) + ran * MINUTE).toISOString();
}

/** How many minutes a day has. */
const lengthOf = ({ from, to }: Interval): number => Math.round((Date.parse(to) - Date.parse(from)) / MINUTE);

/** After how many minutes of a day its clocks are changed: the first that is further from midnight than it seems. */
function changedAt({ date, from, to }: AgendaDay, zone: string): number {
  for (let minute = 0; minute < lengthOf({ from, to }); minute += STEP) {
    const wall = wallOf(instantOf({ from, to }, minute), zone);
    if (wallMinutes(wall) - wallMinutes({ date, time: '00:00' }) !== minute) {
      return minute;
    }
  }
  return 0;
}

/** The books with the holes that their days need, so that the same minute is the same time in all columns. */
export function aligned(books: readonly Book[]): readonly (Book & { readonly days: readonly Aligned[] })[] {
  const all = books.flatMap(book => book.days.map(day => ({ day, zone: book.timeZone, length: lengthOf(day) })));
  const longest = Math.max(...all.map(one => one.length));
  const long = all.find(one => one.length === longest);
  if (long === undefined || all.every(one => one.length === longest)) {
    return books;
  }
  const ordinary = 24 * HOUR;
  const holeOf = (day: AgendaDay, zone: string): Span | null => {
    const missing = longest - lengthOf(day);
    if (missing === 0) {
      return null;
    }
    // What an ordinary day lacks beside a longer one is there; a shorter one lacks it itself.
    const at = lengthOf(day) < ordinary ? changedAt(day, zone) : changedAt(long.day, long.zone);
    return { from: at, to: at + missing };
  };
  return books.map(book => ({ ...book, days: book.days.map(day => ({ ...day, hole: holeOf(day, book.timeZone) })) }));
}

/** A day whose minutes are what its clocks show, to name the hours of all; undefined: there are no columns. */
export function clockOf(columns: readonly Column[]): Column | undefined {
  return columns.find(({ day }) => day.hole == null) ?? columns[0];
}

/** A minute that a day has, for one in its hole: the last before it on the way up, the first after it on the way down. */
export function outOfHole({ hole }: Aligned, minute: number, down: number): number {
  if (hole == null || minute < hole.from || minute >= hole.to) {
    return minute;
  }
  return down < 0 ? hole.from - STEP : hole.to;
}

/** Where something lies; what ends when a hole begins ends there. */
function spanOf(day: Aligned, { from, to }: Interval): Span {
  const last = new Date(Date.parse(to) - MINUTE).toISOString();
  return { from: minuteOf(day, from), to: minuteOf(day, last) + 1 };
}

/** The appointments that start on a day; of those that were cancelled none. */
export function onDay({ appointments }: Book, day: AgendaDay): readonly Appointment[] {
  return appointments.filter(
    one =>
      takesTime(one) &&
      one.start >= day.from.slice(0, 19) &&
      Date.parse(one.start) >= Date.parse(day.from) &&
      Date.parse(one.start) < Date.parse(day.to),
  );
}

/** Whole hours that hold everything that is open or agreed. */
export function hoursOf(books: readonly Book[]): Span {
  const all = books.flatMap(book =>
    book.days.flatMap(day => [
      ...day.open.map(one => spanOf(day, one)),
      ...onDay(book, day).map(one => spanOf(day, { from: one.start, to: one.end })),
    ]),
  );
  if (all.length === 0) {
    return WITHIN;
  }
  const from = Math.min(...all.map(one => one.from));
  const to = Math.max(...all.map(one => one.to));
  return { from: Math.floor(from / HOUR) * HOUR, to: Math.min(Math.ceil(to / HOUR) * HOUR, 25 * HOUR) };
}

/** Puts appointments that overlap beside each other. */
export function cardsOf(day: Aligned, appointments: readonly Appointment[]): readonly Card[] {
  const sorted = appointments
    .map(appointment => ({ appointment, ...spanOf(day, { from: appointment.start, to: appointment.end }) }))
    .sort((a, b) => a.from - b.from || b.to - a.to);
  const cards: Card[] = [];
  let group: { readonly at: number; lane: number }[] = [];
  let lanes: number[] = []; // when each lane is free again
  let until = Number.NEGATIVE_INFINITY;
  const close = (): void => {
    for (const { at, lane } of group) {
      const card = sorted[at];
      if (card !== undefined) {
        cards.push({ ...card, lane, lanes: lanes.length });
      }
    }
    group = [];
    lanes = [];
  };
  sorted.forEach(({ from, to }, at) => {
    if (from >= until) {
      close();
    }
    const free = lanes.findIndex(end => end <= from);
    const lane = free < 0 ? lanes.length : free;
    lanes[lane] = to;
    group.push({ at, lane });
    until = Math.max(until, to);
  });
  close();
  return cards;
}

/** The rest of the hours in steps, each beginning on the clock or where an appointment ends. */
export function slotsOf(day: Aligned, cards: readonly Span[], hours: Span): readonly Slot[] {
  const open = day.open.map(one => spanOf(day, one));
  const blocked = day.blocked.map(one => spanOf(day, one));
  const held = day.held.map(one => spanOf(day, one));
  const slots: Slot[] = [];
  for (let from = hours.from; from < hours.to; ) {
    const over = cards.find(card => card.from <= from && card.to > from);
    if (over !== undefined) {
      from = over.to;
      continue;
    }
    if (day.hole != null && from >= day.hole.from && from < day.hole.to) {
      from = day.hole.to;
      continue;
    }
    const next = Math.min(...cards.filter(card => card.from > from).map(card => card.from), hours.to);
    const to = Math.min((Math.floor(from / STEP) + 1) * STEP, next);
    const touches = (one: Span): boolean => one.from < to && one.to > from;
    const kind = blocked.some(touches)
      ? 'blocked'
      : held.some(touches)
        ? 'held'
        : open.some(one => one.from <= from && one.to >= to)
          ? 'free'
          : 'closed';
    slots.push({ from, to, kind });
    from = to;
  }
  return slots;
}

/** Every day of every book, in the order in which they are shown. */
export function columnsOf(books: readonly Book[], hours: Span): readonly Column[] {
  return books.flatMap(book =>
    book.days.map(day => {
      const cards = cardsOf(day, onDay(book, day));
      return { key: `${book.practitioner}/${day.date}`, book, day, cards, slots: slotsOf(day, cards, hours) };
    }),
  );
}

/** What is kept free around a column's appointments, as far as it is shown. */
export function buffersOf({ cards }: Column): readonly Span[] {
  return cards.flatMap(({ appointment, from, to }) => [
    ...(appointment.before > 0 ? [{ from: from - appointment.before, to: from }] : []),
    ...(appointment.after > 0 ? [{ from: to, to: to + appointment.after }] : []),
  ]);
}

/** What of spans lies within the hours. */
export function shownOf(spans: readonly Span[], hours: Span): readonly Span[] {
  return spans
    .map(({ from, to }) => ({ from: Math.max(from, hours.from), to: Math.min(to, hours.to) }))
    .filter(({ from, to }) => from < to);
}

export function openOf({ day }: Column): readonly Span[] {
  return day.open.map(one => spanOf(day, one));
}

export function blockedOf({ day }: Column): readonly Span[] {
  return [...day.blocked, ...day.held].map(one => spanOf(day, one));
}

/** A thing in a column that keys go to: an appointment or an empty slot, by when it begins. */
export interface Stop extends Span {
  readonly id: string;
}

/** Everything that the keys go to in a column, from top to bottom. */
export function stopsOf({ key, cards, slots }: Column): readonly Stop[] {
  return [
    ...cards.map(({ appointment, from, to }) => ({ id: appointment.id, from, to })),
    ...slots.map(({ from, to }) => ({ id: `${key}/${from}`, from, to })),
  ].sort((a, b) => a.from - b.from || a.id.localeCompare(b.id));
}

/** Where an arrow leads: up and down within the column, sideways to what is there at the same time. */
export function arrow(columns: readonly Column[], at: string, across: number, down: number): string {
  const all = columns.map(stopsOf);
  const column = all.findIndex(stops => stops.some(stop => stop.id === at));
  const stops = all[column] ?? [];
  const index = stops.findIndex(stop => stop.id === at);
  const here = stops[index];
  if (here === undefined) {
    return all[0]?.[0]?.id ?? '';
  }
  if (down !== 0) {
    return stops[Math.max(0, Math.min(stops.length - 1, index + down))]?.id ?? at;
  }
  const beside = all[column + across] ?? [];
  return (
    (
      beside.find(stop => stop.from <= here.from && stop.to > here.from) ??
      beside.find(stop => stop.to > here.from) ??
      beside.at(-1)
    )?.id ?? at
  );
}

/** Monday of the week of a day (YYYY-MM-DD). */
export function mondayOf(date: string): string {
  const at = new Date(`${date}T12:00:00Z`);
  at.setUTCDate(at.getUTCDate() - ((at.getUTCDay() + 6) % 7));
  return at.toISOString().slice(0, 10);
}
