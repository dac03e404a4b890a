import assert from 'node:assert/strict';
import { findings } from './harness/axe.mjs';
import { api, joinPractice } from './harness/colleague.mjs';
import { picture } from './harness/picture.mjs';
import { scenario } from './harness/scenario.mjs';
import { desktop, phone } from './harness/stage.mjs';
import { DOCTOR, noDialog, signIn, wordsOf } from './harness/steps.mjs';
import { until } from './harness/until.mjs';

/** What is made by one press is called, in each language of the pages. */
const FIRST = { fr: 'Consultation vidéo', en: 'Video visit', ar: 'استشارة بالفيديو' };

/** What there is to say against the page as it is now, once what was just done is no longer said at its edge. */
async function accessible(tab, what) {
  const toast = tab.page.locator('.toast');
  if ((await toast.isVisible()) && !(await tab.page.locator('dialog[open]').isVisible())) {
    await toast.getByRole('button').click();
  }
  await toast.waitFor({ state: 'detached' });
  assert.deepEqual(await findings(tab), [], what);
}

const service = async tab => (await api(tab, 'GET', '/services')).body.services[0];
const schedule = async tab => {
  const { id } = (await api(tab, 'GET', '/me')).body;
  return (await api(tab, 'GET', `/schedules/${id}`)).body;
};

/** The times that a patient is offered, as "Mon 09:00" on the practice's clocks, with the day. */
const offered = async (tab, id, more = '') => {
  const { status, body } = await api(tab, 'GET', `/free-times?service=${id}&limit=1000${more}`);
  assert.equal(status, 200, JSON.stringify(body));
  const parts = new Intl.DateTimeFormat('sv-SE', {
    timeZone: 'Europe/Paris',
    dateStyle: 'short',
    timeStyle: 'short',
  });
  return body.times.map(one => parts.format(new Date(one.start)));
};

const weekdayOf = date => new Date(`${date}T12:00:00Z`).getUTCDay();

/** The day that many days from when this began, in Paris: the same at both ends of a scenario, over midnight too. */
const began = Date.now();
const dayFromNow = days =>
  new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Paris' }).format(new Date(began + days * 86_400_000));

/** The name that a day has in French. */
const dayName = date => {
  const year = date.slice(0, 4) === dayFromNow(0).slice(0, 4) ? {} : { year: 'numeric' };
  return new Intl.DateTimeFormat('fr-FR', {
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    ...year,
    timeZone: 'UTC',
  })
    .format(new Date(`${date}T12:00:00Z`))
    .replace(' 1 ', ' 1er ');
};

/** Presses a day of the calendar, in whatever month it is. */
async function pressDay(tab, t, date) {
  const button = tab.page.getByRole('button', { name: new RegExp(`^${dayName(date)} `) });
  for (let month = 0; (await button.count()) === 0; month++) {
    assert.ok(month < 3, `no day ${date} in the calendar`);
    await tab.press(t.services.hours.later);
  }
  await button.click();
}

scenario('a new practice offers its first times with one press, and sees them as a patient does', async stage => {
  const { program } = stage;
  const doctor = await stage.tab('doctor', { context: phone, language: 'fr-FR' });
  await signIn(doctor, program);
  const t = await wordsOf(doctor);
  await doctor.press(t.shell.settings);
  await doctor.press(t.preferences.services);
  await doctor.sees(t.services.list.none);
  await accessible(doctor, 'no service');
  await picture(doctor, 'services-none');
  await doctor.press(t.services.quick.button);
  await doctor.control(t.services.list.changeOf(FIRST.fr)).waitFor();
  await doctor.sees(DOCTOR);

  const made = await service(doctor);
  assert.equal(made.duration_minutes, 20);
  assert.deepEqual(made.label, FIRST); // so that patients read it in each language of the pages
  const times = await offered(doctor, made.id);
  assert.ok(times.length > 100, `${times.length} times`);
  for (const one of times) {
    const [date, clock] = one.split(' ');
    assert.ok(![0, 6].includes(weekdayOf(date)), one);
    assert.ok((clock >= '09:00' && clock < '12:00') || (clock >= '14:00' && clock < '18:00'), one);
  }

  await doctor.press(t.services.quick.see);
  await doctor.sees(t.services.page.choose);
  await doctor.sees(times[0].split(' ')[1].replace(/^0/, ''));
  const address = await doctor.page.getByLabel(t.services.page.address, { exact: true }).inputValue();
  assert.equal(address, `${program.base}/book`);
  await doctor.page.getByLabel(t.services.page.which, { exact: true }).selectOption(made.id);
  await doctor.page.getByLabel(t.services.page.with, { exact: true }).selectOption(DOCTOR);
  const [who] = made.practitioners;
  const exact = await doctor.page.getByLabel(t.services.page.address, { exact: true }).inputValue();
  assert.equal(exact, `${program.base}/book/${made.id}?with=${who}`);

  // What the preview shows is what the page behind the address offers.
  const patient = await stage.tab('patient', { context: phone, language: 'fr-FR' });
  await patient.goto(exact);
  await patient.sees(FIRST.fr);
  await patient.sees(times[0].split(' ')[1].replace(/^0/, ''));
  for (const path of ['/book', `/book/with/${who}`]) {
    assert.equal((await patient.page.request.get(`${program.base}${path}`)).status(), 200, path);
  }
  await doctor.page.getByLabel(t.services.page.with, { exact: true }).selectOption('');
  assert.equal(
    await doctor.page.getByLabel(t.services.page.embedLabel, { exact: true }).inputValue(),
    `<script src="${program.base}/book/embed.js" data-service="${made.id}" defer></script>`,
  );
  await accessible(doctor, 'booking page');
  await picture(doctor, 'services-page');

  // The same in the patient's language.
  await doctor.page.getByLabel(t.services.page.language, { exact: true }).selectOption('ar');
  await doctor.until('the preview is Arabic', () => document.querySelector('.as-patient[dir=rtl][lang=ar]') !== null);
  await accessible(doctor, 'preview in Arabic');
});

