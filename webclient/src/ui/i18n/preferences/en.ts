import { english } from '../typeset';
import type { PreferencesWords } from './words';

export const en = english<PreferencesWords>({
  preferences: {
    all: 'All settings',
    groups: { you: 'For you', booking: 'Appointments', practice: 'The practice' },
    me: 'You',
    messages: 'Messages',
    interpreters: 'Interpreters',
    services: 'Services',
    hours: 'Opening hours',
    rooms: 'Rooms',
    bookingPage: 'Booking page',
    name: 'Your name for patients',
    nameHint: 'It is shown on their page and during the call. For example: Dr Claire Moreau',
    nameMissing: 'Write the name that your patients will see.',
    language: 'Language of these pages',
    languageHint: 'On this computer only.',
    bookMail: 'A mail when my book changes',
    bookMailHint: 'With a file for your calendar program. It does not name the patient.',
    bookMailNoAddress: 'A mail address is needed first: ask whoever manages the accounts.',
    signOut: 'Sign out',
    signIn: 'My sign-in',
    programs: 'Programs',
    calendars: 'My calendar programs',
    arrivals: 'Arrivals',
    outside: 'Calendars elsewhere',
    bell: {
      heading: 'When somebody arrives',
      ring: 'Ring on this computer',
      more: 'The title of the page and the list always say who waits. Nothing rings during a call.',
    },
    push: {
      heading: 'Be told even while the page is closed',
      more: 'This computer shows the name of who comes to wait, except during a call. The message goes, encrypted, through the service of the maker of your browser.',
      turnOn: 'Turn on for this computer',
      turnOff: 'Turn off',
      states: {
        unable: 'This practice does not use these messages, or this browser does not know them.',
        denied: 'This browser forbids them: allow notifications for this site.',
        off: 'Off on this computer.',
        on: 'On for this computer.',
      },
    },
  },
});
