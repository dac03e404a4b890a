/**
 * Screenshots of every page and state, taken from the real program: at 390×844 and 1280×800, in French and English, some in the dark, into e2e/shots.
 * And docs/pages.png for the README, put together from some of them. node e2e/shots.mjs [fr|en] [phone|desktop] [call|book], or montage alone.
 */
import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bookJourney } from './harness/bookjourney.mjs';
import { journey } from './harness/journey.mjs';
import { looks, portrait } from './harness/portrait.mjs';
import { Program } from './harness/program.mjs';
import { browser, closeBrowsers, desktop, phone, Stage } from './harness/stage.mjs';

const folder = fileURLToPath(new URL('shots/', import.meta.url));
const pages = fileURLToPath(new URL('../../docs/pages.png', import.meta.url));
const sizes = { phone, desktop };
const plays = { call: journey, book: bookJourney };
const alsoDark = new Set([
  'patient-first',
  'check-microphone-heard',
  'patient-waiting',
  'call-patient',
  'call-doctor-chat',
  'desk-waiting',
  'desk-link',
  'ended',
  'agenda-week',
  'book-times',
]);
/** For the README, in its order: the patient's way with the practice's week, the practitioner's day and call. */
const rows = [
  [
    ['book-times', 'phone'],
    ['patient-waiting', 'phone'],
    ['call-patient', 'phone'],
    ['agenda-week', 'desktop'],
  ],
  [
    ['desk-waiting', 'desktop'],
    ['call-doctor', 'desktop'],
  ],
];
const LARGEST = 450_000;

/** Every state once in one size and one language. */
async function take(play, language, size) {
  const program = await Program.start();
  const stage = new Stage(program);
  try {
    const context = { ...sizes[size], reducedMotion: 'reduce' };
    const dress = (tab, who) => tab.context.addInitScript(portrait, looks[who]);
    await play(stage, { language, doctor: context, patient: context, dress }, async (tab, name) => {
      const whole =
        !rows.flat().some(([one]) => one === name) &&
        (await tab.evaluate(() => document.querySelector('.call, dialog[open]') === null));
      const shoot = scheme =>
        tab.page.screenshot({ path: join(folder, `${name}.${size}.${language}${scheme}.png`), fullPage: whole });
      await shoot('');
      if (alsoDark.has(name)) {
        await tab.page.emulateMedia({ colorScheme: 'dark' });
        await shoot('.dark');
        await tab.page.emulateMedia({ colorScheme: 'light' });
      }
    });
  } finally {
    const faults = await stage.close();
    await program.clean();
    for (const fault of faults) {
      console.error(fault);
    }
  }
}

/** Some of them beside and below each other. */
async function montage(language) {
  const picture = async name =>
    `data:image/png;base64,${(await readFile(join(folder, `${name}.png`))).toString('base64')}`;
  const figures = [];
  for (const row of rows) {
    figures.push('<div>');
    for (const [name, kind] of row) {
      figures.push(`<img class="${kind}" src="${await picture(`${name}.${kind}.${language}`)}" alt="">`);
    }
    figures.push('</div>');
  }
  const html = `<!doctype html><style>
    body { margin: 0; padding: 28px; width: max-content; display: grid; gap: 20px; background: #e8e4db; }
    div { display: flex; gap: 20px; }
    img { display: block; height: 440px; object-fit: cover; object-position: top; border-radius: 10px; box-shadow: 0 2px 10px #0003; }
    .phone { width: 203px; } .desktop { width: 704px; }
    div:first-child .desktop { width: 759px; }
  </style>${figures.join('')}`;
  const page = await (await browser('willing')).newPage({ viewport: { width: 1600, height: 1000 } });
  await page.setContent(html);
  await page.locator('body').screenshot({ path: pages });
  await page.close();
  const { length } = await readFile(pages);
  if (length > LARGEST) {
    throw new Error(`docs/pages.png has ${length} bytes, more than ${LARGEST}`);
  }
}

const wanted = process.argv.slice(2);
const chosen = all => (all.some(one => wanted.includes(one)) ? all.filter(one => wanted.includes(one)) : all);
try {
  if (wanted.length === 0) {
    await rm(folder, { recursive: true, force: true });
  }
  await mkdir(folder, { recursive: true });
  if (!wanted.includes('montage')) {
    for (const language of chosen(['fr', 'en'])) {
      for (const size of chosen(Object.keys(sizes))) {
        for (const play of chosen(Object.keys(plays))) {
          await take(plays[play], language, size);
        }
      }
    }
  }
  await montage('en');
} finally {
  await closeBrowsers();
}
