import { area } from '../area';
import type { PatientsWords } from './words';

export const patientsWords = area<PatientsWords>('patients', {
  fr: async () => (await import('./fr')).fr,
  en: async () => (await import('./en')).en,
  ar: async () => (await import('./ar')).ar,
});
