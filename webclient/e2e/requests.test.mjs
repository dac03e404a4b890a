import assert from 'node:assert/strict';
import { findings } from './harness/axe.mjs';
import { everyDay, offer } from './harness/bookable.mjs';
import { api, joinPractice } from './harness/colleague.mjs';
import { Mailbox } from './harness/mailbox.mjs';
import { inParis, tuesday } from './harness/paris.mjs';
import { picture } from './harness/picture.mjs';
import { scenario } from './harness/scenario.mjs';
import { desktop, phone } from './harness/stage.mjs';
import { noDialog, signIn, wordsOf } from './harness/steps.mjs';

const clean = async (tab, where) => assert.deepEqual(await findings(tab), [], where);

const date = tuesday();
const MAIL = 'jeanne.martin@example.org';

let mailbox;
const withMail = async () => {
  mailbox = await Mailbox.open();
  return mailbox.environ();
};

/** A service that needs a yes, given by who is signed in, and hours on every day. */
const open = tab =>
  offer(
    tab,
    {
      label: { fr: 'Suivi', en: 'Follow-up' },
      horizon_days: 90,
      modalities: ['in-person'],
      approval: true,
    },
    { weekly: everyDay('09:00', '18:00') },
  );

/** Somebody asks to be called back, on the public page. */
async function ask(stage, service, name, mail) {
  const patient = await stage.tab(name, { context: phone, language: 'fr-FR' });
  await patient.goto(`${stage.program.base}/book/ask?service=${service}`);
  await patient.fill('Prénom et nom', name);
  await patient.fill('Jour', '9');
  await patient.fill('Mois', '3');
  await patient.fill('Année', '1948');
  await patient.page.locator('#phone').fill('01 99 00 12 34');
  await patient.page.locator('#mail').fill(mail);
  await patient.page.waitForFunction(at => performance.now() > at, 3500); // as long as people take
  await patient.page.locator('form:has(#mail) button[type=submit], form:has(#mail) button:not([type])').last().click();
  const [, code] = await mailbox.find(mail, /rendez-vous : (\d{6})/);
  await patient.page.locator('#code').fill(code);
  await patient.page.locator('main form button[type=submit], main form button:not([type])').first().click();
  await patient.page.waitForURL('**/book/booked/**');
}

