// Photographs every screen: node src/ui/gallery/shoot.mjs <folder> [name part] [phone,ar,light]. Each at 390×844, 1280×800 and 320×568, in all languages, light and dark,
// with axe on every one, and a complaint for whatever is wider than its window or smaller than it should be.
import { createReadStream, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AxeBuilder } from '@axe-core/playwright';
import { chromium } from 'playwright-core';
import { build } from 'vite';

const [folder = 'gallery-shots', part = '', only = ''] = process.argv.slice(2);
const wanted = only.split(',').filter(Boolean);
/** Those of `all` that were asked for; all when none of them was. */
const chosen = all => (all.some(one => wanted.includes(one)) ? all.filter(one => wanted.includes(one)) : all);
// axe says the same of every size and language: once in light and once in dark is enough.
const judged = ['phone fr light', 'desktop en dark', 'phone ar light'];
const root = fileURLToPath(new URL('../../../', import.meta.url));
mkdirSync(folder, { recursive: true });

const sizes = {
  phone: { width: 390, height: 844 },
  desktop: { width: 1280, height: 800 },
  narrow: { width: 320, height: 568 },
};
const types = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
};
const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self' blob: mediastream:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

/** What Go's templates would put in. */
const fields = {
  '.Practice.Name': 'Cabinet des Tilleuls',
  '.Practice.Phone': '+33123456789',
  '.Practitioner': 'Dr Claire Moreau',
  '.Ticket': 'Ck4u9hV0x2mJr7LqzT1bYw',
  '.ConsultationID': 'c_1',
  '.ParticipantID': 'p_2',
  '.State': 'created',
};
/** Go's text/template as far as the pages use it: fields, if, else if, with, eq. */
function filled(html, known = fields) {
  const saidOf = name => known[name.trim().replace(/^\$/, '')] ?? '';
  const holds = test => {
    const [, name, wanted] = /^eq (\S+) "([^"]*)"$/.exec(test) ?? [];
    return name === undefined ? saidOf(test) !== '' : saidOf(name) === wanted;
  };
  const parts = html.split(/\{\{([^}]+)\}\}/);
  let said = '';
  const open = []; // of each if: was a branch taken, is this one shown
  const shown = () => open.every(one => one.shown);
  parts.forEach((part, index) => {
    const [, word = '', rest = ''] = /^(if|with|else if|else|end)\b ?(.*)$/.exec(part.trim()) ?? [];
    if (index % 2 === 0 || word === '') {
      said += shown() ? (index % 2 === 0 ? part : saidOf(part)) : '';
    } else if (word === 'end') {
      open.pop();
    } else if (word === 'else' || word === 'else if') {
      const last = open.at(-1);
      last.shown = !last.taken && (word === 'else' || holds(rest));
      last.taken ||= last.shown;
    } else {
      const taken = word === 'with' || holds(rest);
      open.push({ taken, shown: taken });
    }
  });
  return said;
}
/** What is said on the page of an interpreter's link, by the state of their request. */
const request = {
  '.From': 'français',
  '.Into': 'arabe',
  '.When': 'mardi 24 novembre 2026 à 10:00 (heure de Paris)',
  '.Deadline': 'lundi 23 novembre 2026 à 12:00 (heure de Paris)',
  '.Name': 'Samira Haddad',
};
const requests = ['asked', 'accepted', 'refused', 'taken', 'lapsed', 'withdrawn'];

const gallery = join(folder, '.built');
const pages = createHttpServer((asking, response) => {
  const asked = new URL(asking.url ?? '/', 'http://x').pathname;
  const path = [join(root, 'dist', asked), join(gallery, asked)].find(one => existsSync(one));
  if (path === undefined) {
    response.writeHead(404).end();
    return;
  }
  response.setHeader('content-type', types[extname(path)] ?? 'application/octet-stream');
  response.setHeader('content-security-policy', policy);
  if (path.endsWith('.html')) {
    const state = new URL(asking.url ?? '/', 'http://x').searchParams.get('state');
    const link =
      state === 'accepted'
        ? { '.Link': 'https://visio.tilleuls.example/c/Ck4u9hV0x2mJr7LqzT1bYw', '.Sent': 'yes' }
        : {};
    response.end(
      filled(readFileSync(path, 'utf8'), state === null ? fields : { ...fields, ...request, ...link, '.State': state }),
    );
  } else {
    createReadStream(path).pipe(response);
  }
});
await new Promise(done => pages.listen(0, '127.0.0.1', done));
await build({
  root,
  configFile: false,
  logLevel: 'error',
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    outDir: gallery,
    emptyOutDir: true,
    assetsInlineLimit: 0,
    rolldownOptions: { input: join(root, 'src/ui/gallery/index.html') },
  },
});
const dist = `http://127.0.0.1:${pages.address().port}`;

