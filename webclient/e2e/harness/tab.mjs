/** A browser's tab as the tests use it; the Firefox one (firefox.mjs) has the same verbs. */
import { until, WITHIN } from './until.mjs';

/** What browsers say on the console although nothing is wrong. One line each, with the reason. */
const harmless = [
  // After a reload nobody has touched the page yet: the bell stays silent until then, and the page says so.
  /The AudioContext was not allowed to start/,
];

export class Tab {
  /** Everything the browser complained about. A test ends well only when this is empty. */
  problems = [];
  /** The console, for whoever reads a failure. */
  console = [];
  #allowed = [...harmless];

  constructor(name, origin) {
    this.name = name;
    this.origin = origin;
  }

  /** From here on a complaint that matches is expected. */
  allow(pattern) {
    this.#allowed.push(pattern);
  }

  /** The complaints that nobody expected. */
  faults() {
    return this.problems
      .filter(text => !this.#allowed.some(pattern => pattern.test(text)))
      .map(text => `${this.name}: ${text}`);
  }

  noteConsole(type, text) {
    this.console.push(`${type}: ${text}`);
    if (type === 'error' || type === 'warning' || type === 'warn') {
      this.problems.push(`console ${type}: ${text}`);
    }
  }

  noteError(error) {
    this.console.push(`error: ${error.stack ?? error}`);
    this.problems.push(`page error: ${error.message ?? error}`);
  }

  noteRequest(address) {
    const { protocol, host } = new URL(address);
    if (protocol !== 'data:' && protocol !== 'blob:' && protocol !== 'about:' && host !== new URL(this.origin).host) {
      this.problems.push(`request to another origin: ${address}`);
    }
  }

  /** Waits until `probe`, which runs in the page, gives something truthy. */
  until(what, probe, argument, options) {
    return until(`${this.name}: ${what}`, () => this.evaluate(probe, argument), options);
  }

  /** Waits for a text that can be seen. */
  sees(text, options) {
    return this.until(`sees “${text}”`, visibleText, text, { seen: () => this.text(), ...options });
  }

  /** Waits until a text cannot be seen (any more). */
  seesNot(text, options) {
    return until(`${this.name}: no longer sees “${text}”`, async () => !(await this.evaluate(visibleText, text)), {
      seen: () => this.text(),
      ...options,
    });
  }

  text() {
    return this.evaluate(() => document.body.innerText.replace(/\n+/g, ' | '));
  }

  title() {
    return this.evaluate(() => document.title);
  }
}

/** Runs in the page. Text for screen readers only does not count: it is what a person sees. */
function visibleText(text) {
  const flat = value => value.replace(/\s+/g, ' ');
  return [...document.querySelectorAll('body *')].some(
    element =>
      flat(element.innerText ?? '').includes(flat(text)) &&
      element.checkVisibility({ opacityProperty: true, visibilityProperty: true }) &&
      element.closest('.hidden-text, [hidden]') === null &&
      ![...element.children].some(child => flat(child.innerText ?? '').includes(flat(text))),
  );
}

/** A tab of Chromium, in a context (cookies, storage) of its own. */
export class ChromiumTab extends Tab {
  constructor(name, origin, context, page) {
    super(name, origin);
    this.context = context;
    this.page = page;
    page.setDefaultTimeout(WITHIN);
    page.on('console', message => this.noteConsole(message.type(), message.text()));
    page.on('pageerror', error => this.noteError(error));
    page.on('request', request => this.noteRequest(request.url()));
    page.on('websocket', socket => this.noteRequest(socket.url()));
    page.on('crash', () => this.problems.push('the page crashed'));
  }

  goto(address) {
    return this.page.goto(address);
  }

  reload() {
    return this.page.reload();
  }

  evaluate(probe, argument) {
    return this.page.evaluate(probe, argument);
  }

  /** The button or link of exactly this name (or, not `exact`, with these words in it), for people who see and for people who do not. */
  control(name, { exact = true } = {}) {
    return this.page
      .getByRole('button', { name, exact })
      .or(this.page.getByRole('link', { name, exact }))
      .filter({ visible: true });
  }

  press(name, options) {
    return this.control(name, options).first().click();
  }

  /** The same inside the dialog that is open: its words may stand on the page as well. */
  pressInDialog(name) {
    return this.page.locator('dialog[open]').getByRole('button', { name, exact: true }).click();
  }

  fill(label, text) {
    return this.page.getByLabel(label, { exact: true }).fill(text);
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
