import type { Format } from '../parts/format';

/** Languages that interpreters are asked for most, sign languages first. Others are what a patient's record says. */
const common =
  'fsl sfb ssr bfi gsg fr en ar es pt it de tr ru uk pl ro sq hy ka fa ps ur bn ta zh vi th so am ti ln sw wo'.split(
    ' ',
  );

/** Languages to choose from, by name; `also` are there besides. */
export function tongueChoices(
  signs: Readonly<Record<string, string>>,
  format: Format,
  also: readonly string[],
): readonly { readonly value: string; readonly label: string }[] {
  return [...new Set([...common, ...also.filter(one => one !== '')])].map(value => ({
    value,
    label: tongueName(value, signs, format),
  }));
}

/** What browsers do not name, we do: sign languages. */
export function tongueName(tag: string, signs: Readonly<Record<string, string>>, format: Format): string {
  return signs[tag] ?? format.language(tag);
}
