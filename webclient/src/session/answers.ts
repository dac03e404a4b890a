// What patients answered to the questions of a service: appointments and requests carry it alike (answersOf in consult/api).

import { field, items } from './http';
import { type Texts, textIn, textsBy } from './services';

export interface Answer {
  /** Empty when the service asks it no more. */
  readonly question: Texts;
  readonly kind: string;
  readonly answer: string;
  /** What a choice says. */
  readonly choice: Texts;
}

export const answersOf = (one: unknown): readonly Answer[] =>
  items(one, 'answers').map(answer => ({
    question: textsBy(answer, 'question'),
    kind: field(answer, 'kind') ?? '',
    answer: field(answer, 'answer') ?? '',
    choice: textsBy(answer, 'choice'),
  }));

/** What an answer says, to whoever reads that language. */
export function answerIn({ kind, answer, choice }: Answer, language: string, say: { yes: string; no: string }): string {
  if (kind === 'yes-no') {
    return answer === 'yes' ? say.yes : say.no;
  }
  return textIn(choice, language) || answer;
}
