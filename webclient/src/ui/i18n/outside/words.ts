import type { Trouble } from '../../../session/outside';

/** Calendars elsewhere, whose busy times are not offered. */
export interface OutsideWords {
  outside: {
    heading: string;
    intro: string;
    whose: string;
    none: string;
    add: string;
    address: string;
    addressHint: string;
    user: string;
    password: string;
    passwordHint: string;
    look: string;
    looking: string;
    choose: string;
    name: string;
    take: string;
    readAt(when: string): string;
    notYet: string;
    since(trouble: string, when: string): string;
    skipped(count: number): string;
    again: string;
    againOf(name: string): string;
    remove: string;
    removeOf(name: string): string;
    removeMore: string;
    failed: string;
    known: string;
    tooMany: string;
    troubles: Record<Trouble, string>;
  };
}
