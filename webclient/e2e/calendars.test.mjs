import assert from 'node:assert/strict';
import { findings } from './harness/axe.mjs';
import { everyDay, offer, offered } from './harness/bookable.mjs';
import { api } from './harness/colleague.mjs';
import { picture } from './harness/picture.mjs';
import { scenario } from './harness/scenario.mjs';
import { desktop } from './harness/stage.mjs';
import { signIn, wordsOf } from './harness/steps.mjs';

/** The day after tomorrow, in UTC. */
const day = new Date(Date.now() + 48 * 3600e3).toISOString().slice(0, 10);
const event = `BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//e2e//EN\r\nBEGIN:VEVENT\r\nUID:dentist\r\nDTSTAMP:20260101T000000Z\r\nSUMMARY:Dentist-4711\r\nDTSTART:${day.replaceAll('-', '')}T090000Z\r\nDTEND:${day.replaceAll('-', '')}T100000Z\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n`;

scenario('a calendar program is let in, keeps a time free, and is shut out again', async stage => {
  const { program } = stage;
  const doctor = await stage.tab('doctor', { context: desktop });
  await signIn(doctor, program);
  const t = (await wordsOf(doctor)).calendars;
  const me = (await api(doctor, 'GET', '/me')).body;
  const service = await offer(
    doctor,
    { label: { en: 'Video visit' }, duration_minutes: 60 },
    { time_zone: 'UTC', weekly: everyDay('08:00', '12:00') },
  );

  await doctor.goto(`${program.base}/desk/settings/calendars`);
  await doctor.sees(t.none);
  await doctor.fill(t.name, 'Thunderbird');
  await doctor.press(t.make);
  await doctor.sees(t.madeMore);
  const shown = label => doctor.page.getByRole('textbox', { name: label, exact: true }).inputValue();
  const [address, user, password] = [await shown(t.address), await shown(t.user), await shown(t.password)];
  program.keepSecret(password, 'Dentist-4711');
  await picture(doctor, 'calendars-made');
  assert.deepEqual(await findings(doctor), []);

  const ask = (method, path, body, headers = {}) =>
    fetch(new URL(path, address), {
      method,
      body,
      headers: { Authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`, ...headers },
    });
  const calendar = `/caldav/${me.id}/calendars/${me.id}/`;
  const found = await ask('PROPFIND', calendar, undefined, { Depth: '1' });
  assert.equal(found.status, 207);
  assert.equal(await offered(doctor, service, day), '08:00 09:00 10:00 11:00');
  const put = await ask('PUT', `${calendar}dentist.ics`, event, { 'Content-Type': 'text/calendar' });
  assert.equal(put.status, 201, await put.text());
  assert.equal(await offered(doctor, service, day), '08:00 10:00 11:00');

  await doctor.page.getByLabel(t.titles.neutral, { exact: true }).check();
  await doctor.press(t.feedMake);
  await doctor.sees(t.feedOnce);
  const link = await shown(t.feed);
  program.keepSecret(link.slice(link.lastIndexOf('/') + 1, -4));
  const feed = await fetch(link);
  assert.equal(feed.status, 200);
  assert.match(await feed.text(), /^BEGIN:VCALENDAR/);

  await doctor.press(t.removeOf('Thunderbird'));
  await doctor.page.getByRole('dialog').getByRole('button', { name: t.remove }).click();
  await doctor.sees(t.none);
  assert.equal((await ask('PROPFIND', calendar)).status, 401);
  await doctor.press(t.feedEnd);
  await doctor.page.getByRole('dialog').getByRole('button', { name: t.feedEnd }).click();
  await doctor.sees(t.feedMake);
  assert.equal((await fetch(link)).status, 404);
});
