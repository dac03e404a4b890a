/**
 * The languages that every page exists in, each by its own name. To add one: a row here, a <language>.ts in every area's folder, an entry
 * for patient and desk, and a tag in webclient/pages.go and consult/api/pages.go.
 */
export const languages = {
  fr: { name: 'Français', dir: 'ltr' },
  en: { name: 'English', dir: 'ltr' },
  ar: { name: 'العربية', dir: 'rtl' },
} as const;

export type Language = keyof typeof languages;

export const languageCodes = Object.keys(languages) as readonly Language[];

export function isLanguage(text: string): text is Language {
  return Object.hasOwn(languages, text);
}

/** The tag for Intl: Arabic with the digits, the calendar and the 24 hours of Europe and the Maghreb, which clocks, telephones and prescriptions here have. */
export function localeOf(language: string): string {
  return language.startsWith('ar') ? `${language}-u-ca-gregory-hc-h23-nu-latn` : language;
}
