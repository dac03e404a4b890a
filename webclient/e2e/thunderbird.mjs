/**
 * Thunderbird itself, in its own window: the mails of an appointment, the calendar server and the feed.
 *
 *   apt-get install thunderbird          (Debian 12 and 13: 153 esr)
 *   node --test --test-reporter=spec e2e/thunderbird.mjs
 *
 * By hand and not in CI: it is 250 MB. THUNDERBIRD names another binary, PICTURES=dir keeps pictures of its window.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Desk, wednesday } from './harness/desk.mjs';
import { Mailbox } from './harness/mailbox.mjs';
import { Program } from './harness/program.mjs';
import { Subscription } from './harness/subscription.mjs';
import { Thunderbird } from './harness/thunderbird.mjs';
import { until } from './harness/until.mjs';

const jeanne = { name: 'Jeanne Martin', mail: 'jeanne.martin@example.org', zone: 'Indian/Reunion' };
const organizer = 'rendez-vous@tilleuls.example';
const basic = (day, time) => `${day.replaceAll('-', '')}T${time}`;

async function start(t, owner) {
  const mailbox = await Mailbox.open();
  t.after(() => mailbox.close());
  const program = await Program.start(mailbox.environ());
  t.after(async () => assert.deepEqual(await program.stop(), []));
  t.after(() => program.clean());
  const thunderbird = await Thunderbird.start({ ...owner, smtpPort: mailbox.server.address().port });
  t.after(() => thunderbird.stop());
  program.keepSecret(jeanne.name, jeanne.mail);
  return { mailbox, program, thunderbird, desk: await Desk.open(program) };
}

for (const [season, ahead] of [
  ['this winter or summer', 7],
  ['half a year later, on other clocks', 190],
]) {
  test(`a patient accepts an appointment, its move and its end, ${season}`, async t => {
    const { mailbox, thunderbird, desk } = await start(t, jeanne);
    const day = wednesday(ahead);
    const mailTo = (to, number) =>
      until(`mail ${number} to ${to}`, () => mailbox.mails.filter(mail => mail.to === to)[number]?.raw);

    const uid = await desk.book(jeanne, `${day}T12:30:00Z`);
    const invited = await thunderbird.open(await mailTo(jeanne.mail, 0));
    assert.match(invited.label, /invitation to an event/);
    assert.ok(invited.buttons.includes('imipAcceptButton'), invited.buttons.join());
    assert.deepEqual(invited.files, ['invite.ics']);
    assert.match(invited.details, /4:30 – 5:00 PM/); // on clocks on Réunion
    await thunderbird.picture(`invited-${ahead}`);
    await thunderbird.press('imipAcceptButton');
    const agreed = {
      start: basic(day, '123000Z'),
      end: basic(day, '130000Z'),
      zone: 'Europe/Paris',
      title: 'Rendez-vous – Cabinet des Tilleuls',
      organizer: `mailto:${organizer}`,
      sequence: '0',
      attendees: [`mailto:${jeanne.mail} ACCEPTED`],
    };
    assert.deepEqual(await thunderbird.held(uid), agreed);
    assert.match(await mailTo(organizer, 0), /method=REPLY/); // the answer goes to the practice, and changes nothing

    await desk.move(uid, `${day}T14:00:00Z`);
    const moved = await thunderbird.open(await mailTo(jeanne.mail, 1));
    assert.match(moved.label, /update to an existing event/);
    assert.match(moved.details, /6:00 – 6:30 PM/);
    await thunderbird.picture(`moved-${ahead}`);
    await thunderbird.press('imipAcceptButton');
    assert.deepEqual(await thunderbird.held(uid), {
      ...agreed,
      start: basic(day, '140000Z'),
      end: basic(day, '143000Z'),
      sequence: '1',
    });

    await desk.cancel(uid);
    const cancelled = await thunderbird.open(await mailTo(jeanne.mail, 2));
    assert.match(cancelled.label, /event cancellation/);
    assert.deepEqual(cancelled.buttons, ['imipDeleteButton']);
    await thunderbird.picture(`cancelled-${ahead}`);
    await thunderbird.press('imipDeleteButton');
    assert.equal(await thunderbird.held(uid), null);
  });
}

test('a practitioner finds the calendar by the domain alone, and keeps times free in it', async t => {
  const { program, thunderbird, desk } = await start(t, { name: 'Dr', mail: 'dr@example.org', zone: 'Europe/Paris' });
  const day = wednesday(7);
  const hour = (await desk.free(day)).startsWith('06') ? '2' : '1'; // clocks in Paris are this far ahead of UTC
  const utc = time =>
    basic(day, `${String(Number(time.slice(0, 2)) - Number(hour)).padStart(2, '0')}${time.slice(2)}00Z`);
  const patient = await desk.book(jeanne, `${day}T12:30:00Z`);
  const made = await desk.ask('POST', '/me/calendars/passwords', { name: 'Thunderbird' });
  program.keepSecret(made.password);
  const calendar = new Subscription(thunderbird);
  const found = await calendar.find(program.base, made.made.user, made.password);
  const path = `/caldav/${desk.me.id}/calendars/${desk.me.id}/`;
  assert.deepEqual(found, [{ type: 'caldav', path, name: 'Rendez-vous – Cabinet des Tilleuls', readOnly: false }]);
  const appointment = `J. M. ${basic(day, '123000Z')}`;
  assert.deepEqual(await calendar.read(), [appointment]);

  const free = await desk.free(day);
  const before = ['0900', '0930', '1000', '1030'].map(time => `${utc(time).slice(9, 11)}:${utc(time).slice(11, 13)}`);
  assert.equal(await calendar.change('put', 'Staff meeting', basic(day, '090000'), basic(day, '100000')), 'done');
  assert.equal(await desk.free(day), free.replace(`${before[0]} ${before[1]} `, ''));
  assert.equal(await calendar.change('change', 'Staff meeting', basic(day, '100000'), basic(day, '110000')), 'done');
  assert.equal(await desk.free(day), free.replace(`${before[2]} ${before[3]} `, ''));
  assert.deepEqual(await calendar.read(), [appointment, `Staff meeting ${utc('1000')}`]);
  await thunderbird.picture('caldav');

  const over = [basic(day, `${12 + Number(hour)}3000`), basic(day, `${13 + Number(hour)}0000`)];
  assert.match(await calendar.change('put', 'Over a patient', ...over), /409/);
  const [said, became] = await calendar.changeAndGiveUp('Staff meeting', ...over);
  t.diagnostic(`over a patient: ${said} → ${became}`);
  assert.match(await calendar.change('change', patient, basic(day, '090000'), basic(day, '093000')), /403/);
  await calendar.change('delete', patient); // Thunderbird believes that it did
  assert.deepEqual(await calendar.read(), [appointment, `Staff meeting ${utc('1000')}`]);

  assert.equal(await calendar.change('delete', 'Staff meeting'), 'done');
  assert.equal(await desk.free(day), free);

  const { link } = await desk.ask('POST', '/me/calendars/feed', {});
  program.keepSecret(link.slice(link.lastIndexOf('/') + 1, -4));
  await calendar.subscribe(link);
  assert.deepEqual(await calendar.read(), [appointment]);
  await desk.cancel(patient);
  assert.deepEqual(await calendar.read(), []);
});
