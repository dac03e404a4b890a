import { area } from '../area';
import type { TeamWords } from './words';

export const teamWords = area<TeamWords>('team', {
  fr: async () => (await import('./fr')).fr,
  en: async () => (await import('./en')).en,
  ar: async () => (await import('./ar')).ar,
});
