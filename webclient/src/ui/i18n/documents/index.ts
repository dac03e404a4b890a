import { area } from '../area';
import type { DocumentsWords } from './words';

export const documentsWords = area<DocumentsWords>('documents', {
  fr: async () => (await import('./fr')).fr,
  en: async () => (await import('./en')).en,
  ar: async () => (await import('./ar')).ar,
});
