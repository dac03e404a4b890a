/** The words of the pages, from the pages' own catalogues: a better word does not break a test, a missing one does. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';

const folder = fileURLToPath(new URL('../../src/ui/i18n', import.meta.url));

/** Every area's words in one language, by section. */
const read = async language => {
  const areas = (await readdir(folder, { withFileTypes: true })).filter(one => one.isDirectory());
  const read = areas.map(async area => {
    const file = join(folder, area.name, `${language}.ts`);
    return (await runnerImport(file, { configFile: false, logLevel: 'error' })).module[language];
  });
  return Object.assign({}, ...(await Promise.all(read)));
};

export const words = { fr: await read('fr'), en: await read('en'), ar: await read('ar') };
