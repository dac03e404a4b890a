// What can be booked, and the rooms that it needs, over consult/api (operations_services.go). Durations are whole minutes.

import type { Desk } from './desk';
import { field, fields, flag, items, number, texts } from './http';
import { type Texts, textsBy } from './texts';

export type Requests = Pick<Desk, 'request'>;

export const modalities = ['video', 'phone', 'in-person'] as const;
export type Modality = (typeof modalities)[number];
export const questionKinds = ['text', 'yes-no', 'choice', 'file'] as const;
export type QuestionKind = (typeof questionKinds)[number];

export interface Choice {
  /** The answer as it is kept; '' as long as the server has not seen it. */
  readonly value: string;
  readonly label: Texts;
}

export interface Question {
  readonly id: string;
  readonly label: Texts;
  readonly kind: QuestionKind;
  readonly choices: readonly Choice[];
  readonly required: boolean;
}

export interface ServiceFields {
  readonly label: Texts;
  readonly description: Texts;
  readonly price: Texts;
  readonly duration: number;
  /** Between two times that are offered; 0: the duration. */
  readonly step: number;
  readonly before: number;
  readonly after: number;
  readonly minNotice: number;
  /** Days. */
  readonly horizon: number;
  /** 0: no limit. */
  readonly dailyMax: number;
  readonly modalities: readonly Modality[];
  readonly practitioners: readonly string[];
  /** Of each group any is needed: ids of rooms or accounts. */
  readonly resources: readonly (readonly string[])[];
  readonly questions: readonly Question[];
  /** Before the start; 0: when it starts. */
  readonly reminders: readonly number[];
  readonly cutOff: number;
  readonly approval: boolean;
  readonly hidden: boolean;
}

export interface Service extends ServiceFields {
  readonly id: string;
  readonly revision: number;
}

export interface Room {
  readonly id: string;
  readonly revision: number;
  readonly name: string;
  /** For works, say: no appointment is given it. */
  readonly closed: boolean;
}

/** Somebody who can give a service, or be needed for one. */
export interface Member {
  readonly id: string;
  readonly name: string;
  readonly roles: readonly string[];
}

/** What a new service begins with: good for most. */
export const newService: ServiceFields = {
  label: {},
  description: {},
  price: {},
  duration: 20,
  step: 0,
  before: 0,
  after: 0,
  minNotice: 120,
  horizon: 60,
  dailyMax: 0,
  modalities: ['video'],
  practitioners: [],
  resources: [],
  questions: [],
  reminders: [1440, 60],
  cutOff: 1440,
  approval: false,
  hidden: false,
};

/** What a practice that has nothing yet offers by one press: patients read it in each language of the pages, whoever pressed. */
export const firstService: ServiceFields = {
  ...newService,
  label: { fr: 'Consultation vidéo', en: 'Video visit', ar: 'استشارة بالفيديو' },
};

export const serviceKeys = Object.keys(newService) as readonly (keyof ServiceFields)[];

/** The server's operations on services and rooms. Everything rejects with DeskError; with code 'conflict' when somebody else was quicker. */
export class Services {
  readonly #desk: Requests;

  constructor(desk: Requests) {
    this.#desk = desk;
  }

