// What a practice writes in several languages: names of services, questions to patients.

import { part } from './http';

/** A text by language, as a BCP 47 tag. */
export type Texts = Readonly<Record<string, string>>;

/** The text in a language, or in the next best. */
export function textIn(all: Texts, language: string): string {
  return all[language] ?? all.fr ?? all.en ?? Object.values(all)[0] ?? '';
}

/** Such a text of an answer; {} when it is not there. */
export function textsBy(answer: unknown, name: string): Texts {
  const value = part(answer, name);
  const entries = typeof value === 'object' && value !== null ? Object.entries(value) : [];
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
}
