import assert from 'node:assert/strict';
import { flows } from './harness/media.mjs';
import { scenario } from './harness/scenario.mjs';
import { phone } from './harness/stage.mjs';
import {
  admit,
  DOCTOR,
  enterWaitingRoom,
  messagesOf,
  signIn,
  startConsultation,
  wordsOf,
  write,
} from './harness/steps.mjs';
import { until } from './harness/until.mjs';

const PATIENT = 'Jeanne Martin';
const PLACE = '12 rue des Lilas, Grenoble';
const NOTE = 'Toux depuis trois semaines.';
const wide = { viewport: { width: 1600, height: 900 } };

/** Everything that a tab's page was sent since it was loaded, and what stands on it. */
const held = async tab =>
  [
    await tab.evaluate(() => document.documentElement.outerHTML),
    ...(await messagesOf(tab, 'received')).map(message => JSON.stringify(message)),
  ].join('\n');

scenario(
  'the patient says where they are; the practitioner verifies who they are, writes notes that stay with them, and goes on by phone',
  async stage => {
    const { program } = stage;
    program.keepSecret(PLACE, NOTE, '639980010');
    const doctor = await stage.tab('doctor', { context: wide });
    await signIn(doctor, program);
    const link = await startConsultation(doctor, program, PATIENT);
    const patient = await stage.tab('patient', { context: phone });
    await enterWaitingRoom(patient, link);
    const t = await wordsOf(patient);
    await patient.fill(t.where.place, PLACE);
    await patient.fill(t.where.callBack, '12');
    await patient.press(t.where.save);
    await patient.sees(t.where.wrongPhone);
    await patient.fill(t.where.callBack, '06 39 98 00 10');
    await patient.press(t.where.save);
    await patient.sees(t.where.kept);
    await patient.reload(); // what was said is still there
    await patient.sees(PLACE);

    await admit(doctor, PATIENT);
    await Promise.all([flows(doctor), flows(patient)]);
    await doctor.sees(PLACE);
    await doctor.sees(t.visit.emergency('15'));
    await doctor.page.getByLabel(t.visit.identity, { exact: true }).selectOption('document');
    await doctor.until(
      'reads who verified it',
      who => document.querySelector('.identity')?.innerText.includes(who),
      DOCTOR,
    );

    await doctor.press(t.visit.correctOf(PATIENT));
    await doctor.fill(t.visit.birthDate, '1957-03-09');
    await doctor.pressInDialog(t.common.save);
    await doctor.until('reads the age', () => /09\/03\/1957/.test(document.querySelector('.identity')?.innerText));
    assert.equal(await doctor.page.getByLabel(t.visit.identity, { exact: true }).inputValue(), '', 'verified anew');

    await doctor.fill(t.note.label, NOTE);
    await doctor.sees(t.note.kept);
    await doctor.reload();
    await flows(doctor);
    await doctor.until(
      'finds the note again',
      text => document.querySelector('.private-note textarea')?.value === text,
      NOTE,
    );

    await doctor.press(t.visit.toPhone);
    const dial = doctor.control(t.visit.dial('06 39 98 00 10'), { exact: false }).first();
    await until('the number can be dialled', async () => (await dial.getAttribute('href')) === 'tel:+33639980010');
    await patient.until(
      'is told who calls, and where',
      who => document.querySelector('.phone-notice')?.innerText.includes(who),
      DOCTOR,
    );
    await doctor.press(t.visit.toVideo);
    await patient.until('is told that it is over', () => document.querySelector('.phone-notice') === null);

    const theirs = await held(patient);
    assert.ok(theirs.includes(PATIENT) || theirs.includes(DOCTOR), 'the probe finds what is there');
    for (const secret of [NOTE, '1957-03-09', 'verified']) {
      assert.ok(!theirs.includes(secret), `the patient holds ${secret}`);
    }

    await doctor.page.getByRole('tab', { name: t.chat.heading }).click();
    await write(doctor, program, 'Bonne guérison.');
    await patient.until('gets the message', () => document.querySelector('.peek')?.innerText.includes('Bonne'));
    await doctor.press(t.call.end);
    await doctor.pressInDialog(t.call.endYes);
    // No document was sent: the messages alone stay, for the patient with the same link and a code.
    const p = await wordsOf(patient);
    await patient.sees(p.documents.keptHeading);
    const code = (await patient.text()).match(/(\d{3})\s(\d{3})/);
    assert.ok(code, 'the code is shown');
    program.keepSecret(code[0], code[1] + code[2]);
    await patient.screenshot('e2e/results/visit-ended.png').catch(() => undefined);
    const later = await stage.tab('later', { context: phone });
    await later.goto(link);
    await later.sees(p.documents.keptMessages('').split(':')[0]);
    await later.screenshot('e2e/results/visit-later.png').catch(() => undefined);
    await later.fill(p.documents.code, `${code[1]} ${code[2]}`);
    await later.press(p.documents.unlock);
    await later.sees('Bonne guérison.');

    await doctor.press(t.keptChat.openOf(PATIENT));
    await doctor.sees('Bonne guérison.');
  },
);

