export type { Catalogue } from './catalogue';
export type Language = 'fr' | 'en';
