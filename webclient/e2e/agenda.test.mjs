import assert from 'node:assert/strict';
import { findings } from './harness/axe.mjs';
import { everyDay, offer } from './harness/bookable.mjs';
import { api, joinPractice } from './harness/colleague.mjs';
import { Inbox } from './harness/inbox.mjs';
import { Mailbox } from './harness/mailbox.mjs';
import { flows } from './harness/media.mjs';
import { inParis, tuesday } from './harness/paris.mjs';
import { picture } from './harness/picture.mjs';
import { scenario } from './harness/scenario.mjs';
import { desktop, phone } from './harness/stage.mjs';
import { admit, noDialog, signIn, wordsOf } from './harness/steps.mjs';

const date = tuesday();
/** The whole of a day is in view. */
const tall = { viewport: { width: 1280, height: 1300 }, reducedMotion: 'reduce' };
/** Nothing fades in: contrast is what it will be. */
const still = context => ({ ...context, reducedMotion: 'reduce' });
const weekLater = weeks => new Date(Date.parse(date) + weeks * 7 * 86_400_000).toISOString().slice(0, 10);

/** A service that these accounts give, and their hours: Mondays to Fridays 9 to 12 and 14 to 17 in Paris. */
function open(tab, practitioners) {
  const service = {
    label: { fr: 'Suivi', en: 'Follow-up' },
    after_minutes: 10,
    horizon_days: 90,
    modalities: ['video', 'in-person'],
    practitioners,
  };
  const day = weekday => [
    { weekday, from: '09:00', to: '12:00' },
    { weekday, from: '14:00', to: '17:00' },
  ];
  return offer(tab, service, { weekly: [1, 2, 3, 4, 5].flatMap(day) });
}

const wish = (service, practitioner, name, time, on = date) => ({
  service,
  practitioner,
  start: inParis(on, time).toISOString(),
  modality: 'in-person',
  person: { name },
  tell: false,
});

/** A free time of a column, by its button. */
const slot = (tab, t, time) => tab.page.getByRole('button', { name: new RegExp(`^0?${t.agenda.slot.free(time)}$`) });
/** An appointment in the grid. */
const card = (tab, name) => tab.page.locator('.agenda-card', { hasText: name });

/** Waits until an appointment stands at a time. */
const standsAt = (tab, name, time) =>
  tab.until(
    `${name} at ${time}`,
    ([who, when]) =>
      [...document.querySelectorAll('.agenda-card')].some(
        one => one.textContent.includes(who) && one.textContent.includes(when),
      ),
    [name, time],
  );

/** Drags an appointment by so many minutes, and columns. */
async function drag(tab, name, minutes, columns = 0) {
  const box = await card(tab, name).boundingBox();
  const body = await tab.page.locator('.agenda-body').first().boundingBox();
  const hours = await tab.evaluate(() => document.querySelectorAll('.agenda-hours span').length);
  const [x, y] = [box.x + box.width / 2, box.y + 10];
  await tab.page.mouse.move(x, y);
  await tab.page.mouse.down();
  await tab.page.mouse.move(x, y + 8);
  await tab.page.mouse.move(x + columns * (body.width + 1), y + (minutes * body.height) / (hours * 60), { steps: 5 });
  await tab.page.mouse.up();
}

const clean = async (tab, where) => assert.deepEqual(await findings(tab), [], where);

