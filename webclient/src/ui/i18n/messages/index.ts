import { area } from '../area';
import type { MessagesWords } from './words';

export const messagesWords = area<MessagesWords>('messages', {
  fr: async () => (await import('./fr')).fr,
  en: async () => (await import('./en')).en,
  ar: async () => (await import('./ar')).ar,
});
