// What patients ask the practice for, what became of appointments, and appointments of other software: operations_requests.go,
// operations_outcomes.go and operations_takeover.go of consult/api.

import { type Answer, answersOf } from './answers';
import { contactOf, items, number, part, text, texts } from './http';
import { type Texts, textsBy } from './texts';

type Ask = (method: string, path: string, body?: unknown) => Promise<unknown>;

/** Who asks. Texts are '' for nothing. */
export interface Asker {
  readonly patient: string;
  readonly name: string;
  readonly birthDate: string;
  readonly phone: string;
  readonly mail: string;
  readonly needs: readonly string[];
}

/** What somebody must say yes or no to. */
export interface AppointmentRequest {
  readonly id: string;
  readonly label: Texts;
  /** '': any. */
  readonly practitioner: string;
  readonly practitionerName: string;
  /** Who could give it, of those for whom one acts. */
  readonly practitioners: readonly string[];
  /** '': to be called back, or offered a time. */
  readonly start: string;
  readonly minutes: number;
  readonly timeZone: string;
  readonly modality: string;
  readonly note: string;
  readonly answers: readonly Answer[];
  readonly createdAt: string;
  readonly person: Asker;
}

export interface FreeTime {
  readonly start: string;
  readonly practitioner: string;
  readonly practitionerName: string;
  readonly timeZone: string;
}

/** Who could be given a request, and the zone of their clocks. */
export interface Giver {
  readonly id: string;
  readonly name: string;
  readonly timeZone: string;
}

/** What an answer made. */
export interface Answered {
  readonly start: string;
  readonly timeZone: string;
  readonly told: boolean;
}

/** The morning or the afternoon of a day of the week; 0 is Sunday. */
export interface HalfDay {
  readonly weekday: number;
  readonly afternoon: boolean;
}

export interface Waiting {
  readonly id: string;
  readonly label: Texts;
  readonly practitioner: string;
  readonly from: string;
  readonly to: string;
  /** On which they could come; none: all. */
  readonly halfDays: readonly HalfDay[];
  readonly createdAt: string;
  readonly person: Asker;
  readonly offers: readonly { readonly start: string; readonly until: string; readonly told: boolean }[];
}

/** Who is put on the wait list. Days are YYYY-MM-DD; texts are '' for nothing. */
export interface Wait {
  readonly service: string;
  /** '': any. */
  readonly practitioner: string;
  readonly from: string;
  readonly to: string;
  readonly halfDays: readonly HalfDay[];
  /** Their record; then the rest is known. */
  readonly patient: string;
  readonly name: string;
  /** A telephone number or a mail address. */
  readonly contact: string;
  readonly language: string;
}

/** An appointment that is over, and of which nobody said what became of it. */
export interface Unsaid {
  readonly id: string;
  readonly label: string;
  readonly practitionerName: string;
  readonly start: string;
  readonly timeZone: string;
  readonly state: string;
  readonly proposal: '' | 'fulfilled' | 'noshow';
  readonly absent: '' | 'patient' | 'practitioner';
  readonly person: Asker;
}

export const counted = [
  'booked',
  'fulfilled',
  'no_show_patient',
  'no_show_practitioner',
  'cancelled_late',
  'cancelled_early',
  'broken_off',
  'unsaid',
  'ahead',
  'moved',
] as const;
export type Counted = (typeof counted)[number];

export interface Figure {
  /** 2026-11 */
  readonly month: string;
  readonly service: string;
  readonly label: string;
  readonly of: Readonly<Record<Counted, number>>;
}

export interface TakenRow {
  readonly number: number;
  readonly outcome: string;
  readonly reason: string;
  readonly patient: string;
  readonly start: string;
  readonly name: string;
  readonly service: string;
}

/** What came, or would come, of a file. */
export interface TakenOver {
  readonly rows: readonly TakenRow[];
  readonly fresh: number;
  readonly known: number;
  readonly leftOut: number;
  readonly created: number;
  readonly unknown: readonly string[];
  readonly timeZone: string;
}

export interface TakenRules {
  /** New ones. */
  readonly services: number;
  /** That the practice had by that name. */
  readonly shared: number;
  /** That the practitioner gave already. */
  readonly known: number;
  readonly hours: boolean;
}

export interface TakingOver {
  readonly rows: number;
  readonly of: number;
}

/** The largest file that the server takes, in bytes. */
export const maxTakenOver = 16 << 20;

/** What the user chose for a file. */
export interface TakeOverChoice {
  readonly owner: string;
  readonly service: string;
  readonly overbook: boolean;
  readonly createPatients: boolean;
  readonly remind: boolean;
}

export interface ServiceName {
  readonly id: string;
  readonly label: Texts;
  readonly practitioners: readonly string[];
}

export type Outcome = 'fulfilled' | 'patient' | 'practitioner' | 'phone' | 'rebook';

/** The server's operations. Everything rejects with DeskError. */
export class Requests {
  readonly #ask: Ask;