  async list(): Promise<readonly Service[]> {
    return items(await this.#desk.request('GET', '/services'), 'services').map(serviceOf);
  }

  async create(service: ServiceFields): Promise<Service> {
    return serviceOf(await this.#desk.request('POST', '/services', wireOf(service)));
  }

  async change(id: string, revision: number, service: ServiceFields): Promise<Service> {
    return serviceOf(await this.#desk.request('PUT', `/services/${id}`, { revision, ...wireOf(service) }));
  }

  async remove(id: string): Promise<void> {
    await this.#desk.request('DELETE', `/services/${id}`);
  }

  async rooms(): Promise<readonly Room[]> {
    return items(await this.#desk.request('GET', '/rooms'), 'rooms').map(roomOf);
  }

  /** With id '' a new one. */
  async saveRoom({ id, revision, name, closed }: Room): Promise<Room> {
    return roomOf(
      id === ''
        ? await this.#desk.request('POST', '/rooms', { name })
        : await this.#desk.request('PUT', `/rooms/${id}`, { revision, name, closed }),
    );
  }

  async removeRoom(id: string): Promise<void> {
    await this.#desk.request('DELETE', `/rooms/${id}`);
  }

  /** Who works here and can sign in. */
  async members(): Promise<readonly Member[]> {
    return items(await this.#desk.request('GET', '/accounts'), 'accounts')
      .filter(one => !flag(one, 'disabled'))
      .map(one => ({ ...fields(one, 'id', 'name'), roles: texts(one, 'roles') }));
  }
}

/** Those of a list that are one of `known`. */
export function among<V extends string>(answer: unknown, name: string, known: readonly V[]): readonly V[] {
  const said = texts(answer, name);
  return said.flatMap(one => known.filter(value => value === one));
}

function serviceOf(answer: unknown): Service {
  return {
    ...fields(answer, 'id'),
    revision: number(answer, 'revision'),
    label: textsBy(answer, 'label'),
    description: textsBy(answer, 'description'),
    price: textsBy(answer, 'price'),
    duration: number(answer, 'duration_minutes'),
    step: number(answer, 'step_minutes'),
    before: number(answer, 'before_minutes'),
    after: number(answer, 'after_minutes'),
    minNotice: number(answer, 'min_notice_minutes'),
    horizon: number(answer, 'horizon_days'),
    dailyMax: number(answer, 'daily_max'),
    modalities: among(answer, 'modalities', modalities),
    practitioners: texts(answer, 'practitioners'),
    resources: items(answer, 'resources').map(one => texts(one, 'any_of')),
    questions: items(answer, 'questions').map(one => ({
      ...fields(one, 'id'),
      label: textsBy(one, 'label'),
      kind: questionKinds.find(kind => kind === field(one, 'kind')) ?? 'text',
      choices: items(one, 'choices').map(choice => ({ ...fields(choice, 'value'), label: textsBy(choice, 'label') })),
      required: flag(one, 'required'),
    })),
    reminders: items(answer, 'reminders_minutes').filter(one => typeof one === 'number'),
    cutOff: number(answer, 'cut_off_minutes'),
    approval: flag(answer, 'approval'),
    hidden: flag(answer, 'hidden'),
  };
}

const said = (all: Texts): Texts => Object.fromEntries(Object.entries(all).filter(([, text]) => text.trim() !== ''));

/** A choice that was made before choices had texts by language says what it is kept as: in the first language, for who edits it. */
export const withText = (choice: Choice, language: string): Choice =>
  Object.keys(choice.label).length === 0 && choice.value !== ''
    ? { ...choice, label: { [language]: choice.value } }
    : choice;

/** The choices that say something. A new one is kept as its first text, and for ever: answers stay readable when texts change. */
export function keptChoices(choices: readonly Choice[]): readonly Choice[] {
  const taken = new Set(choices.map(one => one.value));
  return choices.flatMap(({ value, label }) => {
    const texts = said(label);
    const text = Object.values(texts)[0]?.trim() ?? '';
    let kept = value;
    for (let n = 1; kept === '' && text !== ''; n++) {
      const name = n === 1 ? text : `${text} (${n})`;
      kept = taken.has(name) ? '' : name;
    }
    taken.add(kept);
    // One that was emptied is taken out; one of before that nobody touched has no texts.
    return kept === '' || (text === '' && Object.keys(label).length > 0) ? [] : [{ value: kept, label: texts }];
  });
}

function wireOf(service: ServiceFields): object {
  return {
    label: said(service.label),
    description: said(service.description),
    price: said(service.price),
    duration_minutes: service.duration,
    step_minutes: service.step,
    before_minutes: service.before,
    after_minutes: service.after,
    min_notice_minutes: service.minNotice,
    horizon_days: service.horizon,
    daily_max: service.dailyMax,
    modalities: service.modalities,
    practitioners: service.practitioners,
    resources: service.resources.filter(group => group.length > 0).map(group => ({ any_of: group })),
    questions: service.questions.map(({ choices, label, ...rest }) => ({
      ...rest,
      label: said(label),
      ...(rest.kind === 'choice' ? { choices: keptChoices(choices) } : {}),
    })),
    reminders_minutes: service.reminders,
    cut_off_minutes: service.cutOff,
    approval: service.approval,
    hidden: service.hidden,
  };
}

const roomOf = (answer: unknown): Room => ({
  ...fields(answer, 'id', 'name'),
  revision: number(answer, 'revision'),
  closed: typeof answer === 'object' && answer !== null && Reflect.get(answer, 'closed') === true,
});
