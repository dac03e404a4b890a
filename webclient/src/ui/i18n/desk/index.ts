import { area } from '../area';
import type { DeskWords } from './words';

export const deskWords = area<DeskWords>('desk', {
  fr: async () => (await import('./fr')).fr,
  en: async () => (await import('./en')).en,
  ar: async () => (await import('./ar')).ar,
});
