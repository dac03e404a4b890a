import assert from 'node:assert/strict';
import { countersOf, flows, painted } from './harness/media.mjs';
import { scenario } from './harness/scenario.mjs';
import { phone } from './harness/stage.mjs';
import { admit, checkDevices, oneOffer, signIn, startConsultation, wordsOf } from './harness/steps.mjs';

const PATIENT = 'Jeanne Martin';

scenario(
  'from the link to a call: device check, waiting room, admitted, sound and picture both ways, one offer a tab',
  async stage => {
    const { program } = stage;
    const doctor = await stage.tab('doctor');
    await signIn(doctor, program);
    const link = await startConsultation(doctor, program, PATIENT);

    const patient = await stage.tab('patient', { context: phone, recorder: { asks: true } });
    await checkDevices(patient, link);
    const t = await wordsOf(doctor);
    await doctor.sees(t.desk.deviceCamera.ok);
    await doctor.sees(t.desk.deviceMicrophone.ok);
    await doctor.sees(t.desk.deviceSound.heard);
    assert.deepEqual((await countersOf(patient)).videos, {}, 'nothing reaches the waiting room');

    await admit(doctor, PATIENT);
    await Promise.all([flows(doctor), flows(patient)]);
    await Promise.all([painted(doctor), painted(patient)]);
    for (const tab of [doctor, patient]) {
      const { ciphers, states, pairs } = await countersOf(tab);
      assert.deepEqual(ciphers, ['SRTP_AEAD_AES_128_GCM'], `${tab.name}: SRTP`);
      assert.deepEqual(states, ['connected']);
      assert.deepEqual([...new Set(pairs)], ['host'], `${tab.name}: the way without the relay`);
      await oneOffer(tab);
    }
  },
);