scenario(
  'a service and opening hours are written by hand, a day is closed and another has other hours, closures and holidays; times follow',
  async stage => {
    const { program } = stage;
    const doctor = await stage.tab('doctor', { context: desktop, language: 'fr-FR' });
    await signIn(doctor, program);
    const t = await wordsOf(doctor);
    const words = t.services;
    await doctor.goto(`${doctor.origin}/desk/settings/rooms`);
    await doctor.press(words.rooms.add);
    await doctor.fill(words.rooms.name, 'Cabinet 2');
    await doctor.press(t.common.save);
    await doctor.sees('Cabinet 2');
    await accessible(doctor, 'rooms');

    // The service: what is missing is said where it is missing.
    await doctor.press(t.preferences.services);
    await doctor.press(words.list.add);
    await doctor.press(t.common.save);
    await doctor.sees(words.form.missing.label);
    await doctor.fill(words.form.label, 'Suivi de grossesse');
    await doctor.fill(words.form.duration, '3');
    await doctor.press(t.common.save);
    await doctor.sees(words.form.durationWrong);
    await doctor.fill(words.form.duration, '45');
    await doctor.page.getByLabel(words.form.addLanguage, { exact: true }).selectOption('en');
    await doctor.page
      .getByRole('group', { name: 'anglais' })
      .getByLabel(words.form.label, { exact: true })
      .fill('Pregnancy visit');
    await doctor.page.getByText(words.form.when, { exact: true }).click();
    await doctor.page.getByLabel(words.form.minNotice, { exact: true }).selectOption('0');
    await doctor.page.getByLabel(words.form.after, { exact: true }).selectOption('15');
    await doctor.page.locator('summary').filter({ hasText: words.form.questions }).click();
    await doctor.press(words.form.questionAdd);
    await doctor.page.getByLabel(/^Question · français$/).fill('Combien de semaines ?');
    await doctor.page.getByLabel(words.form.required, { exact: true }).check();
    await doctor.press(words.form.questionAdd);
    const second = doctor.page.locator('.card', { hasText: words.form.kind }).last();
    await second.getByLabel(/^Question · français$/).fill('Combien de bébés ?');
    await second.getByLabel(words.form.kind, { exact: true }).selectOption('choice');
    const choice = (n, tag) => second.getByLabel(`${words.form.choice(n)} · ${tag}`, { exact: true });
    await choice(1, 'français').fill('Un seul');
    await choice(1, 'anglais').fill('Only one');
    await choice(2, 'français').fill('Plusieurs');
    await doctor.page.locator('summary').filter({ hasText: words.form.needs }).click();
    await doctor.press(words.form.needsAdd);
    await doctor.page.getByLabel('Cabinet 2', { exact: true }).check();
    await accessible(doctor, 'form of a service');
    await picture(doctor, 'services-form');
    await doctor.press(t.common.save);
    await doctor.sees('Suivi de grossesse');
    const made = await service(doctor);
    assert.deepEqual(
      [
        made.label,
        made.duration_minutes,
        made.after_minutes,
        made.min_notice_minutes,
        made.questions[0].required,
        made.resources.length,
      ],
      [{ fr: 'Suivi de grossesse', en: 'Pregnancy visit' }, 45, 15, undefined, true, 1],
    );
    assert.deepEqual(made.questions[1].choices, [
      { value: 'Un seul', label: { fr: 'Un seul', en: 'Only one' } },
      { value: 'Plusieurs', label: { fr: 'Plusieurs' } },
    ]);
    assert.deepEqual(await offered(doctor, made.id), [], 'no hours yet');

    // A room that is needed stays, and says why.
    doctor.allow(/status of 409/);
    await doctor.press(t.preferences.rooms);
    await doctor.press(words.rooms.removeOf('Cabinet 2'));
    await doctor.pressInDialog(words.remove);
    await doctor.sees(words.rooms.needed);
    await doctor.control(t.common.close).click();

    // Hours, with the keyboard alone.
    await doctor.press(t.preferences.hours);
    await doctor.sees(words.hours.week);
    await doctor.control(words.hours.addOn('lundi')).focus();
    await doctor.page.keyboard.press('Enter');
    await doctor.fill(words.hours.fromOn('lundi'), '08:30');
    await doctor.fill(words.hours.toOn('lundi'), '11:30');
    await doctor.control(words.hours.copyOn('lundi')).focus();
    await doctor.page.keyboard.press('Enter');
    await doctor.control(words.hours.removeRange('mercredi', '08:30')).focus();
    await doctor.page.keyboard.press('Enter');
    await accessible(doctor, 'hours of the week');
    await doctor.page
      .locator('form:not([hidden] form)')
      .first()
      .getByRole('button', { name: t.common.save })
      .press('Enter');
    await doctor.sees(t.common.saved);
    await picture(doctor, 'services-week');
    const usual = await offered(doctor, made.id);
    assert.ok(
      usual.length > 20 && usual.every(one => ![0, 3, 6].includes(weekdayOf(one.slice(0, 10)))),
      usual.join(', '),
    );
    assert.deepEqual([...new Set(usual.map(one => one.slice(11)))], ['08:30', '09:15', '10:00', '10:45']);

    // One day is closed, another has other hours, a Sunday has extra ones.
    const days = usual.map(one => one.slice(0, 10)).filter((one, at, all) => all.indexOf(one) === at);
    const [closed, other] = [days[2], days[3]];
    const { id } = (await api(doctor, 'GET', '/me')).body;
    const first = (await api(doctor, 'GET', `/free-times?service=${made.id}&limit=1000`)).body.times.find(
      one => new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Paris' }).format(new Date(one.start)) === closed,
    );
    program.keepSecret('Jeanne Martin');
    const booked = await api(doctor, 'POST', '/appointments', {
      practitioner: id,
      service: made.id,
      start: first.start,
      person: { name: 'Jeanne Martin' },
      tell: false,
    });
    assert.equal(booked.status, 201, JSON.stringify(booked.body));
    const sunday = [...Array(14).keys()].map(at => dayFromNow(at + 1)).find(one => weekdayOf(one) === 0);
    await doctor.page.getByRole('tab', { name: words.hours.calendar }).click();
    await pressDay(doctor, t, closed);
    await doctor.page.getByLabel(words.hours.day.closed, { exact: true }).check();
    await doctor.sees(words.hours.takenCount(1));
    await accessible(doctor, 'a day');
    await doctor.pressInDialog(t.common.save);
    await noDialog(doctor);
    await pressDay(doctor, t, other);
    await doctor.page.getByLabel(words.hours.day.other, { exact: true }).check();
    await doctor.fill(words.hours.fromOn(dayName(other)), '15:00');
    await doctor.fill(words.hours.toOn(dayName(other)), '16:00');
    await picture(doctor, 'services-day');
    await doctor.pressInDialog(t.common.save);
    await noDialog(doctor);
    await doctor.goto(`${doctor.origin}/desk/settings/hours`); // back in this month
    await doctor.page.getByRole('tab', { name: words.hours.calendar }).click();
    await pressDay(doctor, t, sunday);
    await doctor.page.getByLabel(words.hours.day.extra, { exact: true }).check();
    await doctor.fill(words.hours.fromOn(dayName(sunday)), '10:00');
    await doctor.fill(words.hours.toOn(dayName(sunday)), '11:00');
    await doctor.pressInDialog(t.common.save);
    await noDialog(doctor);
    await accessible(doctor, 'calendar');
    await picture(doctor, 'services-calendar');
    const changed = await offered(doctor, made.id);
    const on = date => changed.filter(one => one.startsWith(date)).map(one => one.slice(11));
    assert.deepEqual([on(closed), on(other), on(sunday)], [[], ['15:00'], ['10:00']]);

    // Closures and public holidays.
    await doctor.page.getByRole('tab', { name: words.hours.closures }).click();
    await doctor.press(words.hours.periodAdd);
    await doctor.sees(words.hours.periodWrong);
    await doctor.fill(words.hours.periodFrom, dayFromNow(10));
    await doctor.fill(words.hours.periodTo, dayFromNow(20));
    await doctor.press(words.hours.periodAdd);
    await until('the closure is kept', async () => (await schedule(doctor)).closed?.length === 1);
    await doctor.page.getByLabel(words.hours.calendars.fr, { exact: true }).check();
    await doctor.sees(words.hours.nextHolidays);
    await doctor.sees(words.hours.holidayNames['labour-day']);
    await accessible(doctor, 'closures');
    await picture(doctor, 'services-closures');
    await until('the holidays are kept', async () => (await schedule(doctor)).holidays === 'fr');
    const rest = await offered(doctor, made.id);
    assert.ok(!rest.some(one => one >= dayFromNow(10) && one < dayFromNow(21)), rest.join(', '));
    assert.ok(rest.some(one => one >= dayFromNow(21)));
  },
);