scenario(
  'an appointment is booked on behalf, dragged, moved by the keyboard, put over another, noted absent and undone, cancelled; a series says which dates did not work',
  async stage => {
    const { program } = stage;
    const doctor = await stage.tab('doctor', { context: tall, language: 'fr-FR' });
    doctor.allow(/status of 409/);
    await signIn(doctor, program);
    const t = await wordsOf(doctor);
    const me = (await api(doctor, 'GET', '/me')).body.id;
    await doctor.goto(`${program.base}/desk/agenda/day/${date}`);
    await doctor.sees(t.agenda.noHours('Dr Claire Moreau'));
    const service = await open(doctor, [me]);
    await doctor.reload();

    // Booked on behalf, by an empty time.
    program.keepSecret(
      'Jeanne Martin',
      '0639980010',
      'Louis Petit',
      'Ahmed Benali',
      'Samira Haddad',
      'Urgence dentaire',
    );
    await slot(doctor, t, '9:00').click();
    await doctor.page.locator('dialog[open] [role=combobox]:focus').fill('Jeanne Martin'); // when and with whom was pressed
    await doctor.fill(t.patients.person.contact, '06 39 98 00 10');
    await clean(doctor, 'the form');
    await picture(doctor, 'agenda-book');
    await doctor.pressInDialog(t.agenda.bookButton);
    await doctor.sees(t.agenda.booked('Jeanne Martin'));
    await doctor.sees(t.agenda.bookedNotTold); // this server sends nothing
    const link = await doctor.page.getByLabel(t.agenda.link, { exact: true }).inputValue();
    program.keepSecret(link.split('/').at(-1));
    assert.match(link, /\/a\/[\w-]{20,}$/);
    await doctor.pressInDialog(t.common.close);
    await standsAt(doctor, 'Jeanne Martin', '9:00');

    // With the mouse.
    await drag(doctor, 'Jeanne Martin', 60);
    await doctor.sees(t.agenda.moveOf('Jeanne Martin'));
    await doctor.sees(t.agenda.tellQuestion);
    await clean(doctor, 'the question');
    await picture(doctor, 'agenda-move');
    await doctor.pressInDialog(t.agenda.moveQuiet);
    await standsAt(doctor, 'Jeanne Martin', '10:00');

    // With the keyboard alone: to the appointment, M, two steps down, Enter.
    await noDialog(doctor);
    await card(doctor, 'Jeanne Martin').focus();
    await doctor.page.keyboard.press('ArrowUp');
    await doctor.page.keyboard.press('ArrowDown');
    assert.match(await doctor.evaluate(() => document.activeElement.textContent), /Jeanne Martin/);
    await doctor.page.keyboard.press('m');
    await doctor.page.keyboard.press('ArrowDown');
    await doctor.page.keyboard.press('Escape');
    await doctor.until('nothing moves', () => document.querySelector('.moving') === null);
    await doctor.page.keyboard.press('m');
    await doctor.page.keyboard.press('ArrowDown');
    await doctor.page.keyboard.press('ArrowDown');
    await doctor.page.keyboard.press('Enter');
    await doctor.sees(t.agenda.moveOf('Jeanne Martin'));
    await doctor.page.keyboard.press('Tab');
    await doctor.pressInDialog(t.agenda.moveTell);
    await standsAt(doctor, 'Jeanne Martin', '10:30');

    // What somebody else does appears by itself.
    const theirs = await api(doctor, 'POST', '/appointments', wish(service, me, 'Louis Petit', '14:00'));
    assert.equal(theirs.status, 201, JSON.stringify(theirs.body));
    await standsAt(doctor, 'Louis Petit', '14:00');
    await clean(doctor, 'the grid');
    await picture(doctor, 'agenda-day');

    // Over another, with a reason.
    await noDialog(doctor);
    await drag(doctor, 'Louis Petit', -210);
    await doctor.pressInDialog(t.agenda.move);
    await doctor.sees(t.agenda.taken);
    await doctor.sees(t.agenda.takenNext);
    await clean(doctor, 'a time that is taken');
    await doctor.page.getByLabel(t.agenda.overbook, { exact: true }).check();
    await doctor.pressInDialog(t.agenda.move);
    await doctor.sees(t.agenda.overbookMissing);
    await doctor.fill(t.agenda.overbookReason, 'Urgence dentaire');
    await picture(doctor, 'agenda-overbook');
    await doctor.pressInDialog(t.agenda.move);
    await standsAt(doctor, 'Louis Petit', '10:30');
    await doctor.sees(t.agenda.overbooked);

    // Somebody of today: absent, and that taken back; the history says both.
    const now = new Date(Math.floor(Date.now() / 60_000) * 60_000);
    const today = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Paris' }).format(now);
    const here = await api(doctor, 'POST', '/appointments', {
      ...wish(service, me, 'Marie Absente', '09:00'),
      start: now.toISOString(),
    });
    assert.equal(here.status, 201, JSON.stringify(here.body));
    await doctor.goto(`${program.base}/desk/agenda/day/${today}?appointment=${here.body.appointment.id}`);
    await doctor.sees(t.agenda.absentPatient);
    await clean(doctor, 'the appointment');
    await doctor.pressInDialog(t.agenda.absentPatient);
    await doctor.sees(t.agenda.absent.patient);
    await doctor.pressInDialog(t.agenda.absentPractitioner);
    await doctor.sees(t.agenda.absent.practitioner);
    await doctor.pressInDialog(t.agenda.undo);
    await doctor.sees(t.agenda.absent.patient);
    await doctor.pressInDialog(t.agenda.undo);
    await doctor.sees(t.agenda.state.booked);
    await doctor.page.getByText(t.agenda.history, { exact: true }).click();
    await doctor.sees(t.agenda.changes.undo);
    await doctor.sees(t.agenda.by.practice('Dr Claire Moreau'));
    await picture(doctor, 'agenda-open');
    await doctor.pressInDialog(t.common.close);

    // Cancelled.
    await doctor.goto(`${program.base}/desk/agenda/day/${date}`);
    await card(doctor, 'Jeanne Martin').click();
    await doctor.sees(t.agenda.facts.contact);
    await doctor.pressInDialog(t.agenda.cancel);
    await doctor.fill(t.agenda.cancelReason, 'Urgence dentaire');
    await picture(doctor, 'agenda-cancel');
    await doctor.pressInDialog(t.agenda.cancelTell);
    await doctor.sees(t.agenda.cancelled('Jeanne Martin'));
    await doctor.until(
      'it is off the grid',
      () => !document.querySelector('.agenda-grid').textContent.includes('Jeanne'),
    );

    // A series of four, one of whose dates is taken.
    const third = await api(doctor, 'POST', '/appointments', wish(service, me, 'Ahmed Benali', '15:00', weekLater(2)));
    assert.equal(third.status, 201, JSON.stringify(third.body));
    await slot(doctor, t, '15:00').click();
    const who = doctor.page.getByRole('combobox', { name: t.patients.person.name, exact: true });
    let answer;
    const held = new Promise(resolve => {
      answer = resolve;
    });
    await doctor.page.route('**/patients/search', async route => {
      await held;
      await route.continue();
    });
    await who.fill('Sam');
    await who.press('Enter'); // nobody is booked by half a name while the record may still be found
    answer();
    await doctor.sees(t.patients.chooseNew);
    await doctor.page.unrouteAll({ behavior: 'wait' });
    assert.ok(await doctor.page.locator('dialog[open]').getByLabel(t.agenda.repeat, { exact: true }).isVisible());
    // Who has a record is chosen by the keys, and another by the same.
    const record = await api(doctor, 'POST', '/patients', { given_names: 'Samira', family_name: 'Autre' });
    assert.equal(record.status, 201, JSON.stringify(record.body));
    await who.fill('Samir');
    await doctor.page.getByRole('option', { name: 'Samira Autre' }).waitFor();
    await who.press('ArrowDown');
    await who.press('Enter');
    await doctor.sees(t.patients.chosen('Samira Autre'));
    await doctor.until('the focus is at what was chosen', () => document.activeElement?.tagName === 'BUTTON');
    await doctor.page.keyboard.press('Enter');
    await who.fill('Samira Haddad');
    await doctor.page.getByLabel(t.agenda.repeat, { exact: true }).check();
    await picture(doctor, 'agenda-series');
    await doctor.pressInDialog(t.agenda.bookButton);
    await doctor.sees(t.agenda.series(3, 4));
    await doctor.sees(t.agenda.seriesMissing);
    await doctor.sees('Samira Haddad');
    await doctor.sees(t.agenda.bookedNotTold);
    assert.equal(await doctor.page.locator('dialog[open] li').count(), 4);
    await clean(doctor, 'a series that is booked');
    await picture(doctor, 'agenda-series-done');
    await doctor.pressInDialog(t.common.close);
    await standsAt(doctor, 'Samira Haddad', '15:00');

    // The day has what is in person, and by video what has no waiting room yet; one notes who came.
    await doctor.goto(`${program.base}/desk/${date}`);
    await doctor.sees('Samira Haddad');
    await doctor.sees(t.agenda.modality['in-person']);
    await doctor.goto(`${program.base}/desk`);
    await doctor.press(`${t.agenda.here} : Marie Absente`);
    await doctor.sees(t.agenda.state.arrived);
    await clean(doctor, 'the day');
    await picture(doctor, 'agenda-today');

    // The week, and on paper.
    await doctor.goto(`${program.base}/desk/agenda/week/${date}`);
    await standsAt(doctor, 'Samira Haddad', '15:00');
    await clean(doctor, 'the week');
    await picture(doctor, 'agenda-week');
    await doctor.goto(`${program.base}/desk/agenda/day/${date}`);
    await standsAt(doctor, 'Samira Haddad', '15:00');
    await doctor.page.emulateMedia({ media: 'print' });
    const paper = await doctor.text();
    assert.ok(paper.includes('Samira Haddad') && !paper.includes(t.agenda.print), paper);
    await picture(doctor, 'agenda-print');
  },
);

