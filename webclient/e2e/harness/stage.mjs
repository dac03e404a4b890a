/** Browsers, tabs and a program: what tests, screenshots and measurements play on. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { FirefoxTab, launchFirefox } from './firefox.mjs';
import { record } from './recorder.mjs';
import { ChromiumTab } from './tab.mjs';
import { answerOf, until } from './until.mjs';

const quiet = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
/** What a Chromium can be like. Autoplay is left as it is for everybody: a call must be heard without a flag. */
const kinds = {
  willing: ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'],
  refusing: ['--use-fake-device-for-media-stream'],
  bare: ['--use-fake-ui-for-media-stream'],
  apart: ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'],
};
export const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
export const desktop = { viewport: { width: 1280, height: 800 } };

const browsers = new Map();

export async function browser(kind) {
  if (!browsers.has(kind)) {
    browsers.set(
      kind,
      kind === 'firefox'
        ? launchFirefox()
        : chromium.launch({
            executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
            headless: true,
            args: [...quiet, ...kinds[kind]],
          }),
    );
  }
  return browsers.get(kind);
}

export async function closeBrowsers() {
  for (const one of browsers.values()) {
    await (await one).close();
  }
  browsers.clear();
}

/** One program and the tabs that are open on it. */
export class Stage {
  tabs = [];
  #atEnd = [];

  constructor(program) {
    this.program = program;
  }

  /**
   * A new tab, signed in nowhere.
   * @param {string} name
   * @param {{kind?: 'willing' | 'refusing' | 'bare' | 'apart', language?: string, recorder?: object, context?: object}} [options]
   */
  async tab(name, { kind = 'willing', language = 'en-GB', recorder = {}, context = desktop } = {}) {
    const own = await (await browser(kind)).newContext({ locale: language, timezoneId: 'Europe/Paris', ...context });
    if (context.javaScriptEnabled !== false) {
      await own.addInitScript(record, recorder);
    }
    const tab = new ChromiumTab(name, this.program.base, own, await own.newPage());
    this.tabs.push(tab);
    return tab;
  }

  async firefox(name, options) {
    const tab = await FirefoxTab.open(await browser('firefox'), name, this.program.base, options);
    this.tabs.push(tab);
    return tab;
  }

  /** Something of the scenario's own that has to be closed, however it ends. */
  atEnd(close) {
    this.#atEnd.push(close);
  }

  /** Ends everything. Resolves with what was wrong beside the body's own assertions. */
  async close() {
    const faults = [];
    this.thaw();
    for (const tab of this.tabs) {
      const violated = await until(`${tab.name}: what the page violated`, () => tab.violations()).catch(() => []);
      faults.push(...tab.faults(), ...violated.map(one => `${tab.name}: content security: ${one}`));
      await answerOf(() => tab.close()).catch(() => undefined);
    }
    for (const close of this.#atEnd) {
      await close();
    }
    return [...faults, ...(await this.program.stop())];
  }

  /** Stops every process of a browser, as if its device had lost power or network; `thaw` lets it go on. For kind "apart". */
  async freeze(kind) {
    const session = await (await browser(kind)).newBrowserCDPSession();
    const { processInfo } = await session.send('SystemInfo.getProcessInfo');
    await session.detach();
    this.frozen = processInfo.map(one => one.id);
    for (const id of this.frozen) {
      process.kill(id, 'SIGSTOP');
    }
  }

  thaw() {
    for (const id of this.frozen ?? []) {
      process.kill(id, 'SIGCONT');
    }
    this.frozen = [];
  }

  async keep(folder, error) {
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'error.txt'), String(error?.stack ?? error));
    for (const tab of this.tabs) {
      await tab.screenshot(join(folder, `${tab.name}.png`)).catch(() => undefined);
      const messages = await until('what it heard', () => tab.evaluate(() => window.record?.messages ?? [])).catch(
        () => [],
      );
      const wire = messages.map(
        one =>
          `${new Date(one.at).toISOString()} ${one.sent === undefined ? '<' : '>'} ${(one.sent ?? one.received).slice(0, 600)}`,
      );
      await writeFile(join(folder, `${tab.name}.txt`), [...tab.console, ...tab.problems, '', ...wire].join('\n'));
    }
  }
}
