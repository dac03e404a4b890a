import type { Titles } from '../../../session/calendars';

/** The programs whose three lines are written out. */
export type Program = 'thunderbird' | 'apple' | 'davx5';

/** One's own appointments in calendar programs. */
export interface CalendarsWords {
  calendars: {
    intro: string;
    titlesHeading: string;
    titlesHint: string;
    titles: Record<Titles, string>;
    saved: string;
    programs: string;
    none: string;
    usedAt(when: string): string;
    neverUsed: string;
    remove: string;
    removeOf(name: string): string;
    removeMore: string;
    name: string;
    nameHint: string;
    make: string;
    made: string;
    madeMore: string;
    address: string;
    user: string;
    password: string;
    copy: string;
    how: Record<Program, { readonly name: string; readonly steps: readonly string[] }>;
    feed: string;
    feedMore: string;
    feedMake: string;
    feedEnd: string;
    feedEndMore: string;
    feedSince(when: string): string;
    feedOnce: string;
  };
}
