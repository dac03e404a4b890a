import { area } from '../area';
import type { ShellWords } from './words';

export const shellWords = area<ShellWords>('shell', {
  fr: async () => (await import('./fr')).fr,
  en: async () => (await import('./en')).en,
  ar: async () => (await import('./ar')).ar,
});