scenario(
  'a request is answered with a time, the number in the navigation goes; a file is looked at, taken over once and counted',
  async stage => {
    stage.atEnd(() => mailbox.close());
    const { program } = stage;
    const doctor = await stage.tab('doctor', { context: { ...desktop, reducedMotion: 'reduce' }, language: 'fr-FR' });
    await signIn(doctor, program);
    const t = await wordsOf(doctor);
    const service = await open(doctor);
    program.keepSecret('Jeanne Martin', MAIL, '+33199001234', 'Paul Petit', 'Ahmed Benali');

    // A patient asks to be called back, on the public page.
    await ask(stage, service, 'Jeanne Martin', MAIL);

    // It stands in the navigation, and is answered with a time.
    await doctor.goto(`${program.base}/desk/agenda/requests`);
    await doctor.sees(t.requests.callBack);
    await doctor.until(
      'one request in the navigation',
      () => document.querySelector('.desk-nav .badge')?.firstChild.textContent === '1',
    );
    await clean(doctor, 'a request');
    await picture(doctor, 'requests');
    await doctor.press(t.requests.offer);
    await doctor.page.locator('.offer .times button').first().waitFor();
    await clean(doctor, 'times for a request');
    await picture(doctor, 'requests-offer');
    await doctor.page.locator('.offer .times button').nth(3).click();
    await doctor.sees(t.requests.none);
    await doctor.until('no number in the navigation', () => document.querySelector('.desk-nav .badge') === null);
    await mailbox.find(MAIL, /votre rendez-vous[\s\S]*est pris/);

    // Appointments of other software.
    await doctor.press(t.requests.tabs.import);
    const table = [
      'Date;Heure;Nom;Prénom;DDN;Motif;Salle',
      `${date};09:00;Martin;Jeanne;09/03/1948;Suivi;1`,
      `${date};09:10;Petit;Paul;;Suivi;1`,
      `${date};demain;Benali;Ahmed;;Suivi;1`,
    ].join('\n');
    const taken = doctor.page.waitForEvent('download');
    await doctor.press(t.requests.import.outDo);
    assert.equal((await taken).suggestedFilename(), 'agenda.zip');
    await doctor.page.locator('input[type=file]').setInputFiles({
      name: 'book.json',
      mimeType: 'application/json',
      buffer: Buffer.from('{"colloque_book":1,"services":[],"rooms":[]}'),
    });
    await doctor.press(t.requests.import.rulesDo);
    await doctor.sees(t.requests.import.rulesNoHours);
    doctor.allow(/status of 400/); // a spreadsheet is no table
    await doctor.page.locator('input[type=file]').setInputFiles({
      name: 'rendez-vous.xlsx',
      mimeType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
      buffer: Buffer.from('PK\x03\x04\x14\x00[Content_Types].xml xl/workbook.xml', 'latin1'),
    });
    await doctor.sees(t.requests.import.spreadsheet);
    await doctor.page.locator('input[type=file]').setInputFiles({
      name: 'rendez-vous.csv',
      mimeType: 'text/csv',
      buffer: Buffer.from(table),
    });
    await doctor.sees(t.requests.import.would(1));
    await doctor.sees(t.requests.import.reasons.taken);
    await doctor.sees(t.requests.import.reasons.time);
    await clean(doctor, 'a file that was looked at');
    await picture(doctor, 'requests-looked');
    await doctor.press(t.requests.import.do(1));
    await doctor.sees(t.requests.import.done(1));
    await doctor.page.locator('input[type=file]').setInputFiles({
      name: 'agenda.ics',
      mimeType: 'text/calendar',
      buffer: Buffer.from(
        [
          'BEGIN:VCALENDAR',
          'VERSION:2.0',
          'PRODID:-//Other//EN',
          'BEGIN:VEVENT',
          'UID:from-elsewhere',
          'DTSTAMP:20260101T000000Z',
          `DTSTART;TZID=Europe/Paris:${date.replaceAll('-', '')}T140000`,
          'DURATION:PT20M',
          'SUMMARY:Suivi',
          'ATTENDEE;CN=Paul Petit:mailto:paul@example.org',
          'END:VEVENT',
          'END:VCALENDAR',
          '',
        ].join('\r\n'),
      ),
    });
    await doctor.sees(t.requests.import.would(1));
    await doctor.press(t.requests.import.do(1));
    await doctor.sees(t.requests.import.done(1));

    // They count, in their month.
    await doctor.press(t.requests.tabs.figures);
    await doctor.page.getByLabel(t.requests.figures.to).fill(date.slice(0, 7));
    await doctor.sees(t.requests.figures.total);
    await doctor.until(
      'three appointments to come',
      name => {
        const cells = [...document.querySelectorAll('.figures-table tbody tr:last-child td')].map(
          one => one.textContent,
        );
        return cells.length > 0 && cells[1] === '3' && name !== '';
      },
      'x',
    );
    await clean(doctor, 'figures');
    await picture(doctor, 'requests-figures');
    const saved = doctor.page.waitForEvent('download');
    await doctor.press(t.requests.figures.download);
    assert.match((await saved).suggestedFilename(), /^rendez-vous-.*\.csv$/);

    for (const screen of ['waiting', 'unsaid']) {
      await doctor.press(t.requests.tabs[screen]);
      await doctor.sees(t.requests[screen].none);
      await clean(doctor, screen);
    }
    await noDialog(doctor);
  },
  { environ: withMail },
);