const anHourLater = iso => new Date(Date.parse(iso) + 3_600_000).toISOString();

scenario(
  'an appointment of a series says which it is and leads to the others; it is cancelled with those that follow, but for what cannot be',
  async stage => {
    const { program } = stage;
    const doctor = await stage.tab('doctor', { context: still(desktop), language: 'fr-FR' });
    await signIn(doctor, program);
    const t = await wordsOf(doctor);
    const me = (await api(doctor, 'GET', '/me')).body.id;
    const service = await open(doctor, [me]);
    program.keepSecret('Samira Haddad');
    const weekly = { ...wish(service, me, 'Samira Haddad', '10:00'), every_weeks: 1, count: 5 };
    const made = await api(doctor, 'POST', '/appointments/series', weekly);
    assert.equal(made.body.booked, 5, JSON.stringify(made.body));
    const ids = made.body.dates.map(one => one.appointment.id);

    await doctor.goto(`${program.base}/desk/agenda/day/${date}`);
    await card(doctor, 'Samira Haddad').click();
    await doctor.page.getByText(t.agenda.inSeries.at(1, 5), { exact: true }).click();
    await clean(doctor, 'the dates of a series');
    await picture(doctor, 'agenda-in-series');
    await doctor.page.locator('.agenda-series a').first().click();
    await doctor.sees(t.agenda.inSeries.at(2, 5));
    await doctor.until('its day', day => location.pathname.endsWith(`/day/${day}`), weekLater(1));

    // The fourth has begun meanwhile: it cannot be cancelled.
    for (const what of ['arrive', 'fulfil']) {
      const { status, body } = await api(doctor, 'POST', `/appointments/${ids[3]}/${what}`, {});
      assert.equal(status, 200, JSON.stringify(body));
    }
    await doctor.pressInDialog(t.agenda.inSeries.cancel);
    await doctor.sees(t.agenda.inSeries.cancelOf('Samira Haddad'));
    await doctor.fill(t.agenda.cancelReason, 'Guérie');
    await clean(doctor, 'the question');
    await picture(doctor, 'agenda-following');
    await doctor.pressInDialog(t.agenda.inSeries.cancel);
    await doctor.sees(t.agenda.inSeries.kept);
    await doctor.sees(t.agenda.state.fulfilled);
    await picture(doctor, 'agenda-following-done');
    await doctor.pressInDialog(t.common.close);
    await noDialog(doctor);
    await doctor.until('it is off the grid', () => document.querySelector('.agenda-card') === null);
    const states = [];
    for (const id of ids) {
      states.push((await api(doctor, 'GET', `/appointments/${id}`)).body.state);
    }
    assert.deepEqual(states, ['booked', 'cancelled', 'cancelled', 'fulfilled', 'cancelled']);

    const pocket = await stage.tab('phone', { context: still(phone), language: 'fr-FR' });
    await pocket.context.addCookies(await doctor.context.cookies());
    await pocket.goto(`${program.base}/desk/agenda/day/${date}?appointment=${ids[0]}`);
    await pocket.page.getByText(t.agenda.inSeries.at(1, 5), { exact: true }).click();
    await pocket.seesNot(t.agenda.inSeries.cancel); // nothing is left that follows
    assert.deepEqual(await findings(pocket), []);
    await picture(pocket, 'agenda-in-series-phone');
    const next = {
      ...weekly,
      start: inParis(date, '15:00').toISOString(),
      person: { name: 'Samira Haddad', contact: { phone: '+33639980010', reach: 'sms' } },
    };
    const again = await api(doctor, 'POST', '/appointments/series', next);
    // An hour later from the first on: in the way of the third is somebody else, so none moves; half an hour later all do.
    const [third] = again.body.dates.slice(2);
    const inTheWay = { ...wish(service, me, 'Paul Durand', '16:00'), start: anHourLater(third.start) };
    program.keepSecret('Paul Durand');
    assert.equal((await api(doctor, 'POST', '/appointments', inTheWay)).status, 201);
    doctor.allow(/status of 409/);
    await doctor.goto(`${program.base}/desk/agenda/day/${date}?appointment=${again.body.dates[0].appointment.id}`);
    await doctor.pressInDialog(t.agenda.inSeries.move);
    await doctor.fill(t.agenda.time, '16:00');
    await doctor.pressInDialog(t.agenda.moveTell);
    await doctor.sees(t.agenda.inSeries.taken);
    await clean(doctor, 'the dates that are not free');
    await picture(doctor, 'agenda-move-following-taken');
    assert.equal(await doctor.page.locator('dialog [role="alert"] li').count(), 1);
    await doctor.fill(t.agenda.time, '15:15');
    await doctor.page.getByText(t.agenda.inSeries.newDates(5), { exact: true }).click();
    await picture(doctor, 'agenda-move-following');
    await doctor.pressInDialog(t.agenda.moveTell);
    await noDialog(doctor);
    await doctor.sees(t.agenda.inSeries.moved(5, 'Samira Haddad'));
    await standsAt(doctor, 'Samira Haddad', '15:15');

    await pocket.goto(`${program.base}/desk/agenda/day/${date}?appointment=${again.body.dates[0].appointment.id}`);
    await picture(pocket, 'agenda-series-phone');
    await pocket.pressInDialog(t.agenda.inSeries.move);
    await pocket.sees(t.agenda.inSeries.further);
    await picture(pocket, 'agenda-move-following-phone');
    await pocket.page.keyboard.press('Escape');
    await pocket.goto(`${program.base}/desk/agenda/day/${date}?appointment=${again.body.dates[0].appointment.id}`);
    await pocket.pressInDialog(t.agenda.inSeries.cancel);
    await picture(pocket, 'agenda-following-phone');
    await pocket.pressInDialog(t.agenda.cancelTell);
    await noDialog(pocket);
    await pocket.sees(t.agenda.inSeries.cancelled(5, 'Samira Haddad'));
  },
);