scenario(
  'of two who change a service or hours at the same time nobody loses anything; a secretary sets the hours of whom she works for',
  async stage => {
    const { program } = stage;
    const doctor = await stage.tab('doctor', { context: desktop, language: 'fr-FR' });
    await signIn(doctor, program);
    const secretary = await stage.tab('secretary', { context: desktop, language: 'fr-FR' });
    await joinPractice(doctor, secretary, program, 'Nadia Benali', { role: 'secretary', mail: 'nadia@example.org' });
    const t = await wordsOf(secretary);
    const words = t.services;
    await secretary.goto(`${secretary.origin}/desk/settings/hours`);
    await secretary.sees(words.hours.nobodys);
    const { id } = (await api(secretary, 'GET', '/me')).body;
    assert.equal((await api(doctor, 'PUT', '/me/delegates', { delegates: [id] })).status, 200);
    await doctor.goto(`${doctor.origin}/desk/settings/services`);
    await doctor.press(words.quick.button);
    await doctor.control(words.list.changeOf(FIRST.fr)).waitFor();
    const made = await service(doctor);

    // A service: both changes are brought together, and what both wrote is said.
    secretary.allow(/status of 409/);
    for (const tab of [doctor, secretary]) {
      await tab.goto(`${tab.origin}/desk/settings/services/${made.id}`);
      await tab.page.getByLabel(words.form.duration, { exact: true }).waitFor();
    }
    await doctor.fill(words.form.duration, '30');
    await doctor.press(t.common.save);
    await doctor.sees('30 minutes');
    await secretary.fill(words.form.duration, '25');
    await secretary.page.getByLabel(words.form.price, { exact: true }).first().fill('30 €');
    await secretary.press(t.common.save);
    await secretary.sees(words.changedMeanwhile);
    await secretary.sees(words.theirs(words.form.duration));
    await accessible(secretary, 'two changes');
    await picture(secretary, 'services-conflict');
    await secretary.press(t.common.save);
    await secretary.sees('25 minutes');
    const both = await service(secretary);
    assert.deepEqual([both.duration_minutes, both.price.fr], [25, '30 €']);

    // Hours: each changes another day, and nobody is asked anything.
    for (const tab of [doctor, secretary]) {
      await tab.goto(`${tab.origin}/desk/settings/hours`);
      await tab.sees(words.hours.week);
      await tab.until('the hours are there', () => document.querySelectorAll('.range').length === 10);
    }
    const save = tab => tab.page.getByRole('tabpanel').getByRole('button', { name: t.common.save }).first().click();
    await doctor.press(words.hours.removeRange('lundi', '14:00'));
    await save(doctor);
    await doctor.sees(t.common.saved);
    await secretary.press(words.hours.removeRange('mardi', '14:00'));
    await save(secretary);
    await secretary.sees(t.common.saved);
    await secretary.until('both changes are shown', () => document.querySelectorAll('.range').length === 8);
    const kept = await schedule(doctor);
    assert.deepEqual(
      kept.weekly.filter(one => one.from === '14:00').map(one => one.weekday),
      [3, 4, 5],
    );

    // What is not saved is asked about.
    await secretary.press(words.hours.removeRange('vendredi', '14:00'));
    await secretary.press(t.shell.today);
    await secretary.sees(t.shell.unsaved);
    await secretary.pressInDialog(t.shell.unsavedLeave);
    assert.equal((await schedule(doctor)).weekly.length, 8);
  },
);
