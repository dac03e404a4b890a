/** What axe finds in a tab. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';

const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What axe finds in a tab now, by these rules or tags. */
export async function findings(tab, runOnly = rules) {
  if (!(await tab.evaluate(() => 'axe' in window))) {
    await tab.evaluate(axe);
  }
  const violations = await tab.evaluate(
    async only => (await window.axe.run(document, { runOnly: only, resultTypes: ['violations'] })).violations,
    runOnly,
  );
  return violations.map(one => `${one.id}: ${one.nodes.map(node => node.html.slice(0, 160)).join(' | ')}`);
}
