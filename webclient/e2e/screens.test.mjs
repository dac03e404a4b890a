import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { findings } from './harness/axe.mjs';
import { scenario } from './harness/scenario.mjs';
import { desktop, phone } from './harness/stage.mjs';
import { enterWaitingRoom, signIn, startConsultation, wordsOf } from './harness/steps.mjs';

const locales = { fr: 'fr-FR', en: 'en-GB', ar: 'ar-MA' };
/** A desktop, the same at 200 % zoom, and the narrowest phone (WCAG 1.4.4, 1.4.10). */
const windows = [
  { width: 1280, height: 800 },
  { width: 640, height: 400 },
  { width: 320, height: 568 },
];

/** The addresses below /desk that the page links to; those of single records are left out. */
const linked = tab =>
  tab.evaluate(() =>
    [...document.querySelectorAll('a[href^="/desk"]')]
      .map(link => link.getAttribute('href'))
      .filter(href => !/_|\d{4}-/.test(href)),
  );

/** What is wider than its window, in words. Runs in the page. */
function tooWide() {
  if (document.documentElement.scrollWidth <= window.innerWidth) {
    return [];
  }
  return [...document.querySelectorAll('body *')]
    .filter(one => one.getBoundingClientRect().right > window.innerWidth + 1 || one.getBoundingClientRect().left < -1)
    .slice(0, 3)
    .map(one => `${one.tagName} ${one.className} ${(one.textContent ?? '').trim().slice(0, 40)}`);
}

const ready = tab =>
  tab.until(
    'the screen is there',
    () => document.querySelector('main h1') !== null && !document.querySelector('.soon'),
  );

scenario(
  'every screen of the practitioner, in three languages: axe, the heading has the focus, no sideways scrolling at 320 px or 200 %',
  async stage => {
    const { program } = stage;
    const doctor = await stage.tab('doctor', { context: { ...desktop, reducedMotion: 'reduce' } });
    await signIn(doctor, program);
    const link = await startConsultation(doctor, program, 'Jeanne Martin');
    const patient = await stage.tab('patient', { context: phone });
    await enterWaitingRoom(patient, link);
    const cookies = await doctor.context.cookies();
    const found = [];
    let states = 0;
    for (const [language, locale] of Object.entries(locales)) {
      const tab = await stage.tab(`doctor ${language}`, {
        language: locale,
        context: { ...desktop, reducedMotion: 'reduce' },
      });
      await tab.context.addCookies(cookies);
      const seen = new Set();
      const open = ['/desk', '/desk/2026-01-15', '/desk/nowhere'];
      for (let path = open.shift(); path !== undefined; path = open.shift()) {
        if (seen.has(path)) {
          continue;
        }
        seen.add(path);
        await tab.goto(program.base + path);
        await ready(tab);
        states += 1;
        const [lang, dir] = await tab.evaluate(() => [document.documentElement.lang, document.documentElement.dir]);
        assert.deepEqual([lang, dir], [language, language === 'ar' ? 'rtl' : 'ltr'], path);
        await tab.until(
          `${path}: the heading has the focus`,
          () => document.activeElement?.tagName === 'H1' || document.querySelector('dialog[open]') !== null,
        );
        found.push(...(await findings(tab)).map(one => `${path} ${language}: ${one}`));
        for (const size of windows) {
          await tab.page.setViewportSize(size);
          found.push(...(await tab.evaluate(tooWide)).map(one => `${path} ${language} ${size.width} wide: ${one}`));
        }
        await tab.page.setViewportSize({ width: 390, height: 844 });
        found.push(...(await findings(tab)).map(one => `${path} ${language}, phone: ${one}`));
        await tab.page.setViewportSize(windows[0]);
        open.push(...(await linked(tab)));
      }
    }
    assert.deepEqual(found, []);
    assert.ok(states >= 12, `${states} states were looked at`);
  },
);

scenario(
  'who waits stays in view on every screen; links and the back button lead to and fro without a new page',
  async stage => {
    const { program } = stage;
    const doctor = await stage.tab('doctor');
    await signIn(doctor, program);
    const t = await wordsOf(doctor);
    const link = await startConsultation(doctor, program, 'Jeanne Martin');
    await doctor.evaluate(() => {
      window.sameDocument = true;
    });
    await doctor.press(t.shell.settings);
    await doctor.page.waitForURL('**/desk/settings');
    const patient = await stage.tab('patient', { context: phone });
    await enterWaitingRoom(patient, link);
    await doctor.control(t.desk.admitLabel('Jeanne Martin')).waitFor();
    await doctor.until('the title says who', () => document.title.includes('Jeanne Martin'));
    await doctor.page.goBack();
    await doctor.sees(t.today.columns.who);
    await doctor.page.goForward();
    await doctor.sees(t.preferences.name);
    assert.ok(await doctor.evaluate(() => window.sameDocument), 'the page was not loaded again');
    await doctor.press(t.desk.admitLabel('Jeanne Martin'));
    await doctor.control(t.call.end).waitFor();
    await doctor.press(t.call.end);
    await doctor.pressInDialog(t.call.endYes);
    await doctor.sees(t.desk.callEnded.ended);
    assert.equal(new URL(await doctor.page.url()).pathname, '/desk/settings');
  },
);

