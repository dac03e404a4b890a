import assert from 'node:assert/strict';
import { countersOf, flows } from './harness/media.mjs';
import { scenario } from './harness/scenario.mjs';
import { admit, checkDevices, oneOffer, signIn, startConsultation } from './harness/steps.mjs';

const PATIENT = 'Jeanne Martin';

for (const [where, recorder, path] of [
  ['directly', {}, undefined],
  ['through the relay alone', { relayOnly: true }, 'relay'],
]) {
  scenario(`a patient with Firefox and a practitioner with Chromium see and hear each other, ${where}`, async stage => {
    const { program } = stage;
    const doctor = await stage.tab('doctor');
    await signIn(doctor, program);
    const link = await startConsultation(doctor, program, PATIENT);
    const patient = await stage.firefox('patient', { recorder: { ...recorder, asks: true } });
    await checkDevices(patient, link, { meter: false });
    await admit(doctor, PATIENT);
    await Promise.all([flows(doctor), flows(patient)]);
    if (path !== undefined) {
      assert.deepEqual([...new Set((await countersOf(patient)).pairs)], [path]);
    }
    await oneOffer(patient);
    await oneOffer(doctor);
  });
}
