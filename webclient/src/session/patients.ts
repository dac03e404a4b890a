// The patients' records, over the operations of consult/api (operations_patients.go). A search is a POST, so that no name stands in an address.

import type { Desk } from './desk';
import { DeskError, field, items, number, part, text } from './http';
import { type Merged as MergedOf, mergeFields } from './merge';

export type Reach = 'sms' | 'mail' | 'handed';
export const needs = ['hearing', 'sight', 'interpreter', 'carer'] as const;
export type Need = (typeof needs)[number];

export interface ExternalId {
  readonly system: string;
  readonly value: string;
}

/** What can be written into a record. Texts are '' for nothing. */
export interface PatientFields {
  readonly familyName: string;
  readonly birthName: string;
  readonly givenNames: string;
  /** YYYY-MM-DD */
  readonly birthDate: string;
  readonly phone: string;
  readonly mail: string;
  /** '': the server chooses. */
  readonly reach: Reach | '';
  readonly language: string;
  readonly timeZone: string;
  readonly needs: readonly Need[];
  readonly carerName: string;
  readonly carerPhone: string;
  readonly ids: readonly ExternalId[];
}

export interface Patient extends PatientFields {
  readonly id: string;
  readonly practitioner: string;
  readonly revision: number;
}

/** A consultation of a patient, as far as their card shows it. */
export interface Visit {
  readonly id: string;
  readonly practitionerName: string;
  readonly state: string;
  /** When it is, or was, to begin. */
  readonly at: string;
}

/** A line of a table that was not taken over. */
export interface LeftOut {
  readonly line: number;
  readonly code: string;
  readonly field: string;
}

export interface Imported {
  readonly lines: number;
  readonly created: number;
  readonly leftOut: readonly LeftOut[];
  readonly unknown: readonly string[];
}

export const nobody: PatientFields = {
  familyName: '',
  birthName: '',
  givenNames: '',
  birthDate: '',
  phone: '',
  mail: '',
  reach: '',
  language: '',
  timeZone: '',
  needs: [],
  carerName: '',
  carerPhone: '',
  ids: [],
};

/** The name as it is shown. */
export function nameOf({ givenNames, familyName }: Pick<PatientFields, 'givenNames' | 'familyName'>): string {
  return `${givenNames} ${familyName}`.trim();
}

/** The server's operations on patients. Everything rejects with DeskError. */
export class Patients {
  readonly #desk: Pick<Desk, 'request'>;

  constructor(desk: Pick<Desk, 'request'>) {
    this.#desk = desk;
  }

  /** Among the patients of `owner`, or of everybody for whom one works (''). */
  async search(
    words: string,
    from: number,
    limit: number,
    owner = '',
  ): Promise<{ patients: readonly Patient[]; total: number }> {
    const answer = await this.#desk.request('POST', '/patients/search', { words, from, limit, ...ownedBy(owner) });
    return { patients: items(answer, 'patients').map(patientOf), total: number(answer, 'total') };
  }

