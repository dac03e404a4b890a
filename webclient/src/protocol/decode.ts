// decode reads what the server sends, as strictly as the server reads what we send: a missing, unknown or wrong field is an
// error, and a message that fails is dropped as a whole. One small decoder per type; `object` makes them from their fields.

import type {
  ChatMessage,
  Consultation,
  Delay,
  DeskConsultation,
  DeskParticipant,
  DeskState,
  Devices,
  DocumentList,
  ErrorCode,
  Event,
  IceServer,
  Identity,
  InterpreterRequest,
  LaneUse,
  LinkDelivery,
  Need,
  NoticeState,
  Participant,
  Practice,
  Proof,
  Publication,
  Quality,
  Reach,
  Reply,
  Role,
  SharedDocument,
  Source,
  Span,
  State,
  Waiting,
  WaitingMessage,
} from './messages';

/** What the server sent is not in the protocol. `path` says where; never what, which may be personal. */
export class DecodeError extends Error {
  readonly path: string;
  constructor(path: string) {
    super(`not in the protocol: ${path}`);
    this.name = 'DecodeError';
    this.path = path;
  }
}

/** Reads a value or throws DecodeError. */
export type Decoder<T> = (value: unknown, path: string) => T;

const fail = (path: string): never => {
  throw new DecodeError(path);
};

export const text: Decoder<string> = (value, path) => (typeof value === 'string' ? value : fail(path));
const name: Decoder<string> = (value, path) => (typeof value === 'string' && value !== '' ? value : fail(path));
const flag: Decoder<boolean> = (value, path) => (typeof value === 'boolean' ? value : fail(path));
const count: Decoder<number> = (value, path) =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : fail(path);
/** RFC 3339, UTC. */
const time: Decoder<string> = (value, path) =>
  typeof value === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(value) ? value : fail(path);

export function word<T extends string>(...words: readonly T[]): Decoder<T> {
  return (value, path) => words.find(known => known === value) ?? fail(path);
}

export function optional<T>(decoder: Decoder<T>): Decoder<T | undefined> {
  return (value, path) => (value === undefined ? undefined : decoder(value, path));
}

