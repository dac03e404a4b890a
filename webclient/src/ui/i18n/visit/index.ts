import { area } from '../area';
import type { VisitWords } from './words';

export const visitWords = area<VisitWords>('visit', {
  fr: async () => (await import('./fr')).fr,
  en: async () => (await import('./en')).en,
  ar: async () => (await import('./ar')).ar,
});
