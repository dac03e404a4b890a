// Agenda is the appointment book of some practitioners on some days, over the operations of consult/api (operations_appointments.go).

import { SnapshotStore } from '../store';
import { type Answer, answersOf } from './answers';
import { list, type Request } from './entering';
import { contactOf, DeskError, field, fields, number, part, text, texts } from './http';

export type Modality = 'video' | 'phone' | 'in-person';
export const modalities: readonly Modality[] = ['video', 'phone', 'in-person'];
export type Absence = 'patient' | 'practitioner';
export type AppointmentState =
  | 'requested'
  | 'booked'
  | 'arrived'
  | 'in-visit'
  | 'interrupted'
  | 'fulfilled'
  | 'converted-to-phone'
  | 'to-rebook'
  | 'noshow'
  | 'cancelled'
  | 'refused'
  | 'entered-in-error';

/** An appointment. Instants are RFC 3339 in UTC; texts are '' for nothing. */
export interface Appointment {
  readonly id: string;
  readonly state: AppointmentState;
  readonly service: string;
  readonly label: string;
  readonly practitioner: string;
  readonly practitionerName: string;
  /** Their record. */
  readonly patient: string;
  readonly name: string;
  readonly birthDate: string;
  readonly language: string;
  /** Of the patient; '' for the practitioner's. */
  readonly patientZone: string;
  readonly phone: string;
  readonly mail: string;
  /** sms, mail or handed. */
  readonly reach: string;
  readonly needs: readonly string[];
  readonly start: string;
  readonly end: string;
  readonly timeZone: string;
  /** Minutes that are kept free. */
  readonly before: number;
  readonly after: number;
  readonly modality: Modality;
  readonly place: string;
  readonly note: string;
  readonly consultation: string;
  readonly series: string;
  readonly overbooked: boolean;
  readonly arrivedAt: string | null;
  readonly absent: Absence | '';
  /** What it looks like, when it is over and nobody said. */
  readonly proposed: { readonly state: AppointmentState; readonly absent: Absence | '' } | null;
  readonly told: boolean;
  readonly canUndo: boolean;
  /** Since when the patient says, by their calendar program, that they won't come; '' when they do not. */
  readonly declinedAt: string;
  readonly changedAt: string;
}

/** One thing that happened to an appointment. */
export interface Change {
  readonly at: string;
  readonly by: string;
  readonly byName: string;
  readonly action: string;
  readonly reason: string;
  readonly was: string | null;
  readonly fromName: string;
  readonly who: Absence | '';
}

/** One date of the series to which an appointment belongs. */
export interface DateInSeries
  extends Pick<Appointment, 'id' | 'start' | 'timeZone' | 'state' | 'absent' | 'practitioner' | 'practitionerName'> {}

/** Where an appointment stands in its series. */
export interface InSeries {
  /** From 1, by its start. */
  readonly number: number;
  readonly of: number;
  /** In order, this one among them. */
  readonly dates: readonly DateInSeries[];
  /** How many are with somebody whose book one does not keep: they are not among the dates. */
  readonly elsewhere: number;
}

/** What became of the rest of a series. */
export interface CancelledFollowing {
  readonly cancelled: readonly DateInSeries[];
  /** What could not be cancelled. */
  readonly kept: readonly DateInSeries[];
}

export interface MovedFollowing {
  /** With their new times. */
  readonly moved: readonly DateInSeries[];
  /** What stands where it stood. */
  readonly kept: readonly DateInSeries[];
}

/** A date of a series that cannot have its new time. */
export interface TakenDate extends DateInSeries {
  /** That time, on the practitioner's clocks: 2026-12-01T09:00. */
  readonly wall: string;
  /** Clocks skip it; else it is not free. */
  readonly skipped: boolean;
}

export interface WholeAppointment extends Appointment {
  /** null: it belongs to no series. */
  readonly inSeries: InSeries | null;
  readonly answers: readonly Answer[];
  readonly history: readonly Change[];
}

export interface Interval {
  readonly from: string;
  readonly to: string;
}