export function list<T>(decoder: Decoder<T>): Decoder<T[]> {
  return (value, path) =>
    Array.isArray(value) ? value.map((item, index) => decoder(item, `${path}[${index}]`)) : fail(path);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function object<T extends object>(fields: { readonly [K in keyof T]-?: Decoder<T[K]> }): Decoder<T> {
  return (value, path) => {
    if (!isRecord(value)) {
      return fail(path);
    }
    for (const key of Object.keys(value)) {
      if (!Object.hasOwn(fields, key)) {
        fail(`${path}.${key}`);
      }
    }
    const read: Partial<T> = {};
    for (const key in fields) {
      const field = fields[key](value[key], `${path}.${key}`);
      if (field !== undefined) {
        read[key] = field;
      }
    }
    return read as T;
  };
}

export const source = word<Source>('microphone', 'camera', 'screen');
const role = word<Role>('practitioner', 'patient', 'interpreter', 'guest');
const state = word<State>('created', 'waiting', 'called', 'live', 'interrupted', 'ended');
const presence = word('here', 'lost', 'away');
const errorCode = word<ErrorCode>(
  'bad-message',
  'bad-ticket',
  'forbidden',
  'not-found',
  'too-early',
  'conflict',
  'too-fast',
  'too-large',
  'media',
  'unavailable',
  'internal',
);

export const deviceFields = {
  camera: optional(word<Devices['camera']>('ok', 'missing', 'refused', 'skipped')),
  microphone: optional(word<Devices['microphone']>('ok', 'silent', 'missing', 'refused', 'skipped')),
  sound: optional(word<Devices['sound']>('heard', 'not-heard', 'skipped')),
};
const iceServers = list(object<IceServer>({ urls: list(name), username: optional(text), credential: optional(text) }));
const practice = object<Practice>({ name: text, phone: text });
const consultation = object<Consultation>({
  id: name,
  state,
  practitioner: text,
  created_at: time,
  live_at: optional(time),
  scheduled_at: optional(time),
});
const delay = object<Delay>({ minutes: count, said_at: time });
const waitingMessage = object<WaitingMessage>({ text, at: time });
const waitingFields = {
  since: time,
  practitioner: word<Waiting['practitioner']>('available', 'in-consultation', 'away'),
  practitioner_name: optional(text),
  delay: optional(delay),
  message: optional(waitingMessage),
  where: optional(object({ place: text, call_back: text })),
};
const chat = list(object<ChatMessage>({ id: name, from: name, name: text, text, at: time }));
const noticeState = word<NoticeState>('queued', 'handing', 'sent', 'delivered', 'failed', 'uncertain', 'cancelled');
const deskFields = {
  delay: optional(delay),
  consultations: list(
    object<DeskConsultation>({
      id: name,
      state,
      patient: optional(name),
      created_at: time,
      scheduled_at: optional(time),
      minutes: optional(count),
      late_at: optional(time),
      passed_by: optional(name),
      participants: list(
        object<DeskParticipant>({
          id: name,
          role,
          name: text,
          birth_date: optional(name),
          language: optional(name),
          needs: optional(list(word<Need>('hearing', 'sight', 'interpreter', 'carer'))),
          phone: optional(name),
          reach: optional(word<Reach>('sms', 'mail', 'handed')),
          place: word('invited', 'waiting', 'call', 'left'),
          since: optional(time),
          presence,
          knocking: optional(flag),
          devices: optional(object<Partial<Devices>>(deviceFields)),
          tested_at: optional(time),
          absent_at: optional(time),
          message: optional(waitingMessage),
          delivery: optional(
            object<LinkDelivery>({ channel: word('sms', 'mail'), state: noticeState, reason: optional(name) }),
          ),
        }),
      ),
    }),
  ),
  undelivered: optional(count),
} satisfies { [K in keyof DeskState]-?: Decoder<DeskState[K]> };

const documentFields = {
  documents: list(
    object<SharedDocument>({
      id: name,
      from: name,
      from_name: text,
      from_role: role,
      mine: flag,
      to: list(name),
      name: text,
      kind: text,
      size: count,
      state: word('arriving', 'checking', 'ready', 'refused'),
      reason: optional(word('virus', 'unchecked', 'damaged')),
      shown: flag,
      location_removed: flag,
      sent_at: time,
      seen: list(object({ participant: name, at: time })),
    }),
  ),
  code: optional(text),
  days: count,
  until: optional(time),
  messages: optional(flag),
  message_days: optional(count),
  messages_until: optional(time),
  max_bytes: count,
} satisfies { [K in keyof DocumentList]-?: Decoder<DocumentList[K]> };

/** Reads the answer to GET …/documents. Throws DecodeError. */
export const documentList = object<DocumentList>(documentFields);

type Table<M extends { type: string }> = {
  readonly [T in M['type']]: Decoder<Extract<M, { type: T }>>;
};

const replies: Table<Reply> = {
  joined: object({
    type: word('joined'),
    reply: name,
    session: name,
    token: name,
    self: name,
    role,
    answer: name,
    ice_servers: iceServers,
    practice,
    consultation,
    waiting: optional(object<Waiting>(waitingFields)),
    chat,
  }),
  knocking: object({ type: word('knocking'), reply: name }),
  resumed: object({
    type: word('resumed'),
    reply: name,
    ice_servers: iceServers,
    consultation,
    waiting: optional(object<Waiting>(waitingFields)),
    chat,
  }),
  answer: object({ type: word('answer'), reply: name, answer: name }),
  told: object({ type: word('told'), reply: name, shown: count, sent: count }),
  done: object({ type: word('done'), reply: name }),
  desk: object({ type: word('desk'), reply: name, ...deskFields }),
  error: object({ type: word('error'), reply: optional(name), code: errorCode, message: text }),
};

const events: Table<Event> = {
  waiting: object({ type: word('waiting'), ...waitingFields }),
  visit: object({
    type: word('visit'),
    patients: list(
      object<Identity>({
        participant: name,
        name: text,
        birth_date: optional(name),
        place: optional(name),
        country: optional(name),
        call_back: optional(name),
        said_at: optional(time),
        said_by_self: optional(flag),
        emergency: optional(name),
        verified: optional(word<Proof>('known', 'document', 'qualified', 'carer')),
        verified_by: optional(text),
        verified_at: optional(time),
      }),
    ),
    phone: optional(object({ participant: name, number: name, since: time })),
    spans: list(object<Span>({ medium: word('video', 'phone'), from: time, to: optional(time) })),
    requests: list(
      object<InterpreterRequest>({
        id: name,
        name: text,
        from: name,
        into: name,
        deadline: time,
        state: word('asked', 'accepted', 'refused', 'withdrawn', 'lapsed', 'taken'),
      }),
    ),
  }),
  phone: object({ type: word('phone'), on: flag, since: optional(time), number: optional(name) }),
  knock: object({ type: word('knock'), open: flag }),
  admitted: object({ type: word('admitted'), consultation }),
  participants: object({
    type: word('participants'),
    consultation,
    participants: list(
      object<Participant>({
        id: name,
        role,
        as: optional(word('carer', 'expert')),
        name: text,
        presence,
        publications: list(object<Publication>({ source, muted: flag })),
      }),
    ),
  }),
  lanes: object({
    type: word('lanes'),
    lanes: list(object<LaneUse>({ mid: name, participant: name, source })),
    missing: count,
  }),
  speaking: object({ type: word('speaking'), participants: list(name) }),
  quality: object({
    type: word('quality'),
    participants: list(object({ id: name, level: word<Quality>('good', 'weak', 'bad') })),
  }),
  chat: object({ type: word('chat'), messages: chat }),
  documents: object({ type: word('documents'), ...documentFields }),
  'ice-servers': object({ type: word('ice-servers'), ice_servers: iceServers }),
  ended: object({
    type: word('ended'),
    reason: word('ended', 'declined', 'left', 'replaced', 'elsewhere', 'passed', 'stopped'),
  }),
  tick: object({ type: word('tick') }),
  desk: object({ type: word('desk'), ...deskFields }),
};

/** What came: the reply to a request, or an event. */
export type Received = { reply: Reply } | { event: Event };

/** Reads one text frame of the server. Throws DecodeError. */
export function decode(frame: string): Received {
  let value: unknown;
  try {
    value = JSON.parse(frame);
  } catch {
    return fail('json');
  }
  if (!isRecord(value) || typeof value.type !== 'string') {
    return fail('type');
  }
  const type = value.type;
  // An error that names no request is still decoded as a reply: nobody waits for it, but it must be read.
  if ('reply' in value || type === 'error') {
    return { reply: pick<Reply>(replies, type)(value, type) };
  }
  return { event: pick<Event>(events, type)(value, type) };
}

function pick<T>(table: { readonly [type: string]: Decoder<T> }, type: string): Decoder<T> {
  const decoder = Object.hasOwn(table, type) ? table[type] : undefined;
  return decoder ?? fail(`type ${type.slice(0, 32)}`);
}
