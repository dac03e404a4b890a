/** Debian's Thunderbird without a screen, with a profile of its own, as its owner would have set it up: one mail account, one calendar. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Marionette } from './marionette.mjs';
import { until } from './until.mjs';

const binary = process.env.THUNDERBIRD ?? 'thunderbird';
const STOP_WITHIN = 10_000;

/** A port that nobody has. */
async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  return port;
}

export class Thunderbird {
  /** @param {{name: string, mail: string, smtpPort: number, zone: string}} owner */
  static async start(owner) {
    const t = new Thunderbird();
    t.profile = await mkdtemp(join(tmpdir(), 'colloque-thunderbird-'));
    const port = await freePort();
    const prefs = {
      'app.donation.eoy.version.viewed': 999,
      'calendar.alarms.show': false,
      'calendar.timezone.local': owner.zone,
      'calendar.timezone.useSystemTimezone': false,
      'datareporting.policy.dataSubmissionPolicyBypassNotification': true,
      'mail.provider.suppress_dialog_on_startup': true,
      'mailnews.start_page.enabled': false,
      'marionette.port': port,
      'network.dns.native-is-localhost': true, // no name is looked up outside
    };
    const lines = Object.entries(prefs).map(([name, value]) => `user_pref("${name}", ${JSON.stringify(value)});`);
    await writeFile(join(t.profile, 'user.js'), lines.join('\n'));
    t.process = spawn(
      binary,
      ['--headless', '--marionette', '--remote-allow-system-access', '--no-remote', '--profile', t.profile],
      { env: { ...process.env, HOME: t.profile, TZ: owner.zone }, stdio: 'ignore' },
    );
    t.exited = once(t.process, 'exit');
    t.marionette = await Marionette.connect(port);
    await until('its window is there', () => t.run(async () => document.readyState === 'complete'));
    await t.run(setUp, owner);
    return t;
  }

  /** Runs an async function in its window. */
  run(does, ...args) {
    return this.marionette.run(does, ...args);
  }

  /** Opens a mail, and returns what the bar above it says, which buttons it has, and what is told of the appointment. */
  open(mail) {
    return this.run(openMail, mail);
  }

  /** Presses a button of that bar, and waits until it has been done. */
  press(button) {
    return this.run(pressButton, button);
  }

  /** What its first calendar, or the one that was subscribed to, holds under a UID; null for nothing. */
  held(uid) {
    return this.run(heldEvent, uid);
  }

  async picture(name) {
    if (process.env.PICTURES !== undefined) {
      const { value } = await this.marionette.send('WebDriver:TakeScreenshot', { full: false });
      await writeFile(join(process.env.PICTURES, `${name}.png`), Buffer.from(value, 'base64'));
    }
  }

  async stop() {
    this.process.kill('SIGTERM');
    const patience = setTimeout(() => this.process.kill('SIGKILL'), STOP_WITHIN);
    await this.exited;
    clearTimeout(patience);
    await rm(this.profile, { recursive: true, force: true });
  }
}

// What follows runs in Thunderbird, and knows nothing of this file.

/** An account that fetches nothing, and sends by the given port. */
async function setUp({ name, mail, smtpPort }) {
  const { MailServices } = ChromeUtils.importESModule('resource:///modules/MailServices.sys.mjs');
  const { cal } = ChromeUtils.importESModule('resource:///modules/calendar/calUtils.sys.mjs');
  const outgoing = MailServices.outgoingServer.createServer('smtp').QueryInterface(Ci.nsISmtpServer);
  outgoing.hostname = '127.0.0.1';
  outgoing.port = smtpPort;
  outgoing.authMethod = Ci.nsMsgAuthMethod.none;
  outgoing.socketType = Ci.nsMsgSocketType.plain;
  const server = MailServices.accounts.createIncomingServer('owner', '127.0.0.1', 'pop3');
  server.doBiff = false;
  server.loginAtStartUp = false;
  const identity = MailServices.accounts.createIdentity();
  identity.email = mail;
  identity.fullName = name;
  identity.smtpServerKey = outgoing.key;
  const account = MailServices.accounts.createAccount();
  account.incomingServer = server;
  account.addIdentity(identity);
  MailServices.accounts.defaultAccount = account;
  const [home] = cal.manager.getCalendars();
  home.setProperty('imip.identity.key', identity.key);
  home.setProperty('disabled', false); // it is until its owner has looked at it
}

async function openMail(text) {
  const { MailServices } = ChromeUtils.importESModule('resource:///modules/MailServices.sys.mjs');
  const root = MailServices.accounts.defaultAccount.incomingServer.rootFolder.QueryInterface(Ci.nsIMsgLocalMailFolder);
  const inbox = root.containsChildNamed('Inbox') ? root.getChildNamed('Inbox') : root.createLocalSubfolder('Inbox');
  inbox.QueryInterface(Ci.nsIMsgLocalMailFolder);
  const header = inbox.addMessage(`From - Mon Jan 01 00:00:00 2024\n${text}\n`);
  const tab = document.getElementById('tabmail').openTab('mailMessageTab', { messageURI: inbox.getUriForMsg(header) });
  for (;;) {
    const page = tab.chromeBrowser.contentDocument;
    const bar = page?.querySelector('.calendar-notification-bar');
    const buttons = [...(page?.querySelectorAll('#imip-view-toolbar toolbarbutton[id]') ?? [])].filter(
      one => !one.hidden,
    );
    if (bar && !bar.collapsed && buttons.length > 0) {
      return {
        label: bar.querySelector('.msgNotificationBarText').textContent,
        buttons: buttons.map(one => one.id).filter(Boolean),
        details: page.getElementById('messagepane').contentDocument.getElementById('imipHTMLDetails').innerText,
        files: [...page.querySelectorAll('#attachmentList richlistitem')].map(one => one.getAttribute('name')),
      };
    }
    await new Promise(done => setTimeout(done, 50));
  }
}

async function pressButton(id) {
  const page = document.getElementById('tabmail').currentTabInfo.chromeBrowser.contentDocument;
  const label = page.querySelector('.calendar-notification-bar .msgNotificationBarText');
  page.getElementById(id).doCommand();
  while (!/already been processed/.test(label.textContent)) {
    await new Promise(done => setTimeout(done, 50));
  }
}

async function heldEvent(uid) {
  const { cal } = ChromeUtils.importESModule('resource:///modules/calendar/calUtils.sys.mjs');
  const item = await cal.manager.getCalendars().at(-1).getItem(uid);
  const utc = time => time.getInTimezone(cal.dtz.UTC).icalString;
  return item === null
    ? null
    : {
        start: utc(item.startDate),
        end: utc(item.endDate),
        zone: item.startDate.timezone.tzid,
        title: item.title,
        organizer: item.organizer?.id ?? null,
        sequence: item.getProperty('SEQUENCE'),
        attendees: item.getAttendees().map(one => `${one.id} ${one.participationStatus}`),
      };
}
