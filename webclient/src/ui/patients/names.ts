import type { Language } from '../i18n';
import { localeOf } from '../i18n/languages';

/** Languages that patients speak, to choose from: those of the pages, of Europe and around, and what is signed in France. */
const spoken =
  'fr en ar es pt it de nl pl ro ru uk tr ku fa ps prs ur hi bn ta zh vi ja ko so ti am ff bm ln wo mg sq sr hr bg el hy ka he fsl'.split(
    ' ',
  );

/** languageName is a language's name, said in another. */
export function languageName(tag: string, language: Language): string {
  try {
    return new Intl.DisplayNames([localeOf(language)], { type: 'language' }).of(tag) ?? tag;
  } catch {
    return tag;
  }
}

/** languageChoices is what can be chosen, by name; one that a record has already is among them. */
export function languageChoices(language: Language, own: string): { value: string; label: string }[] {
  const tags = own === '' || spoken.includes(own) ? spoken : [...spoken, own];
  const named = tags.map(value => ({ value, label: languageName(value, language) }));
  const collator = new Intl.Collator(localeOf(language));
  return [...named.slice(0, 3), ...named.slice(3).sort((a, b) => collator.compare(a.label, b.label))];
}

/** zoneChoices is every time zone that the browser knows. */
export function zoneChoices(own: string): { value: string; label: string }[] {
  const known = Intl.supportedValuesOf('timeZone');
  const all = own === '' || known.includes(own) ? known : [own, ...known];
  return all.map(value => ({ value, label: value.replaceAll('_', ' ') }));
}
