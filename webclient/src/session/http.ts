// The few requests that go over HTTP (consult/api): what needs no websocket, or must work before there is one.

/** A refused request, with the code to show in words: one of docs/protocol.md, 'signed-out' or 'lost'. */
export class DeskError extends Error {
  readonly code: string;
  /** The field of the request that was refused; '' when it was not one. */
  readonly field: string;
  /** The server's own sentence, in English; '' when there is none. For operators: patients are told in their language. */
  readonly detail: string;
  /** Of a time that is taken: the next that are free. */
  readonly next: readonly unknown[];
  /** Of a series that cannot move: the dates that are in the way. */
  readonly dates: readonly unknown[];
  constructor(
    code: string,
    message: string,
    field = '',
    detail = '',
    next: readonly unknown[] = [],
    dates: readonly unknown[] = [],
  ) {
    super(message);
    this.name = 'DeskError';
    this.code = code;
    this.field = field;
    this.detail = detail;
    this.next = next;
    this.dates = dates;
  }
}

/** fetch, as far as it is used. */
export type Fetch = (
  path: string,
  init: {
    method: string;
    headers: Record<string, string>;
    body?: string | Blob;
    credentials: 'same-origin';
    cache: 'no-store';
  },
) => Promise<{ readonly ok: boolean; readonly status: number; json(): Promise<unknown> }>;

/** For answers that are not the server's own (a proxy's), which hold no code. */
const codes: { readonly [status: number]: string } = {
  400: 'bad-message',
  403: 'forbidden',
  404: 'not-found',
  409: 'conflict',
  413: 'too-large',
  422: 'bad-message',
  429: 'too-fast',
  503: 'unavailable',
};

/** Sends JSON, or a Blob as it is, and reads JSON. Rejects with DeskError: the server's code (problem+json may carry one), or 'lost' without a server. */
export async function send(fetch: Fetch, method: string, path: string, body?: unknown): Promise<unknown> {
  const raw = body instanceof Blob;
  const kind = raw ? body.type : 'application/json';
  let response: Awaited<ReturnType<Fetch>>;
  try {
    response = await fetch(`/api/v1${path}`, {
      method,
      headers: { Accept: 'application/json', ...(body === undefined ? {} : { 'Content-Type': kind }) },
      ...(body === undefined ? {} : { body: raw ? body : JSON.stringify(body) }),
      credentials: 'same-origin',
      cache: 'no-store',
    });
  } catch {
    throw new DeskError('lost', 'the server cannot be reached');
  }
  if (response.status === 204) {
    return null;
  }
  const answer: unknown = await response.json().catch(() => null);
  if (!response.ok) {
    const said = response.status === 401 ? 'signed-out' : field(answer, 'code');
    const code = said ?? codes[response.status] ?? 'internal';
    const about = `${method} ${path.replace(/(?:[acpms]|pt|ap)_[\w-]+/g, '…')}: ${response.status}`;
    throw new DeskError(
      code,
      about,
      field(answer, 'field') ?? '',
      field(answer, 'detail') ?? '',
      items(answer, 'next'),
      items(answer, 'dates'),
    );
  }
  return answer;
}

/** Whatever an answer has by a name; undefined when it has nothing. */
export function part(answer: unknown, name: string): unknown {
  return typeof answer === 'object' && answer !== null ? Reflect.get(answer, name) : undefined;
}

/** A text field of an answer; null when it is not there. */
export function field(answer: unknown, name: string): string | null {
  const value = part(answer, name);
  return typeof value === 'string' ? value : null;
}

/** The same, '' when it is not there. */
export const text = (answer: unknown, name: string): string => field(answer, name) ?? '';

/** A number of an answer; 0 when it is not there. */
export function number(answer: unknown, name: string): number {
  const value = part(answer, name);
  return typeof value === 'number' ? value : 0;
}

/** Whether an answer says yes to something. */
export const flag = (answer: unknown, name: string): boolean => part(answer, name) === true;

/** A list of an answer; empty when it is not there. */
export function items(answer: unknown, name: string): readonly unknown[] {
  const value = part(answer, name);
  return Array.isArray(value) ? value : [];
}

/** A list of texts of an answer; empty when it is not there. */
export function texts(answer: unknown, name: string): readonly string[] {
  return items(answer, name).filter(one => typeof one === 'string');
}

/** Text fields that must be there. Throws DeskError. */
export function fields<N extends string>(answer: unknown, ...names: readonly N[]): { [K in N]: string } {
  const read: Partial<{ [K in N]: string }> = {};
  for (const name of names) {
    const value = field(answer, name);
    if (value === null) {
      throw new DeskError('internal', `the answer has no ${name}`);
    }
    read[name] = value;
  }
  return read as { [K in N]: string };
}

/** What somebody typed as a telephone number or a mail address. The server knows better which of them it is good for. */
export function contactOf(text: string): { readonly mail: string } | { readonly phone: string } {
  return text.includes('@') ? { mail: text.trim() } : { phone: text.trim() };
}
