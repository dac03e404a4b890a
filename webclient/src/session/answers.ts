// What patients answered to the questions of a service: appointments and requests carry it alike (answersOf in consult/api).

import { field, fields, items, part } from './http';
import type { Requests } from './services';
import { type Texts, textIn, textsBy } from './texts';

export interface Answer {
  /** Empty when the service asks it no more. */
  readonly question: Texts;
  readonly kind: string;
  readonly answer: string;
  /** What a choice says. */
  readonly choice: Texts;
  /** What the patient gave; null when it is no file, or erased. */
  readonly file: GivenFile | null;
}

export interface GivenFile {
  readonly id: string;
  readonly name: string;
  readonly state: 'checking' | 'ready' | 'refused';
}

export const answersOf = (one: unknown): readonly Answer[] =>
  items(one, 'answers').map(answer => ({
    question: textsBy(answer, 'question'),
    kind: field(answer, 'kind') ?? '',
    answer: field(answer, 'answer') ?? '',
    choice: textsBy(answer, 'choice'),
    file: fileOf(part(answer, 'file')),
  }));

function fileOf(file: unknown): GivenFile | null {
  const [id, name, state] = ['id', 'name', 'state'].map(one => field(file, one) ?? '');
  return id === undefined || id === ''
    ? null
    : { id, name: name ?? '', state: state === 'ready' || state === 'refused' ? state : 'checking' };
}

/** The address of what a patient gave with an appointment; it opens for an hour. Rejects with DeskError. */
export async function openFile(desk: Requests, appointment: string, file: string): Promise<string> {
  return fields(await desk.request('POST', `/appointments/${appointment}/files/${file}/open`, {}), 'url').url;
}

/** What an answer says, to whoever reads that language. */
export function answerIn({ kind, answer, choice }: Answer, language: string, say: { yes: string; no: string }): string {
  if (kind === 'yes-no') {
    return answer === 'yes' ? say.yes : say.no;
  }
  return textIn(choice, language) || answer;
}
