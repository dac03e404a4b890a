import assert from 'node:assert/strict';
import { api, joinPractice } from './harness/colleague.mjs';
import { flows } from './harness/media.mjs';
import { scenario } from './harness/scenario.mjs';
import { phone } from './harness/stage.mjs';
import { admit, DOCTOR, enterWaitingRoom, messagesOf, signIn, startConsultation, wordsOf } from './harness/steps.mjs';

const FIRST = 'Jeanne Martin';
const SECOND = 'Paul Durand';
const COLLEAGUE = 'Dr Nadia Benali';

/** A practitioner at the desk and a patient in the waiting room. */
async function waiting(stage, name = FIRST) {
  const doctor = await stage.tab('doctor');
  await signIn(doctor, stage.program);
  const link = await startConsultation(doctor, stage.program, name);
  const patient = await stage.tab('patient', { context: phone });
  await enterWaitingRoom(patient, link);
  return { doctor, patient, link, t: await wordsOf(doctor), p: await wordsOf(patient) };
}

scenario('who waits is told how late it is, and what the practitioner says to them', async stage => {
  const { doctor, patient, t, p } = await waiting(stage);
  await doctor.press(t.desk.lateMinutes(10));
  await patient.sees(p.waiting.late(10));
  await doctor.press(t.strip.messageTo(FIRST));
  const text = 'I am on the phone with the hospital.';
  stage.program.keepSecret(text);
  await doctor.fill(t.strip.messageLabel, text);
  await doctor.pressInDialog(t.strip.send);
  await doctor.sees(t.strip.toldShown);
  await doctor.pressInDialog(t.common.close);
  await patient.sees(text);
  await doctor.sees(t.strip.lastMessage(text));
  await doctor.press(t.desk.onTime);
  await patient.sees(p.waiting.onTime);
});

scenario('a patient is passed on to a colleague, taken back, passed on again and seen', async stage => {
  const { doctor, patient, t, p } = await waiting(stage);
  const colleague = await stage.tab('colleague');
  await joinPractice(doctor, colleague, stage.program, COLLEAGUE);
  const c = await wordsOf(colleague);
  await colleague.sees(c.desk.nobody);
  await colleague.page.mouse.click(5, 5); // the gesture that browsers want before a page may ring
  const tones = () => colleague.evaluate(() => window.record.tones);
  const before = await tones();
  const pass = async () => {
    await doctor.press(t.strip.passLabel(FIRST));
    await doctor.page.locator('dialog[open]').getByRole('button', { name: COLLEAGUE }).click();
    await doctor.sees(t.strip.passed(FIRST, COLLEAGUE));
    await patient.sees(p.waiting.passed(COLLEAGUE));
    await colleague.sees(FIRST);
  };
  await pass();
  assert.ok((await tones()) > before, "the colleague's desk rings");
  await doctor.press(t.strip.undo);
  await doctor.sees(t.desk.admit);
  await colleague.sees(c.desk.nobody);

  await pass();
  await colleague.sees(c.strip.passedBy(DOCTOR));
  await admit(colleague, FIRST);
  await Promise.all([flows(colleague), flows(patient)]);
  doctor.allow(/status of 409/);
  await doctor.press(t.strip.undo);
  await doctor.sees(t.strip.undoTooLate);

  // And from within the call: the patient waits for who gets it, who passes it on is out.
  await colleague.press(c.call.end);
  await colleague.press(c.strip.passFromCall);
  await colleague.page.locator('dialog[open]').getByRole('button', { name: DOCTOR }).click();
  await colleague.sees(c.strip.passed(FIRST, DOCTOR));
  await patient.sees(p.waiting.passed(DOCTOR));
  await admit(doctor, FIRST);
  await Promise.all([flows(doctor), flows(patient)]);
});