scenario('the first press after a reload is held as long as a hand holds it, and does what it says', async stage => {
  const { program } = stage;
  const doctor = await stage.tab('doctor');
  await signIn(doctor, program);
  const t = await wordsOf(doctor);
  await doctor.goto(`${program.base}/desk/settings`);
  await doctor.sees(t.desk.soundBlocked); // until a press, which must not take what is pressed away with it
  await doctor.page
    .locator('main')
    .getByRole('link', { name: t.preferences.services, exact: true })
    .click({ delay: 500 });
  await doctor.page.waitForURL('**/desk/settings/services');
  await doctor.seesNot(t.desk.soundBlocked);
});

/** What every answer must say. */
const wanted = {
  'x-content-type-options': /^nosniff$/,
  'referrer-policy': /^no-referrer$/,
  'cross-origin-opener-policy': /^same-origin$/,
  'permissions-policy': /camera=\(self\).*geolocation=\(\)/,
  'content-security-policy': /default-src 'none'/,
};

/** What is wrong with the headers of an answer. */
function weak(response) {
  const missing = Object.entries(wanted)
    .filter(([name, pattern]) => !pattern.test(response.headers.get(name) ?? ''))
    .map(([name]) => `${name}: ${response.headers.get(name)}`);
  const policy = response.headers.get('content-security-policy') ?? '';
  const scripted = !policy.includes("require-trusted-types-for 'script'") && !/(^|; )sandbox( *;|$)/.test(policy);
  const loose = /unsafe-|'nonce-|data:|\*/.test(policy);
  return [...missing, ...(scripted ? ['no Trusted Types'] : []), ...(loose ? [`loose policy: ${policy}`] : [])];
}

scenario('every page, asset and answer of the API holds the browser to the same rules', async stage => {
  const { program } = stage;
  const doctor = await stage.tab('doctor');
  await signIn(doctor, program);
  const link = await startConsultation(doctor, program, 'Jeanne Martin');
  const cookie = (await doctor.context.cookies()).map(one => `${one.name}=${one.value}`).join('; ');
  const found = [];
  let asked = 0;
  const ask = async (path, init = {}, signedIn = true) => {
    const response = await fetch(new URL(path, program.base), {
      redirect: 'manual',
      ...init,
      headers: { ...(signedIn ? { cookie } : {}), ...init.headers },
    });
    asked += 1;
    found.push(...weak(response).map(one => `${init.method ?? 'GET'} ${path.replace(/\/c\/.*/, '/c/…')}: ${one}`));
    return response;
  };
  const pages = [
    '/',
    '/desk',
    '/desk/settings',
    '/desk/nowhere',
    '/nowhere',
    '/sign-in/x',
    '/c/x',
    '/lost',
    '/invitation/x',
  ];
  for (const path of [...pages, new URL(link).pathname]) {
    for (const signedIn of [true, false]) {
      for (const language of ['fr', 'en', 'ar']) {
        const response = await ask(`${path}?lang=${language}`, {}, signedIn);
        if ((response.headers.get('content-type') ?? '').startsWith('text/html')) {
          const html = await response.text();
          assert.doesNotMatch(html, /<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=|javascript:/i, path);
          assert.doesNotMatch(html, /(?:src|href)="(?:https?:)?\/\/(?!github\.com\/colloque)/, path);
        }
      }
    }
  }
  for (const name of await readdir(new URL('../dist/assets', import.meta.url))) {
    if (!name.endsWith('.gz')) {
      assert.equal((await ask(`/assets/${name}`)).status, 200, name);
    }
  }
  await ask('/assets/nothing.js');
  await ask('/signal');
  await ask('/healthz');
  const api = await (await ask('/api/v1/openapi.json')).json();
  const operations = Object.entries(api.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map(method => [path.replace(/\{[^}]+\}/g, 'x'), method.toUpperCase()]),
  );
  assert.ok(operations.length > 20, `${operations.length} operations`);
  for (const [path, method] of operations) {
    if (path.endsWith('/sign-out')) {
      continue; // the last one
    }
    const body = ['GET', 'HEAD', 'DELETE'].includes(method) ? {} : { body: '{"nonsense":1}' };
    const headers = { 'content-type': 'application/json', origin: program.base };
    for (const signedIn of [true, false]) {
      await ask(path, { method, headers, ...body }, signedIn);
    }
  }
  assert.deepEqual([...new Set(found)], []);
  assert.ok(asked > 150, `${asked} answers`);
});
