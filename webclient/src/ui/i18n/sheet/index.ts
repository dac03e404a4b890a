import { area } from '../area';
import type { SheetWords } from './words';

export const sheetWords = area<SheetWords>('sheet', {
  fr: async () => (await import('./fr')).fr,
  en: async () => (await import('./en')).en,
  ar: async () => (await import('./ar')).ar,
});
