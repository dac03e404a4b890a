/** The mails of the real program, read by ical.js, which is what Thunderbird and Nextcloud read calendars with. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import ICAL from 'ical.js';
import { Desk, wednesday } from './harness/desk.mjs';
import { Mailbox } from './harness/mailbox.mjs';
import { Program } from './harness/program.mjs';
import { until } from './harness/until.mjs';

const jeanne = { name: 'Jeanne Martin', mail: 'jeanne.martin@example.org' };

/** The calendar parts of a mail: that of the alternatives, whose type names the method, and the file. */
function invitation(raw) {
  const parts = raw
    .split(/\r\n--[^\r]+\r\n/)
    .filter(part => /^Content-(Type|Disposition): (text\/calendar|application\/ics|attachment)/m.test(part));
  assert.equal(parts.length, 2, raw);
  const [inline, file] = parts.map(part => {
    const [header, body] = part.split('\r\n\r\n');
    return { header, text: Buffer.from(body, 'base64').toString() };
  });
  assert.equal(inline.text, file.text);
  assert.match(inline.header, /^Content-Type: text\/calendar;[\s\S]*method=/im);
  const calendar = new ICAL.Component(ICAL.parse(inline.text));
  const method = calendar.getFirstPropertyValue('method');
  assert.match(inline.header, new RegExp(`method="?${method}"?`));
  // The zone as it is described in the file, and no other.
  ICAL.TimezoneService.reset();
  const zone = calendar.getFirstSubcomponent('vtimezone');
  ICAL.TimezoneService.register(new ICAL.Timezone(zone));
  const event = new ICAL.Event(calendar.getFirstSubcomponent('vevent'));
  const instant = time => new Date(time.toUnixTime() * 1000).toISOString();
  return {
    method,
    uid: event.uid,
    sequence: event.sequence,
    start: instant(event.startDate),
    end: instant(event.endDate),
    zone: event.startDate.zone.tzid,
    status: event.component.getFirstPropertyValue('status'),
    organizer: event.organizer,
    attendees: event.attendees.map(one => `${one.getFirstValue()} ${one.getParameter('partstat')}`),
  };
}

for (const [season, ahead] of [
  ['soon', 7],
  ['half a year later, on other clocks', 190],
]) {
  test(`mails that invite, move and cancel, ${season}`, async t => {
    const mailbox = await Mailbox.open();
    t.after(() => mailbox.close());
    const program = await Program.start(mailbox.environ());
    t.after(async () => {
      const faults = await program.stop();
      await program.clean();
      assert.deepEqual(faults, []);
    });
    program.keepSecret(jeanne.name, jeanne.mail);
    const desk = await Desk.open(program);
    const day = wednesday(ahead);
    const read = async number =>
      invitation(
        await until(`mail ${number}`, () => mailbox.mails.filter(mail => mail.to === jeanne.mail)[number]?.raw),
      );

    const uid = await desk.book(jeanne, `${day}T12:30:00Z`);
    const agreed = {
      method: 'REQUEST',
      uid,
      sequence: 0,
      start: `${day}T12:30:00.000Z`,
      end: `${day}T13:00:00.000Z`,
      zone: 'Europe/Paris',
      status: 'CONFIRMED',
      organizer: 'mailto:rendez-vous@tilleuls.example',
      attendees: [`mailto:${jeanne.mail} ACCEPTED`],
    };
    assert.deepEqual(await read(0), agreed);
    await desk.move(uid, `${day}T14:00:00Z`);
    const moved = { ...agreed, sequence: 1, start: `${day}T14:00:00.000Z`, end: `${day}T14:30:00.000Z` };
    assert.deepEqual(await read(1), moved);
    await desk.cancel(uid);
    assert.deepEqual(await read(2), { ...moved, method: 'CANCEL', sequence: 2, status: 'CANCELLED' });
  });
}
