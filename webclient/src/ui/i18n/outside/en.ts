import { plurals } from '../plural';
import type { OutsideWords } from './words';

const plural = plurals('en');

export const en: OutsideWords = {
  outside: {
    heading: 'Calendars elsewhere',
    intro:
      'When you are busy in another calendar (private, hospital…), that time is not offered to patients. We keep the times only: no titles, no places.',
    whose: 'Calendars of',
    none: 'No calendar elsewhere yet.',
    add: 'Add a calendar',
    address: 'Address of the calendar or the server',
    addressHint: 'An .ics link (Google, Outlook…) or the address of a CalDAV server (Nextcloud, iCloud…).',
    user: 'User name (CalDAV only)',
    password: 'Password',
    passwordHint: 'If your calendar offers it, make an app password there rather than giving your own.',
    look: 'Find the calendar',
    looking: 'Looking…',
    choose: 'Which calendar?',
    name: 'Its name here',
    take: 'Use this calendar',
    readAt: when => `Read at ${when}.`,
    notYet: 'Being read…',
    since: (trouble, when) => `${trouble} Since ${when}. What was read before stays blocked.`,
    skipped: count =>
      plural(count, {
        one: `${count} event cannot be read: it blocks nothing.`,
        other: `${count} events cannot be read: they block nothing.`,
      }),
    again: 'Read again',
    againOf: name => `Read ${name} again`,
    remove: 'Remove',
    removeOf: name => `Remove ${name}`,
    removeMore: 'Its busy times will be offered to patients again.',
    failed: 'That did not work. Try again in a moment.',
    known: 'This calendar is in the list already.',
    tooMany: 'Ten calendars at most: remove one first.',
    troubles: {
      unreachable: 'The server does not answer.',
      refused: 'User name or password refused.',
      'not-found': 'There is nothing at this address.',
      'no-calendar': 'There is no readable calendar at this address.',
      'too-large': 'This calendar is too large.',
      'forbidden-address': 'This address is not allowed: it must be a public one, and https where there is a password.',
    },
  },
};
