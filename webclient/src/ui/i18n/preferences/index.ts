import { area } from '../area';
import type { PreferencesWords } from './words';

export const preferencesWords = area<PreferencesWords>('preferences', {
  fr: async () => (await import('./fr')).fr,
  en: async () => (await import('./en')).en,
  ar: async () => (await import('./ar')).ar,
});
