import { area } from '../area';
import type { TodayWords } from './words';

export const todayWords = area<TodayWords>('today', {
  fr: async () => (await import('./fr')).fr,
  en: async () => (await import('./en')).en,
  ar: async () => (await import('./ar')).ar,
});
