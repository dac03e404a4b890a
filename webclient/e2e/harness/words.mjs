/** The words of the pages, from the pages' own catalogues: a better word does not break a test, a missing one does. */
import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';

const read = async language => {
  const file = fileURLToPath(new URL(`../../src/ui/i18n/${language}.ts`, import.meta.url));
  const { module } = await runnerImport(file, { configFile: false, logLevel: 'error' });
  return module[language];
};

/** @type {{fr: import('../../src/ui/i18n/catalogue').Catalogue, en: import('../../src/ui/i18n/catalogue').Catalogue}} */
export const words = { fr: await read('fr'), en: await read('en') };