/** How many hours a day has in Paris. */
const dayLength = day =>
  (inParis(new Date(Date.parse(day) + 86_400_000).toISOString().slice(0, 10), '00:00') - inParis(day, '00:00')) /
  3_600_000;

/** The last Sunday of a month (from 0) of the year after next, on which clocks in Paris are changed. */
function lastSunday(month) {
  const at = new Date(Date.UTC(new Date().getUTCFullYear() + 2, month + 1, 0));
  at.setUTCDate(at.getUTCDate() - at.getUTCDay());
  return at.toISOString().slice(0, 10);
}

scenario(
  'today and now are the practitioner’s, wherever the laptop is; nights on which clocks are changed have each hour that there is',
  async stage => {
    const { program } = stage;
    const doctor = await stage.tab('doctor', { context: still(desktop), language: 'fr-FR' });
    await signIn(doctor, program);
    const t = await wordsOf(doctor);
    const me = (await api(doctor, 'GET', '/me')).body.id;
    const service = await offer(
      doctor,
      { label: { fr: 'Garde' }, modalities: ['in-person'], practitioners: [me] },
      { weekly: everyDay('00:00', '24:00') },
    );
    const todayInParis = () => new Date().toLocaleDateString('sv-SE', { timeZone: 'Europe/Paris' });
    for (const timezoneId of ['Pacific/Kiritimati', 'Pacific/Pago_Pago']) {
      const far = await stage.tab(timezoneId, { context: { ...still(desktop), timezoneId }, language: 'fr-FR' });
      await far.context.addCookies(await doctor.context.cookies());
      const before = todayInParis();
      await far.goto(`${program.base}/desk/agenda`);
      await far.until('the line of now', () => document.querySelector('.agenda-behind .now') !== null);
      const minute = await far.evaluate(() =>
        Number.parseInt(document.querySelector('.agenda-behind .now').style.getPropertyValue('--from'), 10),
      );
      const [hour, past] = new Date().toLocaleTimeString('fr-FR', { timeZone: 'Europe/Paris' }).split(':').map(Number);
      const off = (hour * 60 + past - minute + 1440) % 1440; // on a day that is no other than 24 hours long
      assert.ok(off <= 5 || Math.abs(off - 1440) <= 5 || [23, 25].includes(dayLength(before)), `${timezoneId}: ${off}`);
      const said = await far.page.locator('#agenda-day').textContent();
      assert.ok(said.startsWith(t.agenda.today), said);
      assert.ok(
        [before, todayInParis()].some(day => said.includes(` ${Number(day.slice(8))}`)),
        said,
      );
    }

    const autumn = lastSunday(9);
    const spring = lastSunday(2);
    for (const [name, start] of [
      ['Jeanne Martin', `${autumn}T00:30:00Z`],
      ['Paul Durand', `${autumn}T01:30:00Z`],
      ['Samira Haddad', `${spring}T00:30:00Z`],
    ]) {
      program.keepSecret(name);
      const made = await api(doctor, 'POST', '/appointments', { ...wish(service, me, name, '10:00'), start });
      assert.equal(made.status, 201, JSON.stringify(made.body));
    }
    const hours = () =>
      doctor.evaluate(() =>
        [...document.querySelectorAll('.agenda-hours span')].map(one => Number.parseInt(one.textContent, 10)),
      );
    await doctor.goto(`${program.base}/desk/agenda/day/${autumn}`);
    await standsAt(doctor, 'Paul Durand', '2:30 (UTC+1)');
    await standsAt(doctor, 'Jeanne Martin', '2:30 (UTC+2)');
    assert.deepEqual((await hours()).slice(0, 5), [0, 1, 2, 2, 3]);
    await clean(doctor, 'the day of 25 hours');
    await picture(doctor, 'agenda-autumn');

    // By the keys: from the second 02:30 up to the first 02:00 is 90 minutes.
    await card(doctor, 'Paul Durand').focus();
    for (const key of ['m', ...Array(6).fill('ArrowUp'), 'Enter']) {
      await doctor.page.keyboard.press(key);
    }
    await doctor.sees('2:00 (UTC+2)');
    await doctor.pressInDialog(t.agenda.move);
    await noDialog(doctor);
    await standsAt(doctor, 'Paul Durand', '2:00 (UTC+2)');
    // And with the mouse back into the second.
    await drag(doctor, 'Paul Durand', 75);
    await doctor.sees('2:15 (UTC+1)');
    await doctor.pressInDialog(t.agenda.move);
    await noDialog(doctor);
    await standsAt(doctor, 'Paul Durand', '2:15 (UTC+1)');

    await doctor.goto(`${program.base}/desk/agenda/week/${autumn}`);
    await standsAt(doctor, 'Paul Durand', '2:15 (UTC+1)');
    assert.deepEqual((await hours()).slice(0, 5), [0, 1, 2, 2, 3]);
    await picture(doctor, 'agenda-autumn-week');
    await doctor.goto(`${program.base}/desk/agenda/day/${spring}`);
    await standsAt(doctor, 'Samira Haddad', '1:30');
    assert.deepEqual((await hours()).slice(0, 4), [0, 1, 3, 4]);
    await doctor.goto(`${program.base}/desk/agenda/week/${spring}`);
    await standsAt(doctor, 'Samira Haddad', '1:30');
    assert.deepEqual((await hours()).slice(0, 4), [0, 1, 2, 3]);
    await picture(doctor, 'agenda-spring-week');
    await card(doctor, 'Samira Haddad').focus();
    for (const key of ['m', 'ArrowDown', 'ArrowDown', 'Enter']) {
      await doctor.page.keyboard.press(key);
    }
    await doctor.sees('3:00');
    await doctor.pressInDialog(t.agenda.move);
    await noDialog(doctor);
    await standsAt(doctor, 'Samira Haddad', '3:00');
  },
  { within: 180_000 },
);