  constructor(ask: Ask) {
    this.#ask = ask;
  }

  async list(): Promise<readonly AppointmentRequest[]> {
    return items(await this.#ask('GET', '/appointment-requests'), 'requests').map(requestOf);
  }

  async count(): Promise<number> {
    return number(await this.#ask('GET', '/appointment-requests/count'), 'requests');
  }

  /** Free times from a day (YYYY-MM-DD) on, of one practitioner or ('') all who would do; and who could be given it at another time. */
  async times(
    id: string,
    from: string,
    practitioner: string,
  ): Promise<{ readonly times: readonly FreeTime[]; readonly givers: readonly Giver[] }> {
    const query = new URLSearchParams({
      ...(from === '' ? {} : { from }),
      ...(practitioner === '' ? {} : { practitioner }),
    });
    const answer = await this.#ask('GET', `${at(id)}/times${query.size === 0 ? '' : `?${query}`}`);
    return {
      times: items(answer, 'times').map(one => ({
        start: text(one, 'start'),
        practitioner: text(one, 'practitioner'),
        practitionerName: text(one, 'practitioner_name'),
        timeZone: text(one, 'time_zone'),
      })),
      givers: items(answer, 'practitioners').map(one => ({
        id: text(one, 'id'),
        name: text(one, 'name'),
        timeZone: text(one, 'time_zone'),
      })),
    };
  }

  /**
   * At the time that was asked for, or at another. Rejects with code 'conflict' when that is not free any more; over others with a reason
   * ('': not).
   */
  async approve(id: string, time?: Pick<FreeTime, 'start' | 'practitioner'>, overbook = ''): Promise<Answered> {
    const body =
      time === undefined
        ? {}
        : { start: time.start, practitioner: time.practitioner, ...(overbook === '' ? {} : { overbook }) };
    return answeredOf(await this.#ask('POST', `${at(id)}/approve`, body));
  }

  /** quiet: it was answered otherwise, the patient is sent nothing. */
  async refuse(id: string, reason: string, quiet: boolean): Promise<Answered> {
    return answeredOf(
      await this.#ask('POST', `${at(id)}/refuse`, {
        ...(reason === '' ? {} : { reason }),
        ...(quiet ? { quiet } : {}),
      }),
    );
  }

  async waitList(): Promise<readonly Waiting[]> {
    return items(await this.#ask('GET', '/wait-list'), 'waiting').map(waitingOf);
  }

  async wait({ service, practitioner, from, to, halfDays, patient, name, contact, language }: Wait): Promise<Waiting> {
    const answer = await this.#ask('POST', '/wait-list', {
      service,
      ...(practitioner === '' ? {} : { practitioner }),
      ...(from === '' ? {} : { from }),
      ...(to === '' ? {} : { to }),
      ...(halfDays.length === 0 ? {} : { half_days: halfDays }),
      ...(patient === '' ? { person: { name: name.trim(), language, contact: contactOf(contact) } } : { patient }),
    });
    return waitingOf(answer);
  }

  async stopWaiting(id: string): Promise<void> {
    await this.#ask('DELETE', `/wait-list/${encodeURIComponent(id)}`);
  }