scenario('a second device asks the first: it stays, and then it hands over', async stage => {
  const { doctor, patient, link, t, p } = await waiting(stage);
  const second = await stage.tab('second', { context: phone });
  const comeIn = async () => {
    await second.goto(link);
    await second.press(p.entry.enter);
    await second.press(p.check.skipAll);
    await second.sees(p.waiting.elsewhere);
  };
  await comeIn();
  await patient.sees(p.waiting.knock);
  await doctor.sees(t.strip.twoDevices);
  await patient.pressInDialog(p.waiting.knockNo);
  await second.sees(p.ended.elsewhere);
  await doctor.seesNot(t.strip.twoDevices);

  await second.press(p.ended.retry);
  await patient.sees(p.waiting.knock);
  await patient.pressInDialog(p.waiting.knockYes);
  await patient.sees(p.ended.replaced);
  await second.sees(p.waiting.heading);
  await admit(doctor, FIRST);
  await Promise.all([flows(doctor), flows(second)]);
});

scenario('a reload asks nobody, and neither does a device whose first one is gone', async stage => {
  const { doctor, patient, link, t, p } = await waiting(stage);
  await patient.reload();
  await patient.sees(p.waiting.heading);
  assert.equal((await messagesOf(patient, 'received', 'knocking')).length, 0);
  assert.equal((await messagesOf(patient, 'received', 'knock')).length, 0);
  await patient.goto('about:blank');
  await doctor.sees(t.desk.presence.lost);
  const second = await stage.tab('second', { context: phone });
  await enterWaitingRoom(second, link);
  assert.equal((await messagesOf(second, 'received', 'knocking')).length, 0);
});

scenario('a device is tested days before, and the practitioner sees the result', async stage => {
  const { program } = stage;
  const doctor = await stage.tab('doctor');
  await signIn(doctor, program);
  const at = new Date(Date.now() + 3 * 86_400_000);
  const started = await api(doctor, 'POST', '/consultations', {
    patient_name: FIRST,
    scheduled_at: at.toISOString(),
    duration_minutes: 20,
    time_zone: 'Europe/Paris',
  });
  assert.equal(started.status, 201, JSON.stringify(started.body));
  const link = started.body.link;
  program.keepSecret(FIRST, link.split('/').at(-1));
  const patient = await stage.tab('patient', { context: phone, recorder: { asks: true } });
  await patient.goto(link);
  const p = await wordsOf(patient);
  await patient.sees(p.entry.opens);
  const day = new Intl.DateTimeFormat('en-GB', {
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    timeZone: 'Europe/Paris',
  });
  await patient.sees(day.format(at));
  await patient.sees('Central European');
  await patient.seesNot(p.entry.enter);
  await patient.press(p.entry.test);
  await patient.press(p.check.camera.open);
  await patient.press(p.check.camera.yes);
  await patient.press(p.check.microphone.open);
  await patient.press(p.common.continue);
  await patient.press(p.check.sound.play);
  await patient.press(p.check.sound.yes);
  await patient.sees(p.check.done.sent(DOCTOR));
  await patient.seesNot(p.check.done.enter);
  await patient.press(p.check.done.back);
  await patient.sees(p.entry.opens);

  const seen = await api(doctor, 'GET', `/consultations/${started.body.id}`);
  assert.deepEqual(seen.body.participants[1].devices, { camera: 'ok', microphone: 'ok', sound: 'heard' });
  const paris = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Paris' }).format(at);
  await doctor.goto(`${program.base}/desk/${paris}`);
  const t = await wordsOf(doctor);
  await doctor.sees(FIRST);
  await doctor.sees(t.today.testedFine);
});

scenario('the next one is let in from within a call: the page asks what becomes of the one under way', async stage => {
  const { doctor, patient, t, p } = await waiting(stage);
  const link = await startConsultation(doctor, stage.program, SECOND);
  await admit(doctor, FIRST);
  await Promise.all([flows(doctor), flows(patient)]);
  const next = await stage.tab('next', { context: phone });
  await enterWaitingRoom(next, link);
  await doctor.page.locator('button.waits').click();
  await doctor.press(t.strip.messageTo(SECOND));
  await doctor.fill(t.strip.messageLabel, 'Two minutes.');
  await doctor.pressInDialog(t.strip.send);
  await next.sees('Two minutes.');
  await doctor.pressInDialog(t.common.close);
  await admit(doctor, SECOND);
  await doctor.sees(t.strip.nextMore);
  await doctor.pressInDialog(t.strip.nextEnd);
  await patient.sees(p.ended.ended);
  await Promise.all([flows(doctor), flows(next)]);
});