scenario(
  'a secretary on the telephone puts somebody on the wait list, seen by the practitioner at once, and offered a time of a day that suits; a request is given a time that somebody has',
  async stage => {
    stage.atEnd(() => mailbox.close());
    const { program } = stage;
    const doctor = await stage.tab('doctor', { context: { ...desktop, reducedMotion: 'reduce' }, language: 'fr-FR' });
    await signIn(doctor, program);
    const secretary = await stage.tab('secretary', {
      context: { ...desktop, reducedMotion: 'reduce' },
      language: 'fr-FR',
    });
    await joinPractice(doctor, secretary, program, 'Nadia Benali', { role: 'secretary', mail: 'nadia@example.org' });
    secretary.allow(/status of 409/);
    const { id } = (await api(secretary, 'GET', '/me')).body;
    assert.equal((await api(doctor, 'PUT', '/me/delegates', { delegates: [id] })).status, 200);
    const service = await open(doctor);
    const { body: me } = await api(doctor, 'GET', '/me');
    const t = await wordsOf(doctor);
    program.keepSecret('Jeanne Martin', MAIL, 'Paul Petit', 'Ahmed Benali', 'Chute ce matin');
    const wish = (name, time) => ({
      service,
      practitioner: me.id,
      start: inParis(date, time).toISOString(),
      person: { name },
      tell: false,
    });
    const had = await api(doctor, 'POST', '/appointments', wish('Ahmed Benali', '15:00'));
    assert.equal(had.status, 201, JSON.stringify(had.body));

    await doctor.goto(`${program.base}/desk/agenda/requests/waiting`);
    await doctor.sees(t.requests.waiting.none);
    await secretary.goto(`${program.base}/desk/agenda/requests/waiting`);
    await secretary.press(t.requests.waiting.add);
    await secretary.sees(t.requests.waiting.addHint);
    await clean(secretary, 'the wait list form');
    await secretary.pressInDialog(t.requests.waiting.addButton);
    await secretary.sees(t.patients.person.nameMissing);
    await secretary.page.getByRole('combobox', { name: t.patients.person.name, exact: true }).fill('Jeanne Martin');
    await secretary.pressInDialog(t.requests.waiting.addButton);
    await secretary.sees(t.patients.person.contactWrong);
    await secretary.fill(t.patients.person.contact, MAIL);
    await secretary.page.getByLabel(t.requests.waiting.anyDay, { exact: true }).uncheck();
    await secretary.pressInDialog(t.requests.waiting.addButton);
    await secretary.sees(t.requests.waiting.halfDaysMissing);
    await secretary.page.getByLabel(`mardi ${t.requests.waiting.half.afternoon}`, { exact: true }).check();
    await secretary.page.getByLabel(`jeudi ${t.requests.waiting.half.morning}`, { exact: true }).check();
    await secretary.page.getByLabel(`jeudi ${t.requests.waiting.half.afternoon}`, { exact: true }).check();
    await clean(secretary, 'the wait list form with half days');
    await picture(secretary, 'wait-form');
    await secretary.pressInDialog(t.requests.waiting.addButton);
    await secretary.sees('mardi après-midi, jeudi');
    await noDialog(secretary);
    await doctor.sees('Jeanne Martin'); // by itself
    await clean(doctor, 'the wait list');
    await picture(doctor, 'wait-list');

    // The Tuesday's afternoon becomes free.
    assert.equal(
      (await api(doctor, 'POST', `/appointments/${had.body.appointment.id}/cancel`, { tell: false })).status,
      200,
    );
    await doctor.seesNot(t.requests.waiting.noOffer);
    const [, offer] = await mailbox.find(MAIL, /\/o\/(\S+)/);
    program.keepSecret(offer);

    // Somebody asks to be called back: they get a time that another has, with a reason.
    const asked = await api(doctor, 'POST', '/appointments', wish('Ahmed Benali', '10:00'));
    assert.equal(asked.status, 201, JSON.stringify(asked.body));
    await ask(stage, service, 'Paul Petit', 'paul.petit@example.org');
    await secretary.goto(`${program.base}/desk/agenda/requests`);
    await secretary.press(t.requests.offer);
    await secretary.page.getByText(t.requests.other, { exact: true }).click();
    await secretary.page.getByLabel(t.agenda.date, { exact: true }).fill(date);
    await secretary.fill(t.agenda.time, '10:10');
    await secretary.pressInDialog(t.requests.otherGive);
    await secretary.sees(t.agenda.takenNext);
    await secretary.page.getByLabel(t.agenda.overbook, { exact: true }).check();
    await secretary.pressInDialog(t.requests.otherGive);
    await secretary.sees(t.agenda.overbookMissing);
    await clean(secretary, 'a time over another');
    await picture(secretary, 'requests-over');
    await secretary.fill(t.agenda.overbookReason, 'Chute ce matin');
    await secretary.pressInDialog(t.requests.otherGive);
    await secretary.sees(t.requests.none);
    await mailbox.find('paul.petit@example.org', /votre rendez-vous[\s\S]*est pris/);

    // Another one is refused, and told.
    await ask(stage, service, 'Rose Roux', 'rose.roux@example.org');
    program.keepSecret('Rose Roux', 'rose.roux@example.org');
    await secretary.goto(`${program.base}/desk/agenda/requests`);
    await secretary.press(t.requests.refuse);
    await secretary.sees(t.requests.refuseHow);
    await clean(secretary, 'a refusal');
    await picture(secretary, 'requests-refuse');
    await secretary.pressInDialog(t.requests.refuse);
    await secretary.sees(t.requests.refused('Rose Roux'));
    await secretary.sees(t.requests.none);
    await mailbox.find('rose.roux@example.org', /rendez-vous/);

    await secretary.goto(`${program.base}/desk/agenda/day/${date}`);
    await secretary.sees('Paul Petit');
    await secretary.sees(t.agenda.overbooked);
    await picture(secretary, 'requests-over-grid');
  },
  { environ: withMail },
);
