/** The practitioner's settings. Each section's name, and the words of one's own. */
export interface PreferencesWords {
  preferences: {
    all: string;
    groups: Record<'you' | 'booking' | 'practice', string>;
    me: string;
    messages: string;
    interpreters: string;
    services: string;
    hours: string;
    rooms: string;
    bookingPage: string;
    name: string;
    nameHint: string;
    nameMissing: string;
    language: string;
    languageHint: string;
    bookMail: string;
    bookMailHint: string;
    bookMailNoAddress: string;
    signOut: string;
    signIn: string;
    programs: string;
    calendars: string;
    arrivals: string;
    outside: string;
    bell: { heading: string; ring: string; more: string };
    push: {
      heading: string;
      more: string;
      turnOn: string;
      turnOff: string;
      states: Record<'unable' | 'denied' | 'off' | 'on', string>;
    };
  };
}
