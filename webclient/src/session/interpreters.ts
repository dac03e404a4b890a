// Interpreters over HTTP: who can be asked, asking, and the organisations that send them.

import { DeskError, field, fields, flag, items, part, texts } from './http';
import type { Ask } from './visit';

/** Somebody who can be asked: an organisation or an account. */
export interface Interpreter {
  readonly id: string;
  readonly name: string;
  /** Tags; sign languages too. */
  readonly languages: readonly string[];
}

export interface Organisation {
  readonly id: string;
  readonly name: string;
  readonly phone: string;
  readonly mail: string;
  readonly languages: readonly string[];
}

export async function interpreters(ask: Ask): Promise<readonly Interpreter[]> {
  const answer = await ask('GET', '/interpreters');
  return items(answer, 'interpreters').map(one => ({
    ...fields(one, 'id', 'name'),
    languages: texts(one, 'languages'),
  }));
}

/** Resolves with the link when it is to be handed over, with null when it was sent. */
export async function askInterpreter(
  ask: Ask,
  consultation: string,
  request: { readonly of: string; readonly from: string; readonly into: string; readonly deadline: Date },
): Promise<string | null> {
  const { deadline, ...rest } = request;
  const answer = await ask('POST', `/consultations/${consultation}/interpreter-requests`, {
    ...rest,
    deadline: deadline.toISOString(),
  });
  return flag(answer, 'sent') ? null : (field(answer, 'link') ?? '');
}

export async function withdraw(ask: Ask, consultation: string, request: string): Promise<void> {
  try {
    await ask('POST', `/consultations/${consultation}/interpreter-requests/${request}/withdraw`, {});
  } catch (error) {
    if (!(error instanceof DeskError) || error.code !== 'conflict') {
      throw error; // a conflict: it was answered meanwhile, and that is shown
    }
  }
}

export async function organisations(ask: Ask): Promise<readonly Organisation[]> {
  const answer = await ask('GET', '/organisations');
  return items(answer, 'organisations').map(one => {
    const contact = part(one, 'contact');
    return {
      ...fields(one, 'id', 'name'),
      phone: field(contact, 'phone') ?? '',
      mail: field(contact, 'mail') ?? '',
      languages: texts(one, 'languages'),
    };
  });
}

/** With id '' a new one. */
export async function saveOrganisation(ask: Ask, one: Organisation): Promise<void> {
  const { id, name, phone, mail, languages } = one;
  await ask(id === '' ? 'POST' : 'PUT', id === '' ? '/organisations' : `/organisations/${id}`, {
    name,
    languages,
    contact: { phone, mail },
  });
}

export async function removeOrganisation(ask: Ask, id: string): Promise<void> {
  await ask('DELETE', `/organisations/${id}`);
}
