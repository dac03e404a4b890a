import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { findings } from './harness/axe.mjs';
import { everyDay, offer, offered } from './harness/bookable.mjs';
import { picture } from './harness/picture.mjs';
import { scenario } from './harness/scenario.mjs';
import { desktop } from './harness/stage.mjs';
import { signIn, wordsOf } from './harness/steps.mjs';

/** The day after tomorrow, in UTC, as iCalendar and as ISO 8601 write it. */
const day = new Date(Date.now() + 48 * 3600e3).toISOString().slice(0, 10);
const event = `BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//e2e//EN\r\nBEGIN:VEVENT\r\nUID:dentist\r\nDTSTAMP:20260101T000000Z\r\nSUMMARY:Dentist\r\nDTSTART:${day.replaceAll('-', '')}T090000Z\r\nDTEND:${day.replaceAll('-', '')}T100000Z\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n`;

/** A server with one calendar file. */
async function startElsewhere() {
  const server = createServer((request, response) => {
    const here = request.method === 'GET' && request.url === '/secret-4711.ics';
    response.writeHead(here ? 200 : 404, { 'Content-Type': 'text/calendar' });
    response.end(here ? event : '');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

scenario(
  'when a practitioner is busy in a calendar elsewhere is not offered, until the calendar is removed',
  async stage => {
    const { program } = stage;
    const doctor = await stage.tab('doctor', { context: desktop });
    await signIn(doctor, program);
    const t = (await wordsOf(doctor)).outside;
    const elsewhere = await startElsewhere();
    const leave = () => {
      elsewhere.close();
      elsewhere.closeAllConnections();
    };
    stage.atEnd(leave);
    const base = `http://127.0.0.1:${elsewhere.address().port}`;
    program.keepSecret('secret-4711', 'Dentist');

    const service = await offer(
      doctor,
      { label: { en: 'Video visit' } },
      { time_zone: 'UTC', weekly: everyDay('08:00', '12:00') },
    );
    const open = '08:00 08:30 09:00 09:30 10:00 10:30 11:00 11:30';
    assert.equal(await offered(doctor, service, day), open);

    await doctor.goto(`${program.base}/desk/settings/outside`);
    await doctor.sees(t.none);
    await doctor.press(t.add);
    await doctor.fill(t.address, `${base}/wrong.ics`);
    await doctor.press(t.look);
    await doctor.sees(t.troubles['not-found']);
    await doctor.fill(t.address, `${base}/secret-4711.ics`);
    await doctor.press(t.look);
    await doctor.page.getByLabel(t.name, { exact: true }).fill('Home');
    await picture(doctor, 'outside-add');
    assert.deepEqual(await findings(doctor), []);
    await doctor.press(t.take);
    await doctor.until(
      'it was read',
      said => document.body.innerText.includes(said),
      t.readAt('').replace(/ \.$/, ' '),
    );
    await picture(doctor, 'outside-list');
    assert.equal(await offered(doctor, service, day), '08:00 08:30 10:00 10:30 11:00 11:30');
    assert.deepEqual(await findings(doctor), []);

    leave();
    await doctor.page.getByRole('button', { name: t.againOf('Home') }).click();
    await doctor.sees(t.troubles.unreachable);
    await picture(doctor, 'outside-trouble');
    assert.equal(await offered(doctor, service, day), '08:00 08:30 10:00 10:30 11:00 11:30');

    await doctor.page.getByRole('button', { name: t.removeOf('Home') }).click();
    await doctor.page.getByRole('dialog').getByRole('button', { name: t.remove }).click();
    await doctor.sees(t.none);
    assert.equal(await offered(doctor, service, day), open);
  },
  { environ: { COLLOQUE_OUTSIDE_PRIVATE_NETWORKS: 'true' } },
);