/** One day of a book: the background of a grid. */
export interface AgendaDay extends Interval {
  readonly date: string;
  readonly open: readonly Interval[];
  readonly blocked: readonly Interval[];
  readonly held: readonly Interval[];
}

/** A practitioner's book on the days that are shown. */
export interface Book {
  readonly practitioner: string;
  readonly name: string;
  readonly timeZone: string;
  /** They have opening hours. */
  readonly bookable: boolean;
  readonly days: readonly AgendaDay[];
  readonly appointments: readonly Appointment[];
}

/** What can be booked. */
export interface Service {
  readonly id: string;
  readonly label: { readonly [language: string]: string };
  readonly minutes: number;
  readonly modalities: readonly Modality[];
  readonly practitioners: readonly string[];
}

export interface FreeTime {
  readonly start: string;
  readonly practitioner: string;
  readonly timeZone: string;
}

/** What is booked on behalf of somebody. */
export interface Wanted {
  readonly service: string;
  readonly practitioner: string;
  readonly start: string;
  readonly modality: Modality;
  /** Their record, or ''. */
  readonly patient: string;
  readonly name: string;
  /** A telephone number or a mail address, or ''. */
  readonly contact: string;
  readonly language: string;
  readonly note: string;
  /** Why over others; '' for not. */
  readonly overbook: string;
  readonly tell: boolean;
}

export interface Booked {
  readonly appointment: Appointment;
  readonly link: string;
}

/** What became of a series that was to be booked. */
export interface SeriesBooked {
  readonly dates: readonly { readonly start: string; readonly booked: boolean; readonly told: boolean }[];
  /** The patient's, of the first that was booked; its page leads to the others. '' when none was. */
  readonly link: string;
}

/** An appointment that a zone's new rules have moved. */
export interface Drift {
  readonly appointment: Appointment;
  /** What would keep the agreed time; null: clocks skip it. */
  readonly should: string | null;
}

/** A coming appointment whose practitioner has left, or whose interpreter or room cannot be booked any more. */
export interface Lack {
  readonly appointment: Appointment;
  readonly practitioner: boolean;
  readonly resources: readonly { readonly id: string; readonly name: string }[];
}

export interface Shown {
  /** YYYY-MM-DD, both; the last day too. */
  readonly from: string;
  readonly to: string;
  readonly whose: readonly string[];
}

export interface AgendaSnapshot {
  readonly shown: Shown | null;
  /** In the order of shown.whose; null until they are known. */
  readonly books: readonly Book[] | null;
  /** Grows with every change of these books, also of days that are not shown; -1 until they are known. */
  readonly changed: number;
  readonly failed: boolean;
}

/** The books that are shown, and what can be done with appointments. Intents reject with DeskError. */
export class Agenda extends SnapshotStore<AgendaSnapshot> {
  readonly #ask: Request;
  #asking = false;
  #again = false;

  constructor(ask: Request) {
    super({ shown: null, books: null, changed: -1, failed: false });
    this.#ask = ask;
  }

  /** Shows other days, or other books. What is shown of the same books stays until the answer. */
  show(shown: Shown): Promise<void> {
    const before = this.snapshot.shown;
    const same =
      before !== null && before.from === shown.from && before.to === shown.to && sameTexts(before.whose, shown.whose);
    if (!same) {
      this.set({ shown, books: null, changed: -1, failed: false });
    }
    return this.refresh();
  }

  /** Asks again. While an answer is awaited, once more after it: the newest question decides. */
  async refresh(): Promise<void> {
    if (this.#asking) {
      this.#again = true;
      return;
    }
    this.#asking = true;
    try {
      do {
        this.#again = false;
        await this.#read();
      } while (this.#again);
    } finally {
      this.#asking = false;
    }
  }

  async #read(): Promise<void> {
    const { shown } = this.snapshot;
    if (shown === null || shown.whose.length === 0) {
      return;
    }
    try {
      const query = new URLSearchParams([['from', shown.from], ['to', shown.to], ...ofAll(shown.whose)]);
      const answer = await this.#ask('GET', `/appointments?${query}`);
      if (shown === this.snapshot.shown) {
        this.set({ books: list(answer, 'books', bookOf), changed: number(answer, 'changed'), failed: false });
      }
    } catch (error) {
      this.#failed(error);
    }
  }