scenario('a secretary keeps two books side by side, and a phone has the list; nobody else sees them', async stage => {
  const { program } = stage;
  const doctor = await stage.tab('doctor', { context: desktop });
  await signIn(doctor, program);
  const colleague = await stage.tab('colleague', { context: desktop });
  await joinPractice(doctor, colleague, program, 'Dr Amélie Roux');
  const secretary = await stage.tab('secretary', { context: tall, language: 'fr-FR' });
  await joinPractice(doctor, secretary, program, 'Nadia Benali', { role: 'secretary', mail: 'nadia@example.org' });
  secretary.allow(/status of 40[49]/);
  const ids = [];
  const { id } = (await api(secretary, 'GET', '/me')).body;
  for (const one of [doctor, colleague]) {
    assert.equal((await api(one, 'PUT', '/me/delegates', { delegates: [id] })).status, 200);
    ids.push((await api(one, 'GET', '/me')).body.id);
  }
  program.keepSecret('Jeanne Martin', 'Paul Durand');
  const service = await open(secretary, ids);
  const booked = await api(secretary, 'POST', '/appointments', wish(service, ids[0], 'Jeanne Martin', '09:30'));
  assert.equal(booked.status, 201, JSON.stringify(booked.body));

  const t = await wordsOf(secretary);
  await secretary.goto(`${program.base}/desk/agenda/day/${date}`);
  await standsAt(secretary, 'Jeanne Martin', '9:30');
  const columns = await secretary.evaluate(() =>
    [...document.querySelectorAll('.agenda-column')].map(one => one.ariaLabel),
  );
  assert.deepEqual(columns.toSorted(), ['Dr Amélie Roux', 'Dr Claire Moreau']);
  const across = columns[0] === 'Dr Claire Moreau' ? 1 : -1;
  await picture(secretary, 'agenda-secretary');

  // Whoever drags needs a page that stays where it is: the question about the sound comes late, and goes with the first press.
  await secretary.press(t.desk.soundOn);
  await secretary.until('nothing asks any more', () => document.querySelector('.notices .notice') === null);
  // From one book into the other, and what the practitioner does in the meantime is there without a reload.
  await drag(secretary, 'Jeanne Martin', 45, across);
  await secretary.sees(t.agenda.cannotTell);
  await secretary.pressInDialog(t.agenda.move);
  await secretary.until('it is in the other book', () =>
    [...document.querySelectorAll('.agenda-column')].some(
      one => one.ariaLabel === 'Dr Amélie Roux' && one.textContent.includes('Jeanne Martin'),
    ),
  );
  assert.equal((await api(doctor, 'POST', '/appointments', wish(service, ids[0], 'Paul Durand', '11:00'))).status, 201);
  await standsAt(secretary, 'Paul Durand', '11:00');

  // Whoever is free: Claire has somebody, so it is Amélie's; then nobody is, and there is nobody to be put beside.
  const busy = await api(doctor, 'POST', '/appointments', wish(service, ids[0], 'Samira Haddad', '14:00'));
  assert.equal(busy.status, 201, JSON.stringify(busy.body));
  for (const [name, goes] of [
    ['Louis Petit', 'Dr Amélie Roux'],
    ['Ahmed Benali', null],
  ]) {
    program.keepSecret(name);
    await secretary.press(t.agenda.book);
    await secretary.page.getByLabel(t.agenda.practitioner, { exact: true }).selectOption({ label: t.agenda.anybody });
    await secretary.fill(t.agenda.time, '14:00');
    await secretary.page.getByRole('combobox', { name: t.patients.person.name, exact: true }).fill(name);
    await secretary.seesNot(t.agenda.repeat);
    await clean(secretary, 'anybody');
    await secretary.pressInDialog(t.agenda.bookButton);
    if (goes === null) {
      await secretary.sees(t.agenda.takenAll);
      await secretary.seesNot(t.agenda.overbook);
      await picture(secretary, 'agenda-nobody');
      await secretary.pressInDialog(t.common.cancel);
    } else {
      await secretary.sees(t.agenda.booked(name));
      await secretary.sees(goes);
      await picture(secretary, 'agenda-anybody');
      await secretary.pressInDialog(t.common.close);
      await standsAt(secretary, name, '14:00');
    }
    await noDialog(secretary);
  }

  // A phone has the list, and moves by choosing a time.
  const pocket = await stage.tab('phone', { context: phone, language: 'fr-FR' });
  await pocket.context.addCookies(await secretary.context.cookies());
  await pocket.goto(`${program.base}/desk/agenda/day/${date}`);
  await pocket.sees('Jeanne Martin');
  assert.deepEqual(await findings(pocket), []);
  await picture(pocket, 'agenda-phone');
  await pocket.press('Jeanne Martin', { exact: false });
  await pocket.pressInDialog(t.agenda.move);
  await pocket.sees(t.agenda.near);
  await pocket.fill(t.agenda.time, '16:00');
  await picture(pocket, 'agenda-phone-move');
  await pocket.pressInDialog(t.agenda.move);
  await noDialog(pocket);
  await standsAt(secretary, 'Jeanne Martin', '16:00');

  // Whom one does not work for.
  const stranger = await stage.tab('stranger', { context: desktop });
  await joinPractice(doctor, stranger, program, 'Dr Karim Haddad', { mail: 'stranger@example.org' });
  stranger.allow(/status of 404/);
  const s = await wordsOf(stranger);
  await stranger.goto(
    `${program.base}/desk/agenda/day/${date}?who=${ids[0]}&appointment=${booked.body.appointment.id}`,
  );
  await stranger.sees(s.agenda.gone);
  await stranger.seesNot('Paul Durand');
});

