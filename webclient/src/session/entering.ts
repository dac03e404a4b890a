// The operations of signing in, of an invitation, and of how an account signs in, as the screens want them.

import { DeskError, field, fields, part, texts } from './http';

/** Sends one operation of the API: Desk.request, or send() where there is no desk. */
export type Request = (method: string, path: string, body?: unknown) => Promise<unknown>;

export interface Provider {
  readonly id: string;
  readonly name: string;
}
/** How people can sign in here. */
export interface Ways {
  readonly passkeys: boolean;
  readonly providers: readonly Provider[];
}
/** What to ask the browser for, and what to send back with its answer. */
export interface PasskeyStep {
  readonly options: unknown;
  readonly step: string;
}
/** A secret for an authenticator app. */
export interface Offer {
  readonly secret: string;
  readonly url: string;
  readonly step: string;
}
export interface Invited {
  readonly name: string;
  readonly mail: string;
  readonly ways: Ways;
}
export interface Means {
  readonly mail: string;
  readonly password: boolean;
  readonly passkeys: readonly {
    readonly id: string;
    readonly name: string;
    readonly made: string;
    readonly used: string;
  }[];
  readonly providers: readonly string[];
  readonly recoveryCodes: number;
  readonly ways: Ways;
}
export interface SignIn {
  readonly id: string;
  readonly means: string;
  readonly browser: string;
  readonly since: string;
  readonly here: boolean;
}
export interface Token {
  readonly id: string;
  readonly name: string;
  readonly scopes: readonly string[];
  readonly until: string;
}

/** A passkey that the browser made. */
export interface NewPasskey {
  readonly name: string;
  readonly step: string;
  readonly credential: unknown;
}
export interface NewPassword {
  readonly mail: string;
  readonly password: string;
  readonly step: string;
  readonly code: string;
}

export async function waysOf(request: Request): Promise<Ways> {
  return readWays(await request('GET', '/sign-in/ways'));
}

export async function signInWithPassword(
  request: Request,
  mail: string,
  password: string,
  code: string,
): Promise<void> {
  await request('POST', '/sign-in/password', { mail, password, code });
}

export async function signInWithRecoveryCode(request: Request, code: string): Promise<void> {
  await request('POST', '/sign-in/recovery', { code });
}

export async function invitationOf(request: Request, ticket: string): Promise<Invited> {
  const answer = await request('POST', '/invitation', { ticket });
  return { ...fields(answer, 'name'), mail: field(answer, 'mail') ?? '', ways: readWays(part(answer, 'ways')) };
}

/** Asks what to ask an authenticator for: path is one of those that end in /options. */
export async function passkeyStep(request: Request, path: string, body: unknown = {}): Promise<PasskeyStep> {
  const answer = await request('POST', path, body);
  return { options: part(answer, 'options'), ...fields(answer, 'step') };
}

export async function offerOf(request: Request, path: string, body: unknown = {}): Promise<Offer> {
  return fields(await request('POST', path, body), 'secret', 'url', 'step');
}

/** Sends what was chosen; recovery codes come with the first choice. */
export async function codesFrom(
  request: Request,
  method: string,
  path: string,
  body: unknown,
): Promise<readonly string[]> {
  return texts(await request(method, path, body), 'recovery_codes');
}

export async function meansOf(request: Request): Promise<Means> {
  const answer = await request('GET', '/me/means');
  return {
    ...fields(answer, 'mail'),
    password: part(answer, 'password') === true,
    passkeys: list(answer, 'passkeys', one => ({
      ...fields(one, 'id', 'name'),
      made: field(one, 'created_at') ?? '',
      used: field(one, 'used_at') ?? '',
    })),
    providers: texts(answer, 'providers'),
    recoveryCodes: Number(part(answer, 'recovery_codes') ?? 0),
    ways: readWays(part(answer, 'ways')),
  };
}

export async function signInsOf(request: Request): Promise<readonly SignIn[]> {
  return list(await request('GET', '/me/sign-ins'), 'sign_ins', one => ({
    ...fields(one, 'id', 'means', 'browser'),
    since: field(one, 'created_at') ?? '',
    here: part(one, 'here') === true,
  }));
}

export async function tokensOf(request: Request): Promise<readonly Token[]> {
  return list(await request('GET', '/me/tokens'), 'tokens', one => ({
    ...fields(one, 'id', 'name'),
    scopes: texts(one, 'scopes'),
    until: field(one, 'expires_at') ?? '',
  }));
}

/** The code of a refusal: one of docs/protocol.md, 'signed-out' or 'lost'; 'internal' for everything else. */
export function refusalOf(error: unknown): string {
  return error instanceof DeskError ? error.code : 'internal';
}

function readWays(answer: unknown): Ways {
  return {
    passkeys: part(answer, 'passkeys') === true,
    providers: list(answer, 'providers', one => fields(one, 'id', 'name')),
  };
}

export function list<T>(answer: unknown, name: string, read: (one: unknown) => T): readonly T[] {
  const value = part(answer, name);
  return Array.isArray(value) ? value.map(read) : [];
}
