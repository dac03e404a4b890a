import type { CalendarsWords } from './words';

export const en: CalendarsWords = {
  calendars: {
    intro:
      'Your appointments in the calendar program of your computer or phone. What you add there (holidays, a meeting…) is no longer offered to patients. Appointments themselves are moved and cancelled here, where the patient is told.',
    titlesHeading: 'What appointments are called',
    titlesHint: 'Others sometimes see your calendar: on a watch, a shared screen, in a backup.',
    titles: { name: 'Patient’s name and service', initials: 'Initials', neutral: 'Only “Appointment”' },
    saved: 'Saved',
    programs: 'Connected calendar programs',
    none: 'None so far.',
    usedAt: when => `Used on ${when}`,
    neverUsed: 'Not used yet',
    remove: 'Remove',
    removeOf: name => `Remove ${name}`,
    removeMore: 'This program will no longer reach your appointments. What it has copied stays there.',
    name: 'Connect a program or a device',
    nameHint: 'A name to know it again. For example: iPhone, Thunderbird at work',
    make: 'Make a password for it',
    made: 'To copy into the program',
    madeMore: 'This password will not be shown again. It opens your calendars and nothing else.',
    address: 'Server address',
    user: 'User name',
    password: 'Password',
    copy: 'Copy',
    how: {
      thunderbird: {
        name: 'Thunderbird',
        steps: [
          'Calendar › New calendar › On the network.',
          'Paste the user name, then the server address.',
          'Find calendars, paste the password, choose, and Subscribe.',
        ],
      },
      apple: {
        name: 'iPhone, iPad and Mac',
        steps: [
          'Settings › Apps › Calendar › Calendar accounts › Add account › Other › CalDAV account.',
          'Server: the address. Then the user name and the password.',
          'On a Mac: Calendar › Add account › Other CalDAV account, type “Advanced” or “Manual”.',
        ],
      },
      davx5: {
        name: 'Android (DAVx⁵)',
        steps: [
          'Install DAVx⁵, then + › Login with URL and user name.',
          'Paste the server address, the user name and the password.',
          'Tick the calendar below CalDAV and synchronise: it appears in the calendar app.',
        ],
      },
    },
    feed: 'Link to subscribe to (read only)',
    feedMore:
      'For a calendar that only reads (Google Calendar, Outlook). Whoever has this link sees your appointments, called as chosen above.',
    feedMake: 'Make the link',
    feedEnd: 'Delete the link',
    feedEndMore: 'Calendars that subscribed to it receive nothing more. What they have copied stays there.',
    feedSince: when => `There has been a link since ${when}. To have another one, delete it first.`,
    feedOnce: 'Copy it now: it will not be shown again.',
  },
};