/** Moves a pen, which is held down or above the screen. */
async function pen(cdp, type, x, y, down) {
  const button = down ? { button: 'left', buttons: 1, clickCount: 1 } : {};
  await cdp.send('Input.dispatchMouseEvent', { type, x, y, pointerType: 'pen', force: down ? 0.5 : 0, ...button });
}

scenario(
  'a pen drags, a finger scrolls and opens; a room that is closed is given to nobody, and who has it is given another',
  async stage => {
    const { program } = stage;
    const tablet = { viewport: { width: 820, height: 1180 }, hasTouch: true, reducedMotion: 'reduce' };
    const doctor = await stage.tab('doctor', { context: tablet, language: 'fr-FR' });
    doctor.allow(/status of 409/);
    await signIn(doctor, program);
    const t = await wordsOf(doctor);
    const me = (await api(doctor, 'GET', '/me')).body.id;
    const rooms = [];
    for (const name of ['Cabinet 1', 'Cabinet 2']) {
      rooms.push((await api(doctor, 'POST', '/rooms', { name })).body);
    }
    const service = await offer(
      doctor,
      {
        label: { fr: 'Suivi', en: 'Follow-up' },
        modalities: ['in-person'],
        resources: [{ any_of: rooms.map(room => room.id) }],
      },
      { weekly: everyDay('09:00', '17:00') },
    );
    program.keepSecret('Jeanne Martin');
    const booked = await api(doctor, 'POST', '/appointments', wish(service, me, 'Jeanne Martin', '09:00'));
    assert.equal(booked.status, 201, JSON.stringify(booked.body));
    await doctor.goto(`${program.base}/desk/agenda/day/${date}`);
    await standsAt(doctor, 'Jeanne Martin', '9:00');

    // A finger does not drag: it opens.
    const cdp = await doctor.context.newCDPSession(doctor.page);
    const place = async () => {
      const box = await card(doctor, 'Jeanne Martin').boundingBox();
      return [box.x + box.width / 2, box.y + 10];
    };
    const hours = await doctor.evaluate(() => document.querySelectorAll('.agenda-hours span').length);
    const hour = (await doctor.page.locator('.agenda-body').boundingBox()).height / hours;
    let [x, y] = await place();
    const finger = async (type, ...points) => cdp.send('Input.dispatchTouchEvent', { type, touchPoints: points });
    await finger('touchStart', { x, y });
    for (const step of [0.25, 0.5, 0.75, 1]) {
      await finger('touchMove', { x, y: y + step * hour });
    }
    await finger('touchEnd');
    await doctor.until('nothing moves', () => document.querySelector('.moving, dialog[open]') === null);
    await doctor.goto(`${program.base}/desk/agenda/day/${date}`);
    await standsAt(doctor, 'Jeanne Martin', '9:00');
    await card(doctor, 'Jeanne Martin').tap();
    await doctor.sees(t.agenda.facts.when);
    await doctor.pressInDialog(t.common.close);
    await noDialog(doctor);

    // A pen does.
    [x, y] = await place();
    await pen(cdp, 'mouseMoved', x, y, false);
    const action = () => getComputedStyle(document.querySelector('.agenda-card')).touchAction;
    await doctor.until(
      'a pen does not scroll',
      () => getComputedStyle(document.querySelector('.agenda-card')).touchAction === 'none',
    );
    await pen(cdp, 'mousePressed', x, y, true);
    for (const step of [0.1, 0.5, 1]) {
      await pen(cdp, 'mouseMoved', x, y + step * hour, true);
    }
    await picture(doctor, 'agenda-pen');
    await pen(cdp, 'mouseReleased', x, y + hour, true);
    await doctor.sees(t.agenda.moveOf('Jeanne Martin'));
    await doctor.pressInDialog(t.agenda.move);
    await standsAt(doctor, 'Jeanne Martin', '10:00');
    await noDialog(doctor);
    await doctor.page.touchscreen.tap(400, 20);
    await doctor.page
      .locator('.agenda-slot')
      .last()
      .dispatchEvent('pointerover', { pointerType: 'touch', bubbles: true });
    assert.equal(await doctor.evaluate(action), 'manipulation', 'a finger scrolls again');

    // The room is closed.
    await doctor.goto(`${program.base}/desk/settings/rooms`);
    await doctor.press(t.services.rooms.closeOf('Cabinet 1'));
    await doctor.sees(t.services.rooms.closedMore);
    await clean(doctor, 'a closed room');
    await picture(doctor, 'rooms-closed');
    await doctor.goto(`${program.base}/desk/agenda/day/${date}`);
    await doctor.sees(t.agenda.lack.gone('Cabinet 1'));
    await clean(doctor, 'a room that is not there any more');
    await picture(doctor, 'agenda-lack');
    await doctor.press(`${t.agenda.lack.replace} : Jeanne Martin`);
    await doctor.sees(t.agenda.lack.replaced('Jeanne Martin'));
    await doctor.seesNot(t.agenda.lack.gone('Cabinet 1'));
    const two = await api(doctor, 'PUT', `/rooms/${rooms[1].id}`, {
      revision: rooms[1].revision,
      name: 'Cabinet 2',
      closed: true,
    });
    assert.equal(two.status, 200, JSON.stringify(two.body));
    await doctor.reload();
    await doctor.press(`${t.agenda.lack.replace} : Jeanne Martin`);
    await doctor.sees(t.agenda.lack.none);
    await doctor.press(`${t.agenda.lack.open} : Jeanne Martin`);
    await doctor.page.getByText(t.agenda.history, { exact: true }).click();
    await doctor.sees(t.agenda.changes.replace);
    await picture(doctor, 'agenda-replaced');
  },
);

