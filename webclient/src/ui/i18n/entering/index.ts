import { area } from '../area';
import type { EnteringWords } from './words';

export const enteringWords = area<EnteringWords>('entering', {
  fr: async () => (await import('./fr')).fr,
  en: async () => (await import('./en')).en,
  ar: async () => (await import('./ar')).ar,
});
