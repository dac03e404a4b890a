import assert from 'node:assert/strict';
import { countersOf, flows } from './harness/media.mjs';
import { scenario } from './harness/scenario.mjs';
import { phone } from './harness/stage.mjs';
import { admit, linesWith, live, noDialog, oneOffer, signIn, wordsOf, write } from './harness/steps.mjs';
import { until } from './harness/until.mjs';

const PATIENT = 'Jeanne Martin';

/** The tracks that a tab's open connections send. */
const sending = tab =>
  tab.evaluate(() =>
    window.record.connections
      .filter(one => one.connectionState !== 'closed')
      .flatMap(one => one.getSenders())
      .filter(one => one.track !== null)
      .map(one => one.track.kind),
  );

async function call(stage) {
  const doctor = await stage.tab('doctor');
  await signIn(doctor, stage.program);
  const patient = await stage.tab('patient', { context: phone });
  const link = await live(doctor, patient, stage.program, PATIENT);
  return { doctor, patient, link, t: await wordsOf(doctor) };
}

scenario('microphone and camera that are switched off are seen by the other side, and come back', async stage => {
  const { doctor, patient, t } = await call(stage);
  await patient.press(t.call.microphone);
  await doctor.sees(t.call.muted);
  const muted = await countersOf(doctor);
  await patient.press(t.call.microphone);
  await doctor.seesNot(t.call.muted);
  assert.ok(Object.keys(muted.voices).length > 0);
  await flows(doctor);

  await patient.press(t.call.camera);
  await doctor.sees(t.call.cameraOff);
  await doctor.until('shows no picture', () => document.querySelector('.stage .people video') === null);
  await patient.press(t.call.camera);
  await doctor.seesNot(t.call.cameraOff);
  await flows(doctor);
  await oneOffer(doctor);
  await oneOffer(patient);
});

scenario(
  'messages go both ways, are counted while unread, and a patient who leaves comes back to them',
  async stage => {
    const { program } = stage;
    const { doctor, patient, t } = await call(stage);
    await doctor.press(t.call.message);
    await write(doctor, program, 'How much do you take?');
    const unread = patient.control(t.call.messageUnread(1), { exact: false });
    await unread.click();
    await patient.sees('How much do you take?');
    await unread.waitFor({ state: 'detached' });
    await write(patient, program, 'Two a day.');
    await doctor.sees('Two a day.');
    assert.equal((await linesWith(doctor, 'Two a day.')).length, 1);
    await patient.press(t.common.close);

    await patient.press(t.call.leave);
    await patient.pressInDialog(t.call.leaveYes);
    await patient.sees(t.ended.left);
    await doctor.sees(t.call.alonePractitioner);
    await patient.press(t.ended.comeBack);
    await Promise.all([flows(doctor), flows(patient)]);
    await patient.press(t.call.message, { exact: false });
    assert.equal((await linesWith(patient, 'How much do you take?')).length, 1);
    assert.equal((await linesWith(patient, 'Two a day.')).length, 1);
  },
);

scenario('a patient who is sent back waits, sends nothing, and is admitted again', async stage => {
  const { doctor, patient, t } = await call(stage);
  await doctor.press(t.call.sendBack);
  await doctor.pressInDialog(t.call.sendBackYes);
  await patient.sees(t.waiting.heading);
  await until('nothing leaves the patient’s device', async () => (await sending(patient)).length === 0);
  await doctor.sees(t.desk.sentBack(PATIENT));
  await noDialog(doctor);
  await admit(doctor, PATIENT);
  await Promise.all([flows(doctor), flows(patient)]);
});

scenario('the practitioner ends: both read that it is over, nothing is sent, the link is gone', async stage => {
  const { doctor, patient, link, t } = await call(stage);
  await doctor.press(t.call.end);
  await doctor.pressInDialog(t.call.endYes);
  await doctor.sees(t.desk.callEnded.ended);
  await patient.sees(t.ended.ended);
  for (const tab of [doctor, patient]) {
    assert.deepEqual((await countersOf(tab)).states, [], `${tab.name}: open connections`);
    assert.deepEqual(await sending(tab), []);
  }
  patient.allow(/status of 404/);
  const answer = await patient.goto(link);
  assert.equal(answer.status(), 404);
  await patient.sees(t.linkGone.heading);
});
