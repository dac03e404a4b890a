export { type Area, area, Words } from './area';
export type { Catalogue } from './catalogue';
export { isLanguage, type Language, languageCodes, languages } from './languages';