let mailbox;
let inbox;
const withMails = async () => {
  mailbox = await Mailbox.open();
  inbox = await Inbox.open();
  return { ...mailbox.environ(), ...inbox.environ() };
};

scenario(
  'patients decline in their calendars: it shows by itself on Today and in the agenda; one comes after all, the other is cancelled and told',
  async stage => {
    stage.atEnd(() => Promise.all([mailbox.close(), inbox.close()]));
    const { program } = stage;
    const doctor = await stage.tab('doctor', { context: still(desktop), language: 'fr-FR' });
    await signIn(doctor, program);
    const t = await wordsOf(doctor);
    const me = (await api(doctor, 'GET', '/me')).body.id;
    const service = await open(doctor, [me]);
    const invited = [
      ['Jeanne Martin', 'jeanne.martin@example.org', '09:00'],
      ['Louis Petit', 'louis.petit@example.org', '10:00'],
    ];
    const ids = [];
    for (const [name, mail, time] of invited) {
      program.keepSecret(name, mail);
      const person = { name, language: 'fr', contact: { mail } };
      const wanted = { ...wish(service, me, name, time), person, tell: true };
      const { status, body } = await api(doctor, 'POST', '/appointments', wanted);
      assert.equal(status, 201, JSON.stringify(body));
      await mailbox.find(mail, /votre rendez-vous[\s\S]*est pris/);
      ids.push(body.appointment.id);
    }
    const agenda = await stage.tab('agenda', { context: still(desktop), language: 'fr-FR' });
    await agenda.context.addCookies(await doctor.context.cookies());
    await agenda.goto(`${program.base}/desk/agenda/day/${date}`);
    await standsAt(agenda, 'Jeanne Martin', '9:00');
    await doctor.goto(`${program.base}/desk`);
    await doctor.sees(t.desk.nobody);

    for (const [i, [, mail]] of invited.entries()) {
      inbox.declines(ids[i], mail);
    }
    for (const tab of [doctor, agenda]) {
      await tab.sees(t.agenda.declined.some(2)); // by itself
      await clean(tab, 'what was declined');
    }
    await picture(doctor, 'today-declined');
    await picture(agenda, 'agenda-declined');
    await agenda.press(`${t.agenda.keep} : Jeanne Martin`);
    await agenda.sees(t.agenda.declined.kept('Jeanne Martin'));
    await doctor.sees(t.agenda.declined.some(1)); // by itself
    await doctor.press(`${t.agenda.declined.cancel} : Louis Petit`);
    await doctor.sees(t.agenda.cancelled('Louis Petit'));
    await doctor.seesNot(t.agenda.declined.more);
    await agenda.seesNot(t.agenda.declined.more);
    await agenda.seesNot('Louis Petit');
    await standsAt(agenda, 'Jeanne Martin', '9:00');
    await mailbox.find('louis.petit@example.org', /annulé/);

    const [kept, cancelled] = await Promise.all(ids.map(id => api(doctor, 'GET', `/appointments/${id}`)));
    const actions = ({ body }) => body.history.map(one => one.action);
    assert.equal(kept.body.state, 'booked');
    assert.deepEqual(actions(kept), ['book', 'decline', 'keep']);
    assert.equal(cancelled.body.state, 'cancelled');
    assert.deepEqual(actions(cancelled), ['book', 'decline', 'cancel']);
    assert.deepEqual((await api(doctor, 'GET', '/appointments/declined')).body.declined, []);
  },
  { environ: withMails },
);

