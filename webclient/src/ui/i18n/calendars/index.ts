import { area } from '../area';
import type { CalendarsWords } from './words';

export const calendarsWords = area<CalendarsWords>('calendars', {
  fr: async () => (await import('./fr')).fr,
  en: async () => (await import('./en')).en,
  ar: async () => (await import('./ar')).ar,
});
