/** Debian's Firefox, driven over WebDriver BiDi; Playwright drives only a Firefox of its own. */
import puppeteer from 'puppeteer-core';
import { record } from './recorder.mjs';
import { Tab } from './tab.mjs';
import { until } from './until.mjs';

/** A fake camera that asks nobody, plain host candidates, and no talk with the outside. */
const preferences = {
  'media.navigator.streams.fake': true,
  'media.navigator.permission.disabled': true,
  'media.autoplay.default': 0,
  'media.peerconnection.ice.obfuscate_host_addresses': false,
  'network.captive-portal-service.enabled': false,
  'network.connectivity-service.enabled': false,
  'app.update.enabled': false,
  'media.gmp-manager.updateEnabled': false,
};

export function launchFirefox() {
  return puppeteer.launch({
    browser: 'firefox',
    executablePath: process.env.FIREFOX ?? '/usr/bin/firefox-esr',
    headless: true,
    extraPrefsFirefox: preferences,
  });
}

export class FirefoxTab extends Tab {
  static async open(browser, name, origin, { recorder = {}, language = 'en' } = {}) {
    const context = await browser.createBrowserContext();
    const tab = new FirefoxTab(name, origin);
    tab.context = context;
    tab.page = await context.newPage();
    tab.language = language;
    tab.page.on('console', message => tab.noteConsole(message.type(), message.text()));
    tab.page.on('pageerror', error => tab.noteError(error));
    tab.page.on('request', request => tab.noteRequest(request.url()));
    await tab.page.setViewport({ width: 390, height: 844 });
    await tab.page.evaluateOnNewDocument(record, recorder);
    return tab;
  }

  /** Firefox keeps its own language: the page is told which one is wanted. */
  goto(address) {
    return this.page.goto(`${address}?lang=${this.language}`);
  }

  reload() {
    return this.page.reload();
  }

  evaluate(probe, argument) {
    return this.page.evaluate(probe, argument);
  }

  /** A real click on the button or link with these words. */
  async press(name) {
    const handle = await until(`${this.name}: a button “${name}”`, async () => {
      const found = await this.page.evaluateHandle(
        words => {
          const all = [...document.querySelectorAll('button, a[href]')];
          return (
            all.find(
              one => one.checkVisibility() && !one.disabled && one.innerText.replace(/\s+/g, ' ').trim() === words,
            ) ?? null
          );
        },
        name.replace(/\s+/g, ' '),
      );
      return found.asElement();
    });
    await handle.click();
  }

  screenshot(path) {
    return this.page.screenshot({ path });
  }

  violations() {
    return this.evaluate(() => window.record?.violations ?? []);
  }

  close() {
    return this.context.close();
  }
}
