// Day is one day of a practitioner's consultations, as GET /consultations tells it: planned ones and those started at once, ended ones too.

import type { Devices, InterpreterRequest, NoticeState, Place, Role, State } from '../protocol/messages';
import { SnapshotStore } from '../store';
import { DeskError, field, fields, items, number, part, texts } from './http';

/** What became of a message to somebody: docs of the API, deliveries. */
export interface Delivery {
  readonly participant: string;
  readonly kind: string;
  readonly channel: 'sms' | 'mail';
  readonly state: NoticeState;
  /** Of one that failed; '' when nobody said it. */
  readonly reason: string;
  readonly changedAt: string;
}

export interface Visitor {
  readonly id: string;
  readonly role: Role;
  /** What a guest comes as; '' for everybody else. */
  readonly as: string;
  readonly name: string;
  readonly language: string;
  readonly needs: readonly string[];
  readonly phone: string;
  readonly mail: string;
  /** sms, mail or handed; '' when nothing is known. */
  readonly reach: string;
  readonly place: Place;
  readonly since: string | null;
  readonly devices: Partial<Devices>;
  readonly testedAt: string | null;
  readonly absentAt: string | null;
}

export interface Visit {
  readonly id: string;
  readonly state: State;
  /** When it is to begin, or was made when that was at once. */
  readonly at: string;
  readonly planned: boolean;
  /** As planned; 0 when nobody said it. */
  readonly minutes: number;
  /** Their record; '' when there is none. */
  readonly record: string;
  readonly endedAt: string | null;
  /** The practitioner has called somebody in. */
  readonly called: boolean;
  readonly people: readonly Visitor[];
  readonly deliveries: readonly Delivery[];
  /** For interpreters. */
  readonly requests: readonly InterpreterRequest[];
  /** Whose consultation it is. */
  readonly practitioner: string;
}

export interface DaySnapshot {
  /** YYYY-MM-DD; '' for today, whichever that is. */
  readonly wanted: string;
  /** The day that `visits` are of; '' before the first answer. */
  readonly date: string;
  /** In the order in which they begin; null until they are known. */
  readonly visits: readonly Visit[] | null;
  readonly failed: boolean;
}

/** What it asks with: Desk.request. */
type Ask = (method: string, path: string) => Promise<unknown>;

/** One day, asked for again whenever somebody says that something may have changed. */
export class Day extends SnapshotStore<DaySnapshot> {
  readonly #ask: Ask;
  #asking = false;
  #again = false;

  constructor(ask: Ask) {
    super({ wanted: '', date: '', visits: null, failed: false });
    this.#ask = ask;
  }

  /** Shows another day: YYYY-MM-DD, or '' for today. */
  show(wanted: string): Promise<void> {
    if (wanted !== this.snapshot.wanted) {
      this.set({ wanted, date: '', visits: null, failed: false });
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
    do {
      this.#again = false;
      const { wanted } = this.snapshot;
      try {
        const answer = await this.#ask('GET', wanted === '' ? '/consultations' : `/consultations?date=${wanted}`);
        if (wanted === this.snapshot.wanted) {
          this.set({
            date: field(answer, 'date') ?? wanted,
            visits: items(answer, 'consultations').map(visitOf),
            failed: false,
          });
        }
      } catch (error) {
        if (!(error instanceof DeskError)) {
          throw error;
        }
        if (wanted === this.snapshot.wanted) {
          this.set({ failed: true });
        }
      }
    } while (this.#again);
    this.#asking = false;
  }
}

/** Whom a visit is with. */
export function visitorOf(visit: Visit): Visitor | null {
  return visit.people.find(one => one.role === 'patient') ?? null;
}

/** One consultation, as GET /consultations/{id} tells it. */
export async function readVisit(ask: Ask, id: string): Promise<Visit> {
  return visitOf(await ask('GET', `/consultations/${encodeURIComponent(id)}`));
}

function requestOf(value: unknown): InterpreterRequest {
  return {
    ...fields(value, 'id', 'name', 'from', 'into', 'deadline'),
    state: (field(value, 'state') ?? 'asked') as InterpreterRequest['state'],
  };
}

function visitOf(value: unknown): Visit {
  const planned = field(value, 'scheduled_at');
  return {
    id: field(value, 'id') ?? '',
    state: (field(value, 'state') ?? 'created') as State,
    at: planned ?? field(value, 'created_at') ?? '',
    planned: planned !== null,
    minutes: number(value, 'duration_minutes'),
    record: field(value, 'patient') ?? '',
    endedAt: field(value, 'ended_at'),
    called: field(value, 'called_at') !== null,
    people: items(value, 'participants').map(personOf),
    deliveries: items(value, 'deliveries').map(deliveryOf),
    requests: items(value, 'requests').map(requestOf),
    practitioner: field(value, 'practitioner') ?? '',
  };
}

function personOf(value: unknown): Visitor {
  const contact = part(value, 'contact');
  const devices = part(value, 'devices');
  const camera = field(devices, 'camera');
  const microphone = field(devices, 'microphone');
  const sound = field(devices, 'sound');
  return {
    id: field(value, 'id') ?? '',
    role: (field(value, 'role') ?? 'guest') as Role,
    as: field(value, 'as') ?? '',
    name: field(value, 'name') ?? '',
    language: field(value, 'language') ?? '',
    needs: texts(value, 'needs'),
    phone: field(contact, 'phone') ?? '',
    mail: field(contact, 'mail') ?? '',
    reach: field(contact, 'reach') ?? '',
    place: (field(value, 'place') ?? 'invited') as Place,
    since: field(value, 'waiting_since'),
    devices: {
      ...(camera === null ? {} : { camera: camera as Devices['camera'] }),
      ...(microphone === null ? {} : { microphone: microphone as Devices['microphone'] }),
      ...(sound === null ? {} : { sound: sound as Devices['sound'] }),
    },
    testedAt: field(value, 'tested_at'),
    absentAt: field(value, 'absent_at'),
  };
}

function deliveryOf(value: unknown): Delivery {
  return {
    participant: field(value, 'participant') ?? '',
    kind: field(value, 'kind') ?? '',
    channel: field(value, 'channel') === 'mail' ? 'mail' : 'sms',
    state: (field(value, 'state') ?? 'queued') as Delivery['state'],
    reason: field(value, 'reason') ?? '',
    changedAt: field(value, 'changed_at') ?? '',
  };
}

/** YYYY-MM-DD, so many days later. */
export function dayAfter(date: string, days: number): string {
  const at = new Date(`${date}T12:00:00Z`);
  at.setUTCDate(at.getUTCDate() + days);
  return at.toISOString().slice(0, 10);
}

/** Whether a text is a day that exists. */
export function isDay(text: string): boolean {
  return /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text)) && dayAfter(text, 0) === text;
}