  /** Asks again if somebody has changed one of the books. */
  async look(): Promise<void> {
    const { shown, changed, failed } = this.snapshot;
    if (shown === null || shown.whose.length === 0 || this.#asking) {
      return;
    }
    try {
      const answer = await this.#ask('GET', `/appointments/changed?${new URLSearchParams(ofAll(shown.whose))}`);
      if (number(answer, 'changed') !== changed || failed) {
        await this.refresh();
      }
    } catch (error) {
      this.#failed(error);
    }
  }

  #failed(error: unknown): void {
    if (!(error instanceof DeskError)) {
      throw error;
    }
    this.set({ failed: true });
  }

  async read(id: string): Promise<WholeAppointment> {
    return wholeOf(await this.#ask('GET', at(id)));
  }

  async services(): Promise<readonly Service[]> {
    return list(await this.#ask('GET', '/services'), 'services', serviceOf);
  }

  /** Some free times of a service, the nearest to an instant first. */
  async free(service: string, practitioner: string, around: string): Promise<readonly FreeTime[]> {
    const query = new URLSearchParams({ service, practitioner, around, limit: '6', everything: 'true' });
    return list(await this.#ask('GET', `/free-times?${query}`), 'times', freeOf);
  }

  /** key: the same one makes one appointment, however often it is sent. */
  async book(wanted: Wanted, key: string): Promise<Booked> {
    const answer = await this.#ask('POST', '/appointments', { ...wireOf(wanted), key });
    void this.refresh();
    return { appointment: appointmentOf(part(answer, 'appointment')), ...fields(answer, 'link') };
  }

  async bookSeries(wanted: Wanted, everyWeeks: number, count: number, key: string): Promise<SeriesBooked> {
    const body = { ...wireOf(wanted), every_weeks: everyWeeks, count, key };
    const answer = await this.#ask('POST', '/appointments/series', body);
    void this.refresh();
    return {
      ...fields(answer, 'link'),
      dates: list(answer, 'dates', one => {
        const appointment = part(one, 'appointment');
        return {
          start: field(one, 'start') ?? '',
          booked: appointment !== undefined,
          told: part(appointment, 'told') === true,
        };
      }),
    };
  }

  /** overbook: why over others; '' for not. */
  move(
    id: string,
    to: { start: string; practitioner: string; overbook: string; tell: boolean },
  ): Promise<WholeAppointment> {
    const { start, practitioner, overbook, tell } = to;
    return this.#change(id, 'move', { start, practitioner, tell, ...(overbook === '' ? {} : { overbook }) });
  }

  cancel(id: string, reason: string, tell: boolean): Promise<WholeAppointment> {
    return this.#change(id, 'cancel', { tell, ...(reason.trim() === '' ? {} : { reason: reason.trim() }) });
  }

  /** This one and those of its series that start later. */
  async cancelFollowing(id: string, reason: string, tell: boolean): Promise<CancelledFollowing> {
    const body = { tell, ...(reason.trim() === '' ? {} : { reason: reason.trim() }) };
    const answer = await this.#ask('POST', `${at(id)}/cancel-following`, body);
    void this.refresh();
    return { cancelled: list(answer, 'cancelled', dateInSeriesOf), kept: list(answer, 'kept', dateInSeriesOf) };
  }

  /** This one to another time, and those of its series that start later as far. All or none: see takenDatesOf. */
  async moveFollowing(id: string, start: string, tell: boolean): Promise<MovedFollowing> {
    const answer = await this.#ask('POST', `${at(id)}/move-following`, { start, tell });
    void this.refresh();
    return { moved: list(answer, 'moved', dateInSeriesOf), kept: list(answer, 'kept', dateInSeriesOf) };
  }

  /** arrive, fulfil, phone, rebook, mistake, open-now */
  act(id: string, what: 'arrive' | 'fulfil' | 'phone' | 'rebook' | 'mistake' | 'open-now'): Promise<WholeAppointment> {
    return this.#change(id, what, {});
  }

  absent(id: string, who: Absence): Promise<WholeAppointment> {
    return this.#change(id, 'absent', { who });
  }

  /** Takes back what was noted last, of the appointment as it was seen. */
  undo({ id, changedAt }: Pick<Appointment, 'id' | 'changedAt'>): Promise<WholeAppointment> {
    return this.#change(id, 'undo', { changed_at: changedAt });
  }

  /** With which the patient changes it. */
  async link(id: string): Promise<string> {
    return fields(await this.#ask('GET', `${at(id)}/link`), 'link').link;
  }

  async drifted(whose: readonly string[]): Promise<readonly Drift[]> {
    const answer = await this.#ask('GET', `/appointments/drifted?${new URLSearchParams(ofAll(whose))}`);
    return list(answer, 'drifted', one => ({
      appointment: appointmentOf(part(one, 'appointment')),
      should: field(one, 'should'),
    }));
  }

  /** Of all for whom one acts. */
  async lacking(): Promise<readonly Lack[]> {
    return list(await this.#ask('GET', '/appointments/lacking'), 'lacking', one => ({
      appointment: appointmentOf(part(one, 'appointment')),
      practitioner: part(one, 'practitioner') === true,
      resources: list(one, 'resources', lost => ({ ...fields(lost, 'id'), name: text(lost, 'name') })),
    }));
  }

  /** Coming ones that patients have declined in their calendar programs, of all for whom one acts. */
  async declined(): Promise<readonly Appointment[]> {
    return list(await this.#ask('GET', '/appointments/declined'), 'declined', appointmentOf);
  }

  /** The patient who has declined comes after all. */
  keep(id: string): Promise<WholeAppointment> {
    return this.#change(id, 'keep', {});
  }

  /** Another room or interpreter, at the same time. Rejects with code 'conflict' when none is free. */
  replace(id: string): Promise<WholeAppointment> {
    return this.#change(id, 'replace', {});
  }

  async #change(id: string, what: string, body: object): Promise<WholeAppointment> {
    const changed = wholeOf(await this.#ask('POST', `${at(id)}/${what}`, body));
    void this.refresh();
    return changed;
  }
}

/** Of a time that is taken: what is free instead. */
export function nextOf(error: unknown): readonly FreeTime[] {
  return error instanceof DeskError ? error.next.map(freeOf) : [];
}

/** Of a series that did not move: the dates that are in the way. */
export function takenDatesOf(error: unknown): readonly TakenDate[] {
  const dates = error instanceof DeskError ? error.dates : [];
  return dates.map(one => ({
    ...dateInSeriesOf(one),
    wall: text(one, 'wall'),
    skipped: part(one, 'skipped') === true,
  }));
}

/** Whether a time was taken, and not the appointment another one than it seemed. */
export function isTaken(error: unknown): boolean {
  return error instanceof DeskError && error.code === 'conflict' && error.field === 'start';
}

/** Whether it still takes its time: what was cancelled does not. */
export function takesTime({ state }: Pick<Appointment, 'state'>): boolean {
  return state !== 'cancelled' && state !== 'refused' && state !== 'entered-in-error';
}

const sameTexts = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((one, i) => one === b[i]);
const at = (id: string): string => `/appointments/${encodeURIComponent(id)}`;
const ofAll = (whose: readonly string[]): [string, string][] => whose.map(one => ['practitioner', one]);

function wireOf(wanted: Wanted): object {
  const { service, practitioner, start, modality, patient, name, contact, language, note, overbook, tell } = wanted;
  const reached = contact.trim() === '' ? {} : { contact: contactOf(contact) };
  return {
    service,
    practitioner,
    start,
    modality,
    ...(patient === '' ? { person: { name: name.trim(), language, ...reached } } : { patient }),
    ...(note.trim() === '' ? {} : { note: note.trim() }),
    ...(overbook.trim() === '' ? {} : { overbook: overbook.trim() }),
    tell,
  };
}

const absenceOf = (value: unknown): Absence | '' => (value === 'patient' || value === 'practitioner' ? value : '');

export function appointmentOf(value: unknown): Appointment {
  const person = part(value, 'person');
  const contact = part(person, 'contact');
  const proposed = part(value, 'proposed');
  return {
    ...fields(value, 'id', 'service', 'label', 'practitioner'),
    state: text(value, 'state') as AppointmentState,
    practitionerName: text(value, 'practitioner_name'),
    patient: text(value, 'patient'),
    name: text(person, 'name'),
    birthDate: text(person, 'birth_date'),
    language: text(person, 'language'),
    patientZone: text(person, 'time_zone'),
    phone: text(contact, 'phone'),
    mail: text(contact, 'mail'),
    reach: text(contact, 'reach'),
    needs: texts(person, 'needs'),
    start: text(value, 'start'),
    end: text(value, 'end'),
    timeZone: text(value, 'time_zone'),
    before: number(value, 'before_minutes'),
    after: number(value, 'after_minutes'),
    modality: text(value, 'modality') as Modality,
    place: text(value, 'place'),
    note: text(value, 'note'),
    consultation: text(value, 'consultation'),
    series: text(value, 'series'),
    overbooked: part(value, 'overbooked') === true,
    arrivedAt: field(value, 'arrived_at'),
    absent: absenceOf(part(value, 'absent')),
    proposed:
      proposed === undefined
        ? null
        : { state: text(proposed, 'state') as AppointmentState, absent: absenceOf(part(proposed, 'absent')) },
    told: part(value, 'told') === true,
    canUndo: part(value, 'can_undo') === true,
    declinedAt: text(value, 'declined_at'),
    changedAt: text(value, 'changed_at'),
  };
}

const dateInSeriesOf = (value: unknown): DateInSeries => ({
  ...fields(value, 'id', 'start', 'practitioner'),
  timeZone: text(value, 'time_zone'),
  state: text(value, 'state') as AppointmentState,
  absent: absenceOf(part(value, 'absent')),
  practitionerName: text(value, 'practitioner_name'),
});

function inSeriesOf(value: unknown): InSeries | null {
  return value === undefined
    ? null
    : {
        number: number(value, 'number'),
        of: number(value, 'of'),
        dates: list(value, 'dates', dateInSeriesOf),
        elsewhere: part(value, 'elsewhere') === undefined ? 0 : number(value, 'elsewhere'),
      };
}

function wholeOf(value: unknown): WholeAppointment {
  return {
    ...appointmentOf(value),
    inSeries: inSeriesOf(part(value, 'in_series')),
    answers: answersOf(value),
    history: list(value, 'history', one => ({
      ...fields(one, 'at', 'by', 'action'),
      byName: text(one, 'by_name'),
      reason: text(one, 'reason'),
      was: field(one, 'was'),
      fromName: text(one, 'from_name'),
      who: absenceOf(part(one, 'who')),
    })),
  };
}

const intervalOf = (value: unknown): Interval => fields(value, 'from', 'to');

function bookOf(value: unknown): Book {
  return {
    ...fields(value, 'practitioner', 'name'),
    timeZone: text(value, 'time_zone'),
    bookable: part(value, 'bookable') === true,
    days: list(value, 'days', day => ({
      ...fields(day, 'date', 'from', 'to'),
      open: list(day, 'open', intervalOf),
      blocked: list(day, 'blocked', intervalOf),
      held: list(day, 'held', intervalOf),
    })),
    appointments: list(value, 'appointments', appointmentOf),
  };
}

function serviceOf(value: unknown): Service {
  const label = part(value, 'label');
  const known = texts(value, 'modalities');
  return {
    ...fields(value, 'id'),
    label: typeof label === 'object' && label !== null ? (label as { [language: string]: string }) : {},
    minutes: number(value, 'duration_minutes'),
    modalities: modalities.filter(one => known.includes(one)).sort((a, b) => known.indexOf(a) - known.indexOf(b)),
    practitioners: texts(value, 'practitioners'),
  };
}

function freeOf(value: unknown): FreeTime {
  return { ...fields(value, 'start', 'practitioner'), timeZone: text(value, 'time_zone') };
}
