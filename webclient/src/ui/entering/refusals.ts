import type { EnteringWords } from '../i18n/entering/words';

/** Words for what was refused while somebody signs in or changes how they do. */
export function wordsFor(code: string, t: EnteringWords): string {
  const words: { readonly [code: string]: string } = {
    'bad-ticket': t.entering.wrong,
    'not-found': t.entering.wrong,
    'too-fast': t.entering.tooFast,
    lost: t.entering.lost,
    password: t.entering.passwordPlain,
    'wrong-code': t.entering.wrongCode,
    'mail-taken': t.entering.mailTaken,
    'last-means': t.means.lastMeans,
  };
  return words[code] ?? t.entering.failed;
}
