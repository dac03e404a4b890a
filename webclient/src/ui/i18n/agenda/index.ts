import { area } from '../area';
import type { AgendaWords } from './words';

export const agendaWords = area<AgendaWords>('agenda', {
  fr: async () => (await import('./fr')).fr,
  en: async () => (await import('./en')).en,
  ar: async () => (await import('./ar')).ar,
});
