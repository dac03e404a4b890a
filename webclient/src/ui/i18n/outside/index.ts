import { area } from '../area';
import type { OutsideWords } from './words';

export const outsideWords = area<OutsideWords>('outside', {
  fr: async () => (await import('./fr')).fr,
  en: async () => (await import('./en')).en,
  ar: async () => (await import('./ar')).ar,
});
