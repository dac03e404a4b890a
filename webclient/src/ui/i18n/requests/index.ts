import { area } from '../area';
import type { RequestsWords } from './words';

export const requestsWords = area<RequestsWords>('requests', {
  fr: async () => (await import('./fr')).fr,
  en: async () => (await import('./en')).en,
  ar: async () => (await import('./ar')).ar,
});