scenario('the video of an appointment is started from the agenda, and the patient comes by their link', async stage => {
  const { program } = stage;
  const doctor = await stage.tab('doctor', { context: tall, language: 'fr-FR' });
  await signIn(doctor, program);
  const t = await wordsOf(doctor);
  const me = (await api(doctor, 'GET', '/me')).body.id;
  const service = await offer(doctor, { min_notice_minutes: 0 }, { weekly: everyDay('00:00', '24:00') });
  program.keepSecret('Jeanne Martin');
  const soon = new Date(Math.ceil(Date.now() / 60_000) * 60_000 + 5 * 60_000);
  const booked = await api(doctor, 'POST', '/appointments', {
    ...wish(service, me, 'Jeanne Martin', '09:00'),
    start: soon.toISOString(),
    modality: 'video',
  });
  assert.equal(booked.status, 201, JSON.stringify(booked.body));
  program.keepSecret(booked.body.link.split('/').at(-1));
  const day = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Paris' }).format(soon);
  await doctor.goto(`${program.base}/desk/agenda/day/${day}?appointment=${booked.body.appointment.id}`);
  await picture(doctor, 'agenda-video');
  await doctor.pressInDialog(t.agenda.video);
  await doctor.until('the call of the visit', () => location.hash.startsWith('#c_'));
  await doctor.sees(t.desk.alone.notYet('Jeanne Martin'));
  await picture(doctor, 'agenda-video-alone');
  await doctor.press(t.desk.newLink);
  await doctor.sees(t.desk.linkAgainMore);
  await doctor.press(t.common.close);
  const patient = await stage.tab('patient', { context: phone, language: 'fr-FR' });
  await patient.goto(booked.body.link);
  await patient.press('Entrer dans la salle d’attente');
  const p = await wordsOf(patient);
  await patient.press(p.entry.enter);
  await patient.press(p.check.skipAll);
  await patient.sees(p.waiting.heading);
  await doctor.page
    .locator('.stage')
    .getByRole('button', { name: t.desk.admitLabel('Jeanne Martin') })
    .waitFor();
  await picture(doctor, 'agenda-video-waits');
  await admit(doctor, 'Jeanne Martin');
  await Promise.all([flows(doctor), flows(patient)]);
  assert.equal(await doctor.page.evaluate(() => document.activeElement?.tagName), 'H1');
  await picture(doctor, 'agenda-video-call');
});
