import type { Language } from '../i18n';

const YEAR = 365 * 24 * 3600; // seconds

/** Shows this browser all pages in a language from now on: the cookie is read by consult/api before Accept-Language. */
export function keepLanguage(language: Language): void {
  const secure = location.protocol === 'https:' ? '; secure' : '';
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is not in Firefox and Safari of two years ago.
  document.cookie = `language=${language}; path=/; max-age=${YEAR}; samesite=lax${secure}`;
  location.replace(location.pathname);
}