  async unsaid(): Promise<readonly Unsaid[]> {
    return items(await this.#ask('GET', '/appointments/unsaid'), 'appointments').map(unsaidOf);
  }

  /** Says what became of an appointment. */
  async say(id: string, outcome: Outcome): Promise<void> {
    const path = `/appointments/${encodeURIComponent(id)}`;
    if (outcome === 'patient' || outcome === 'practitioner') {
      await this.#ask('POST', `${path}/absent`, { who: outcome });
    } else {
      await this.#ask('POST', `${path}/${outcome === 'fulfilled' ? 'fulfil' : outcome}`, {});
    }
  }

  /** Months as 2026-11; owner '': all for whom one acts. */
  async figures(from: string, to: string, owner: string): Promise<readonly Figure[]> {
    const query = new URLSearchParams({ from, to, ...(owner === '' ? {} : { practitioner: owner }) });
    return items(await this.#ask('GET', `/figures/appointments?${query}`), 'figures').map(one => ({
      month: text(one, 'month'),
      service: text(one, 'service'),
      label: text(one, 'label'),
      of: Object.fromEntries(counted.map(name => [name, number(one, name)])) as Record<Counted, number>,
    }));
  }

  async services(): Promise<readonly ServiceName[]> {
    return items(await this.#ask('GET', '/services'), 'services').map(one => ({
      id: text(one, 'id'),
      label: textsBy(one, 'label'),
      practitioners: texts(one, 'practitioners'),
    }));
  }

  /** Takes services, rooms and opening hours over from the book.json of an archive. */
  async takeRules(file: File, owner: string): Promise<TakenRules> {
    const query = owner === '' ? '' : `?${new URLSearchParams({ practitioner: owner })}`;
    const body = new Blob([file], { type: 'text/plain' });
    const answer = await this.#ask('POST', `/appointments/import-rules${query}`, body);
    return {
      services: number(answer, 'services'),
      shared: number(answer, 'shared'),
      known: number(answer, 'known'),
      hours: part(answer, 'hours') === true,
    };
  }

  /** How far the file is that is being taken over for a practitioner; of 0: none is. */
  async takingOver(owner: string): Promise<TakingOver> {
    const query = owner === '' ? '' : `?${new URLSearchParams({ practitioner: owner })}`;
    const answer = await this.#ask('GET', `/appointments/import${query}`);
    return { rows: number(answer, 'rows'), of: number(answer, 'of') };
  }

  /** Takes a file over, or only says what would be. */
  async takeOver(
    file: File,
    dryRun: boolean,
    { owner, service, overbook, createPatients, remind }: TakeOverChoice,
  ): Promise<TakenOver> {
    const query = new URLSearchParams({
      ...(owner === '' ? {} : { practitioner: owner }),
      ...(service === '' ? {} : { service }),
      ...(overbook ? { overbook: 'true' } : {}),
      ...(createPatients ? { create_patients: 'true' } : {}),
      ...(remind ? { remind: 'true' } : {}),
      ...(dryRun ? { dry_run: 'true' } : {}),
    });
    const type = /\.ics$/i.test(file.name) || file.type === 'text/calendar' ? 'text/calendar' : 'text/csv';
    const answer = await this.#ask('POST', `/appointments/import?${query}`, new Blob([file], { type }));
    return {
      rows: items(answer, 'rows').map(one => ({
        number: number(one, 'number'),
        outcome: text(one, 'outcome'),
        reason: text(one, 'reason'),
        patient: text(one, 'patient'),
        start: text(one, 'start'),
        name: text(one, 'name'),
        service: text(one, 'service'),
      })),
      fresh: number(answer, 'new'),
      known: number(answer, 'known'),
      leftOut: number(answer, 'left_out'),
      created: number(answer, 'patients_created'),
      unknown: texts(answer, 'unknown_columns'),
      timeZone: text(answer, 'time_zone'),
    };
  }
}

/** Where all that the book of `owner` ('': one's own) holds can be fetched. */
export const bookAddress = (owner: string): string =>
  `/api/v1/appointments/export${owner === '' ? '' : `?practitioner=${encodeURIComponent(owner)}`}`;

const at = (id: string): string => `/appointment-requests/${encodeURIComponent(id)}`;

function requestOf(one: unknown): AppointmentRequest {
  return {
    id: text(one, 'id'),
    label: textsBy(one, 'label'),
    practitioner: text(one, 'practitioner'),
    practitionerName: text(one, 'practitioner_name'),
    practitioners: texts(one, 'practitioners'),
    start: text(one, 'start'),
    minutes: number(one, 'duration_minutes'),
    timeZone: text(one, 'time_zone'),
    modality: text(one, 'modality'),
    note: text(one, 'note'),
    answers: answersOf(one),
    createdAt: text(one, 'created_at'),
    person: askerOf(one),
  };
}

function waitingOf(one: unknown): Waiting {
  return {
    id: text(one, 'id'),
    label: textsBy(one, 'label'),
    practitioner: text(one, 'practitioner'),
    from: text(one, 'from'),
    to: text(one, 'to'),
    halfDays: items(one, 'half_days').map(half => ({
      weekday: number(half, 'weekday'),
      afternoon: part(half, 'afternoon') === true,
    })),
    createdAt: text(one, 'created_at'),
    person: askerOf(one),
    offers: items(one, 'offers').map(offer => ({
      start: text(offer, 'start'),
      until: text(offer, 'until'),
      told: part(offer, 'told') === true,
    })),
  };
}

function unsaidOf(one: unknown): Unsaid {
  const proposal = text(one, 'proposal');
  const absent = text(one, 'absent');
  return {
    id: text(one, 'id'),
    label: text(one, 'label'),
    practitionerName: text(one, 'practitioner_name'),
    start: text(one, 'start'),
    timeZone: text(one, 'time_zone'),
    state: text(one, 'state'),
    proposal: proposal === 'fulfilled' || proposal === 'noshow' ? proposal : '',
    absent: absent === 'patient' || absent === 'practitioner' ? absent : '',
    person: askerOf(one),
  };
}

function answeredOf(one: unknown): Answered {
  return { start: text(one, 'start'), timeZone: text(one, 'time_zone'), told: part(one, 'told') === true };
}

function askerOf(one: unknown): Asker {
  const person = part(one, 'person');
  const contact = part(person, 'contact');
  return {
    patient: text(person, 'patient'),
    name: text(person, 'name'),
    birthDate: text(person, 'birth_date'),
    phone: text(contact, 'phone'),
    mail: text(contact, 'mail'),
    needs: texts(person, 'needs'),
  };
}
