import { area } from '../area';
import type { ServicesWords } from './words';

export const servicesWords = area<ServicesWords>('services', {
  fr: async () => (await import('./fr')).fr,
  en: async () => (await import('./en')).en,
  ar: async () => (await import('./ar')).ar,
});