  async read(id: string): Promise<Patient> {
    return patientOf(await this.#desk.request('GET', at(id)));
  }

  /** Writes a patient of `owner` ('': one's own). Rejects with code 'similar' when there may be this patient already, unless anyway. */
  async create(fields: PatientFields, anyway: boolean, owner = ''): Promise<Patient> {
    const said = { ...wireOf(fields), ...ownedBy(owner), ...(anyway ? { anyway } : {}) };
    return patientOf(await this.#desk.request('POST', '/patients', said));
  }

  async similar(fields: PatientFields, owner = ''): Promise<readonly Patient[]> {
    const answer = await this.#desk.request('POST', '/patients/similar', { ...wireOf(fields), ...ownedBy(owner) });
    return items(answer, 'patients').map(patientOf);
  }

  /** Rejects with code 'conflict' when the record is not at this revision any more. */
  async change(id: string, revision: number, fields: PatientFields): Promise<Patient> {
    return patientOf(await this.#desk.request('PUT', at(id), { revision, ...wireOf(fields) }));
  }

  async erase(id: string): Promise<void> {
    await this.#desk.request('DELETE', at(id));
  }

  /** Erases who somebody without a record is, known by a phone number or a mail address, or only counts. Rejects with code 'conflict' while an appointment is to come. */
  async forgetContact(contact: string, dryRun: boolean): Promise<Forgotten> {
    const how = contact.includes('@') ? { mail: contact } : { phone: contact };
    const answer = await this.#desk.request('POST', '/patients/forget-contact', {
      ...how,
      ...(dryRun ? { dry_run: true } : {}),
    });
    return {
      appointments: number(answer, 'appointments'),
      requests: number(answer, 'requests'),
      waiting: number(answer, 'waiting'),
      notices: number(answer, 'notices'),
      ahead: number(answer, 'ahead'),
      recorded: number(answer, 'recorded'),
    };
  }

  async visits(id: string): Promise<readonly Visit[]> {
    return items(await this.#desk.request('GET', `${at(id)}/consultations`), 'consultations').map(visitOf);
  }

  /** How the link of a consultation that was just started goes to its patient, as the server chose. */
  async reachOf(consultation: string): Promise<Reach> {
    const answer = await this.#desk.request('GET', `/consultations/${encodeURIComponent(consultation)}`);
    const patient = items(answer, 'participants').find(one => text(one, 'role') === 'patient');
    const reach = text(part(patient, 'contact'), 'reach');
    return reach === 'sms' || reach === 'mail' ? reach : 'handed';
  }

  async import(table: Blob, dryRun: boolean, owner = ''): Promise<Imported> {
    const body = new Blob([table], { type: 'text/csv' });
    const query = new URLSearchParams({ ...ownedBy(owner), ...(dryRun ? { dry_run: 'true' } : {}) });
    const answer = await this.#desk.request('POST', `/patients/import${query.size === 0 ? '' : `?${query}`}`, body);
    return {
      lines: number(answer, 'lines'),
      created: number(answer, 'created'),
      leftOut: items(answer, 'left_out').map(one => ({
        line: number(one, 'line'),
        code: text(one, 'code'),
        field: text(one, 'field'),
      })),
      unknown: items(answer, 'unknown_columns').filter(one => typeof one === 'string'),
    };
  }
}

/** What there is of a phone number or a mail address without a record; `ahead` and `recorded` are not erased. */
export interface Forgotten {
  readonly appointments: number;
  readonly requests: number;
  readonly waiting: number;
  readonly notices: number;
  readonly ahead: number;
  readonly recorded: number;
}

/** Where the table of all patients of `owner` ('': one's own) can be fetched. */
export function exportAddress(owner: string): string {
  return `/api/v1/patients/export${owner === '' ? '' : `?practitioner=${encodeURIComponent(owner)}`}`;
}

/** Where what is kept about one patient can be fetched, for them. */
export const ownDataAddress = (id: string): string => `/api/v1/patients/${encodeURIComponent(id)}/export`;

const ownedBy = (owner: string): { practitioner?: string } => (owner === '' ? {} : { practitioner: owner });

/** Two people changed the same record. */
export type Merged = MergedOf<PatientFields>;

/** Brings my changes of `base` and theirs together: what only one changed is taken from them; what both changed stays mine, and is told. */
export function merge(base: PatientFields, mine: PatientFields, theirs: PatientFields): Merged {
  return mergeFields(base, mine, theirs, Object.keys(nobody) as (keyof PatientFields)[]);
}

const at = (id: string): string => `/patients/${encodeURIComponent(id)}`;

/** A record as the server writes it: what is empty is left out. */
function wireOf(fields: PatientFields): object {
  const said = (values: { readonly [name: string]: string }): { [name: string]: string } =>
    Object.fromEntries(Object.entries(values).filter(([, value]) => value.trim() !== ''));
  const { needs: wanted, ids } = fields;
  return {
    ...said({
      birth_name: fields.birthName,
      given_names: fields.givenNames,
      birth_date: fields.birthDate,
      language: fields.language,
      time_zone: fields.timeZone,
    }),
    family_name: fields.familyName,
    contact: said({ phone: fields.phone, mail: fields.mail, reach: fields.reach }),
    carer: said({ name: fields.carerName, phone: fields.carerPhone }),
    needs: wanted,
    ids: ids.filter(one => one.system.trim() !== '' || one.value.trim() !== ''),
  };
}

function patientOf(wire: unknown): Patient {
  const id = field(wire, 'id');
  const familyName = field(wire, 'family_name');
  if (id === null || familyName === null) {
    throw new DeskError('internal', 'the answer is no patient');
  }
  const contact = part(wire, 'contact');
  const carer = part(wire, 'carer');
  const reach = text(contact, 'reach');
  return {
    id,
    practitioner: text(wire, 'practitioner'),
    revision: number(wire, 'revision'),
    familyName,
    birthName: text(wire, 'birth_name'),
    givenNames: text(wire, 'given_names'),
    birthDate: text(wire, 'birth_date'),
    phone: text(contact, 'phone'),
    mail: text(contact, 'mail'),
    reach: reach === 'sms' || reach === 'mail' || reach === 'handed' ? reach : '',
    language: text(wire, 'language'),
    timeZone: text(wire, 'time_zone'),
    needs: needs.filter(one => items(wire, 'needs').includes(one)),
    carerName: text(carer, 'name'),
    carerPhone: text(carer, 'phone'),
    ids: items(wire, 'ids').map(one => ({ system: text(one, 'system'), value: text(one, 'value') })),
  };
}

function visitOf(wire: unknown): Visit {
  return {
    id: text(wire, 'id'),
    practitionerName: text(wire, 'practitioner_name'),
    state: text(wire, 'state'),
    at: field(wire, 'scheduled_at') ?? text(wire, 'created_at'),
  };
}
