// What stands on a printed sheet: POST /consultations/{id}/participants/{participant}/sheet.

import { field, fields } from './http';

export interface Sheet {
  /** To type in: visio.example.org/code */
  readonly address: string;
  /** Six figures. */
  readonly code: string;
  readonly link: string;
  readonly goodUntil: string;
  readonly name: string;
  /** The patient's; '' when nobody said it. */
  readonly language: string;
  readonly timeZone: string;
  readonly at: string | null;
  readonly practice: string;
  readonly phone: string;
}

type Ask = (method: string, path: string, body?: unknown) => Promise<unknown>;

/** Makes a fresh code and link, and says what goes with them. */
export async function makeSheet(ask: Ask, consultation: string, participant: string): Promise<Sheet> {
  const path = `/consultations/${encodeURIComponent(consultation)}/participants/${encodeURIComponent(participant)}/sheet`;
  const answer = await ask('POST', path, {});
  const needed = fields(answer, 'address', 'code', 'link', 'good_until', 'time_zone', 'practice');
  return {
    address: needed.address,
    code: needed.code,
    link: needed.link,
    goodUntil: needed.good_until,
    name: field(answer, 'name') ?? '',
    language: field(answer, 'language') ?? '',
    timeZone: needed.time_zone,
    at: field(answer, 'scheduled_at'),
    practice: needed.practice,
    phone: field(answer, 'phone') ?? '',
  };
}
