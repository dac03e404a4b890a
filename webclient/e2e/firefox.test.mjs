import assert from 'node:assert/strict';
import { countersOf, flows } from './harness/media.mjs';
import { scenario } from './harness/scenario.mjs';
import { admit, checkDevices, oneOffer, signIn, startConsultation } from './harness/steps.mjs';

const PATIENT = 'Jeanne Martin';

for (const [where, recorder, path] of [
  ['directly', {}, 'host'],
  ['through the relay alone', { relayOnly: true }, 'relay'],
]) {
  scenario(`a patient with Firefox and a practitioner with Chromium see and hear each other, ${where}`, async stage => {
    const { program } = stage;
    const doctor = await stage.tab('doctor');
    await signIn(doctor, program);
    const link = await startConsultation(doctor, program, PATIENT);
    const patient = await stage.firefox('patient', { recorder: { ...recorder, asks: true } });
    if (path === 'relay') {
      patient.allow(/WebRTC: ICE failed/); // told no relay at first, it has no way at all
    }
    await checkDevices(patient, link, { meter: false });
    await admit(doctor, PATIENT);
    await Promise.all([flows(doctor), flows(patient)]);
    for (const tab of [doctor, patient]) {
      const { pairs } = await countersOf(tab);
      assert.deepEqual([...new Set(pairs)], [tab === patient ? path : 'host'], `${tab.name}: the path`);
    }
    await oneOffer(doctor);
    if (path === 'host') {
      await oneOffer(patient);
    }
  });
}
