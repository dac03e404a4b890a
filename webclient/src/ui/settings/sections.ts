import type { ComponentType } from 'preact';
import type { Area, Catalogue } from '../i18n';
import { calendarsWords } from '../i18n/calendars';
import { enteringWords } from '../i18n/entering';
import { messagesWords } from '../i18n/messages';
import { outsideWords } from '../i18n/outside';
import { preferencesWords } from '../i18n/preferences';
import type { PreferencesWords } from '../i18n/preferences/words';
import { servicesWords } from '../i18n/services';
import { visitWords } from '../i18n/visit';

export interface SectionProps {
  /** The path below the section's own, in parts. */
  readonly below: readonly string[];
}

/** What sections are about: they stand together. */
export type SettingsGroup = keyof PreferencesWords['preferences']['groups'];

/** One part of the settings, at /desk/settings/<id>. */
export interface SettingsSection {
  readonly id: string;
  readonly group: SettingsGroup;
  name(t: Catalogue & PreferencesWords): string;
  /** As of an area: shell/areas.ts. */
  readonly scopes: readonly string[] | null;
  readonly words: readonly Area<object>[];
  /** It has addresses below its own. */
  readonly deep?: boolean;
  readonly load: () => Promise<ComponentType<SectionProps>>;
}

/** Every section, group by group, in the order in which they stand. Give yours a name in i18n/preferences. */
export const sections: readonly SettingsSection[] = [
  {
    id: 'me',
    group: 'you',
    name: t => t.preferences.me,
    scopes: null,
    words: [preferencesWords],
    load: async () => (await import('./me')).MeSection,
  },
  {
    id: 'sign-in',
    group: 'you',
    name: t => t.preferences.signIn,
    scopes: null,
    words: [enteringWords],
    load: async () => (await import('./signin')).SignInSection,
  },
  {
    id: 'arrivals',
    group: 'you',
    name: t => t.preferences.arrivals,
    scopes: ['consultations:read'],
    words: [preferencesWords],
    load: async () => (await import('./arrivals')).ArrivalsSection,
  },
  {
    id: 'calendars',
    group: 'you',
    name: t => t.preferences.calendars,
    scopes: ['appointments:read'],
    words: [calendarsWords, enteringWords],
    load: async () => (await import('../calendars/section')).CalendarsSection,
  },
  {
    id: 'programs',
    group: 'you',
    name: t => t.preferences.programs,
    scopes: null,
    words: [enteringWords],
    load: async () => (await import('./programs')).ProgramsSection,
  },
  {
    id: 'services',
    group: 'booking',
    name: t => t.preferences.services,
    scopes: ['services:write'],
    words: [servicesWords],
    deep: true,
    load: async () => (await import('../services/list')).ServicesSection,
  },
  {
    id: 'hours',
    group: 'booking',
    name: t => t.preferences.hours,
    scopes: ['services:write'],
    words: [servicesWords],
    deep: true,
    load: async () => (await import('../services/hours')).HoursSection,
  },
  {
    id: 'rooms',
    group: 'booking',
    name: t => t.preferences.rooms,
    scopes: ['services:write'],
    words: [servicesWords],
    load: async () => (await import('../services/rooms')).RoomsSection,
  },
  {
    id: 'booking-page',
    group: 'booking',
    name: t => t.preferences.bookingPage,
    scopes: ['services:write'],
    words: [servicesWords],
    load: async () => (await import('../services/page')).BookingPageSection,
  },
  {
    id: 'outside',
    group: 'booking',
    name: t => t.preferences.outside,
    scopes: ['services:write'],
    words: [outsideWords],
    load: async () => (await import('../outside/section')).OutsideSection,
  },
  {
    id: 'messages',
    group: 'practice',
    name: t => t.preferences.messages,
    scopes: ['settings:write'],
    words: [preferencesWords, messagesWords],
    load: async () => (await import('./messages')).MessagesSection,
  },
  {
    id: 'interpreters',
    group: 'practice',
    name: t => t.preferences.interpreters,
    scopes: ['settings:write'],
    words: [visitWords],
    load: async () => (await import('./organisations')).OrganisationsSection,
  },
];
