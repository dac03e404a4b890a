import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { findings } from './harness/axe.mjs';
import { api } from './harness/colleague.mjs';
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

const picture = (tab, name) =>
  process.env.PICTURES === undefined ? undefined : tab.screenshot(`${process.env.PICTURES}/${name}.png`);

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

    const me = (await api(doctor, 'GET', '/me')).body;
    const hours = await api(doctor, 'PUT', `/schedules/${me.id}`, {
      revision: 0,
      name: me.name,
      time_zone: 'UTC',
      weekly: [0, 1, 2, 3, 4, 5, 6].map(weekday => ({ weekday, from: '08:00', to: '12:00' })),
    });
    assert.equal(hours.status, 200, JSON.stringify(hours.body));
    const service = await api(doctor, 'POST', '/services', {
      label: { en: 'Video visit' },
      duration_minutes: 30,
      horizon_days: 30,
      modalities: ['video'],
      practitioners: [me.id],
    });
    assert.equal(service.status, 201, JSON.stringify(service.body));
    const offered = async () => {
      const query = new URLSearchParams({ service: service.body.id, from: `${day}T00:00:00Z`, to: `${day}T23:59:00Z` });
      const answer = await api(doctor, 'GET', `/free-times?${query}`);
      assert.equal(answer.status, 200, JSON.stringify(answer.body));
      return answer.body.times.map(one => one.start.slice(11, 16)).join(' ');
    };
    const open = '08:00 08:30 09:00 09:30 10:00 10:30 11:00 11:30';
    assert.equal(await offered(), open);

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
    assert.equal(await offered(), '08:00 08:30 10:00 10:30 11:00 11:30');
    assert.deepEqual(await findings(doctor), []);

    leave();
    await doctor.page.getByRole('button', { name: t.againOf('Home') }).click();
    await doctor.sees(t.troubles.unreachable);
    await picture(doctor, 'outside-trouble');
    assert.equal(await offered(), '08:00 08:30 10:00 10:30 11:00 11:30');

    await doctor.page.getByRole('button', { name: t.removeOf('Home') }).click();
    await doctor.page.getByRole('dialog').getByRole('button', { name: t.remove }).click();
    await doctor.sees(t.none);
    assert.equal(await offered(), open);
  },
  { environ: { COLLOQUE_OUTSIDE_PRIVATE_NETWORKS: 'true' } },
);