const browser = await chromium.launch({
  executablePath: '/usr/bin/chromium',
  args: [
    '--no-sandbox',
    '--use-fake-device-for-media-stream',
    '--use-fake-ui-for-media-stream',
    '--autoplay-policy=no-user-gesture-required',
  ],
});
const names = [
  ...readFileSync(join(root, 'src/ui/gallery/screens.tsx'), 'utf8')
    .split('export const screens')[1]
    .matchAll(/^ {2}'?([a-z-]+)'?: /gm),
].map(found => found[1]);
const built = existsSync(join(root, 'dist/pages'))
  ? [...new Set(readdirSync(join(root, 'dist/pages')).map(name => name.split('.')[0]))]
  : [];
const jobs = [
  ...built
    .filter(name => name !== 'desk' && name !== 'interpreter')
    .map(name => ({ name: `page-${name}`, url: language => `${dist}/pages/${name}.${language}.html` })),
  ...requests.map(state => ({
    name: `page-interpreter-${state}`,
    url: language => `${dist}/pages/interpreter.${language}.html?state=${state}`,
  })),
  ...names.map(name => ({
    name,
    url: language => `${dist}/src/ui/gallery/index.html?screen=${name}&lang=${language}`,
  })),
].filter(job => job.name.includes(part));

let complaints = 0;
const complain = text => {
  complaints++;
  process.stdout.write(`${text}\n`);
};
for (const size of chosen(Object.keys(sizes))) {
  const viewport = sizes[size];
  for (const language of chosen(['fr', 'en', 'ar'])) {
    for (const scheme of chosen(size === 'narrow' ? ['light'] : ['light', 'dark'])) {
      const context = await browser.newContext({
        viewport,
        locale: language,
        colorScheme: scheme,
        deviceScaleFactor: 1,
        hasTouch: size === 'phone',
        timezoneId: 'Europe/Paris',
      });
      const page = await context.newPage();
      let now = '';
      page.on(
        'console',
        message => ['error', 'warning'].includes(message.type()) && complain(`${now}: ${message.text()}`),
      );
      page.on('pageerror', error => complain(`${now}: ${error.message}`));
      for (const job of jobs) {
        now = `${job.name} ${size} ${language} ${scheme}`;
        await page.goto(job.url(language), { waitUntil: 'load' });
        if (!job.name.startsWith('page-')) {
          await page.waitForSelector('h1, h2');
        }
        await page.waitForTimeout(job.name.includes('call') ? 500 : 150);
        await page.screenshot({
          path: join(folder, `${job.name}.${size}.${language}.${scheme}.png`),
          fullPage: !job.name.includes('call'),
        });
        for (const line of await page.evaluate(faults, size !== 'desktop')) {
          complain(`${now}: ${line}`);
        }
        if (!judged.includes(`${size} ${language} ${scheme}`)) {
          continue;
        }
        const { violations } = await new AxeBuilder({ page })
          .withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice'])
          .analyze();
        for (const violation of violations) {
          complain(`${now}: axe ${violation.id}: ${violation.nodes.map(node => node.html.slice(0, 120)).join(' | ')}`);
        }
      }
      await context.close();
    }
  }
}
await browser.close();
pages.close();
process.stdout.write(`${jobs.length} screens, ${complaints} complaints, in ${folder}\n`);

/** Runs in the page: what no person should meet. */
function faults(phone) {
  const found = [];
  if (document.documentElement.scrollWidth > window.innerWidth) {
    found.push(`wider than the window: ${document.documentElement.scrollWidth}`);
  }
  for (const element of document.querySelectorAll(
    'button, a[href], input:not([type=radio], [type=checkbox]), select, textarea',
  )) {
    const box = element.getBoundingClientRect();
    // What is small in the agenda's grid is as long as it lasts; phones have the list instead (WCAG 2.5.8, equivalent).
    if (box.width === 0 || element.closest('.skip, [inert], .agenda-grid')) {
      continue;
    }
    if (box.height < 47.5 || (phone && box.width < 44)) {
      found.push(
        `small target ${Math.round(box.width)}×${Math.round(box.height)}: ${element.textContent?.trim() || element.id}`,
      );
    }
    if (element.scrollWidth > element.clientWidth + 2 && element.tagName === 'BUTTON') {
      found.push(`text does not fit: ${element.textContent?.trim()}`);
    }
    if (!element.closest('dialog, .panel') && (box.left < -1 || box.right > window.innerWidth + 1)) {
      found.push(`outside the window: ${element.textContent?.trim()}`);
    }
  }
  for (const element of document.querySelectorAll('body *')) {
    const own = [...element.childNodes].some(node => node.nodeType === 3 && node.textContent.trim() !== '');
    if (own && Number.parseFloat(getComputedStyle(element).fontSize) < 16) {
      found.push(`small text: ${element.textContent.trim().slice(0, 40)}`);
    }
  }
  return found;
}