scenario('an interpreter is asked for from the call; two are asked, one accepts by link and comes', async stage => {
  const { program } = stage;
  const doctor = await stage.tab('doctor', { context: wide });
  await signIn(doctor, program);
  const t = await wordsOf(doctor);
  await doctor.goto(`${program.base}/desk/settings/interpreters`);
  for (const name of ['ISM', 'Signes']) {
    await doctor.press(t.organisations.add);
    await doctor.fill(t.organisations.name, name);
    await doctor.page.getByLabel(t.interpreters.signs.fsl, { exact: true }).check();
    await doctor.press(t.common.save);
    await doctor.sees(name);
  }
  await doctor.goto(`${program.base}/desk`);
  const patient = await stage.tab('patient', { context: phone });
  const link = await startConsultation(doctor, program, PATIENT);
  await enterWaitingRoom(patient, link);
  await admit(doctor, PATIENT);
  await Promise.all([flows(doctor), flows(patient)]);
  await doctor.page.getByRole('tab', { name: t.call.interpreters }).click();
  const links = [];
  for (const name of ['ISM', 'Signes']) {
    await doctor.page.getByLabel(t.interpreters.who, { exact: true }).selectOption({ label: name });
    await doctor.page.getByLabel(t.interpreters.into, { exact: true }).selectOption('fsl');
    await doctor.press(t.interpreters.ask);
    await until('there is a link to hand over', async () => {
      const shown = await doctor.page.getByLabel(t.interpreters.link, { exact: true }).inputValue();
      return !links.includes(shown) && shown !== '' && links.push(shown);
    });
    program.keepSecret(links.at(-1).split('/').at(-1));
  }
  const first = await stage.tab('first', { context: phone });
  const second = await stage.tab('second', { context: phone });
  second.allow(/status of 409/);
  for (const [tab, at] of [
    [first, links[0]],
    [second, links[1]],
  ]) {
    await tab.goto(at);
    await tab.sees(t.interpreter.heading);
    assert.ok(!(await tab.text()).includes('Jeanne'), 'the request says nothing of the patient');
  }
  await first.fill(t.interpreter.name, 'Ana Lopes');
  await first.press(t.interpreter.accept);
  await first.sees(t.interpreter.accepted);
  // The other languages of the page that answers are pages too, and lead back.
  await first.press('Français');
  const french = await wordsOf(first);
  await first.sees(french.interpreter.accepted);
  await first.press('English');
  await first.press(t.interpreter.showLink);
  await second.press(t.interpreter.accept);
  await second.sees(t.interpreter.taken);
  await doctor.sees(t.interpreters.states.accepted);
  await doctor.sees(t.interpreters.states.taken);
  const join = await first.control(t.interpreter.join).first().getAttribute('href');
  program.keepSecret(join.split('/').at(-1));
  await enterWaitingRoom(first, join);
  await doctor.page.locator('.waits').click();
  await admit(doctor, 'Ana Lopes');
  await flows(first);
  await patient.sees(t.common.roles.interpreter); // what somebody is, is shown to everybody
});

scenario(
  'before a planned consultation, a carer is invited and an interpreter asked for from its own screen',
  async stage => {
    const { program } = stage;
    const doctor = await stage.tab('doctor', { context: wide });
    await signIn(doctor, program);
    const t = await wordsOf(doctor);
    program.keepSecret(PATIENT, 'Paul Martin');
    const { id, date } = await doctor.evaluate(async name => {
      const post = async (path, body) => {
        const answer = await fetch(`/api/v1${path}`, {
          method: 'POST',
          headers: { 'Content-Type': 'application/json' },
          body: JSON.stringify(body),
        });
        return answer.json();
      };
      await post('/organisations', { name: 'ISM', languages: ['fsl'] });
      const at = new Date(Date.now() + 2 * 86_400_000);
      at.setHours(10, 0, 0, 0);
      const made = await post('/consultations', {
        patient_name: name,
        scheduled_at: at.toISOString(),
        duration_minutes: 20,
      });
      return { id: made.id, date: new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Paris' }).format(at) };
    }, PATIENT);
    await doctor.goto(`${program.base}/desk/${date}`);
    await doctor.press(t.visitPage.openOf(PATIENT));
    await doctor.page.waitForURL(`**/desk/visits/${id}`);
    await doctor.press(t.call.inviteHeading);
    await doctor.fill(t.call.inviteName, 'Paul Martin');
    await doctor.pressInDialog(t.call.inviteMake);
    await doctor.sees(t.call.inviteReady);
    const carer = await doctor.page.locator('dialog[open]').getByLabel(t.desk.linkLabel, { exact: true }).inputValue();
    program.keepSecret(carer.split('/').at(-1));
    await doctor.pressInDialog(t.common.close);
    await doctor.sees('Paul Martin');
    await doctor.sees(t.call.guests.carer);
    await doctor.page.getByLabel(t.interpreters.into, { exact: true }).selectOption('fsl');
    await doctor.press(t.interpreters.ask);
    await doctor.sees(t.interpreters.states.asked);
    const answer = await doctor.page.getByLabel(t.interpreters.link, { exact: true }).inputValue();
    program.keepSecret(answer.split('/').at(-1));
    await doctor.screenshot('e2e/results/visit-planned.png').catch(() => undefined);
    await doctor.press(t.visitPage.back);
    await doctor.sees(t.visitPage.interpreter.asked);
    await doctor.sees('Paul Martin');

    const interpreter = await stage.tab('interpreter', { context: phone });
    await interpreter.goto(answer);
    await interpreter.press(t.interpreter.accept);
    await interpreter.sees(t.interpreter.accepted);
    await doctor.press(t.visitPage.openOf(PATIENT));
    await doctor.sees(t.interpreters.states.accepted);
    await doctor.press(t.visitPage.back);
    await doctor.sees(t.visitPage.interpreter.accepted);
    await doctor.screenshot('e2e/results/visit-day.png').catch(() => undefined);
  },
);
