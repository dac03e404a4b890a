// The whole is every screen, the patient's and the practitioner's, in one language: nobody loads the words of two. It was 120 kB while the
// practitioner had one screen, and 200 kB before the appointment book: services and hours, the agenda, requests, the wait list, files that are
// asked for, calendars elsewhere; no part of it is dead (every class of the styles and every export was looked for). Each of these is fetched
// when it is opened; what the practitioner's first page loads by itself is the line of desk.html.
// Holds the budgets: what a patient loads before the camera opens, and the whole client. Sizes are of gzip, as they travel. Reads
// dist; run `npm run build` first.
//
//   page      the scripts and styles of its html, and all that they import statically
//   patient   that, and what its scripts import dynamically themselves: the screens up to the waiting room. What those import
//             dynamically in turn (the call) comes while somebody waits, and counts in the whole only

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const dist = join(dirname(fileURLToPath(import.meta.url)), '..', 'dist');
const kB = 1000;
const budgets = { script: 45 * kB, style: 10 * kB, whole: 250 * kB };

if (!existsSync(join(dist, 'pages'))) {
  console.error('size: dist holds no pages; run npm run build first');
  process.exit(1);
}

const texts = new Map();
function textOf(file) {
  let text = texts.get(file);
  if (text === undefined) {
    text = readFileSync(join(dist, file), 'utf8');
    texts.set(file, text);
  }
  return text;
}
const sizeOf = file => gzipSync(textOf(file), { level: 9 }).length;
const sum = files => [...files].reduce((total, file) => total + sizeOf(file), 0);
const nextTo = (file, path) => posix.join(posix.dirname(file), path);

/** `import "./a.js"`, `import{b}from"./b.js"`, `export … from "./c.js"`; never `import("./d.js")`. */
function staticImports(file) {
  const statements = /(?:^|[;}\s])(?:import|export)\s*(?:[\w$*{}\s,]+?\s*from\s*)?["'`](\.{1,2}\/[^"'`]+\.js)["'`]/g;
  return [...textOf(file).matchAll(statements)].map(match => nextTo(file, match[1]));
}

/** `import("./d.js")` with the styles that Vite loads along with it: `…, __vite__mapDeps([0,1])`, indexes into `m.f=["assets/…"]`. */
function dynamicImports(file) {
  const text = textOf(file);
  const table = [...(/m\.f=\[([^\]]*)\]/.exec(text)?.[1] ?? '').matchAll(/["'`]([^"'`]+)["'`]/g)].map(
    match => match[1],
  );
  const calls = /import\(\s*["'`](\.{1,2}\/[^"'`]+\.js)["'`]\s*\)(?:[^;]{0,60}?__vite__mapDeps\(\[([\d,]*)\]\))?/g;
  return [...text.matchAll(calls)].flatMap(match => {
    const along = (match[2] ?? '')
      .split(',')
      .filter(index => index !== '')
      .map(index => table[Number(index)]);
    return [nextTo(file, match[1]), ...along.filter(name => name?.endsWith('.css'))];
  });
}

/** The files and all that they import statically. */
function closure(files) {
  const all = new Set();
  const open = [...files];
  for (let file = open.pop(); file !== undefined; file = open.pop()) {
    if (!all.has(file)) {
      all.add(file);
      open.push(...(file.endsWith('.js') ? staticImports(file) : []));
    }
  }
  return all;
}

/** What a page loads by itself. */
function loadOf(page) {
  const html = textOf(posix.join('pages', page));
  return closure(
    [...html.matchAll(/<(?:script|link)\b[^>]*?\s(?:src|href)="\/(assets\/[^"]+\.(?:js|css))"/g)].map(
      match => match[1],
    ),
  );
}

let failed = false;
function line(name, files, budget) {
  const bytes = sum(files);
  const over = budget !== undefined && bytes > budget;
  failed ||= over;
  const limit = budget === undefined ? '' : `  of ${budget / kB} kB${over ? '  OVER' : ''}`;
  console.log(`${name.padEnd(36)}${(bytes / kB).toFixed(1).padStart(6)} kB${limit}`);
}
const scripts = files => [...files].filter(file => file.endsWith('.js'));
const styles = files => [...files].filter(file => file.endsWith('.css'));

const pages = readdirSync(join(dist, 'pages')).filter(name => name.endsWith('.html'));
for (const page of pages.sort()) {
  const own = loadOf(page);
  if (!page.startsWith('patient.')) {
    line(`${page}, js`, scripts(own));
    line(`${page}, css`, styles(own));
    continue;
  }
  const first = closure([...own, ...scripts(own).flatMap(dynamicImports)]);
  if (scripts(first).length === 0) {
    console.error(`size: ${page} loads no script at all; is this script blind?`);
    failed = true;
  }
  line(`${page}, js before the camera`, scripts(first), budgets.script);
  line(`${page}, css before the camera`, styles(first), budgets.style);
}
const everything = readdirSync(join(dist, 'assets'), { recursive: true }).map(file =>
  posix.join('assets', String(file)),
);
const languages = ['fr', 'en', 'ar'];
for (const language of languages) {
  // Words are files named as their language, entries end in it.
  const foreign = file =>
    languages.some(one => one !== language && new RegExp(`/(?:${one}|[a-z-]+\\.${one})-[^/]+$`).test(file));
  const own = [...scripts(everything), ...styles(everything)].filter(file => !foreign(file));
  line(`whole client, ${language}`, own, budgets.whole);
}
process.exit(failed ? 1 : 0);
