import { flows } from './harness/media.mjs';
import { scenario } from './harness/scenario.mjs';
import { phone } from './harness/stage.mjs';
import { admit, signIn, startConsultation, wordsOf } from './harness/steps.mjs';

const PATIENT = 'Jeanne Martin';

for (const { what, kind, camera, microphone, seen } of [
  {
    what: 'camera and microphone refused',
    kind: 'refusing',
    camera: t => t.check.refused.camera,
    microphone: t => t.check.refused.microphone,
    seen: t => [t.desk.deviceCamera.refused, t.desk.deviceMicrophone.refused],
  },
  {
    what: 'neither camera nor microphone',
    kind: 'bare',
    camera: t => t.check.camera.missing,
    microphone: t => t.check.microphone.missing,
    seen: t => [t.desk.deviceCamera.missing, t.desk.deviceMicrophone.missing],
  },
]) {
  scenario(`a patient with ${what} is told so, is not stopped, and sees and hears the practitioner`, async stage => {
    const { program } = stage;
    const doctor = await stage.tab('doctor');
    await signIn(doctor, program);
    const link = await startConsultation(doctor, program, PATIENT);
    const patient = await stage.tab('patient', { kind, context: phone, recorder: { asks: true } });
    await patient.goto(link);
    const t = await wordsOf(patient);
    await patient.press(t.entry.enter);
    await patient.press(t.check.camera.open);
    await patient.sees(camera(t));
    await patient.press(t.check.camera.without);
    await patient.press(t.check.microphone.open);
    await patient.sees(microphone(t));
    await patient.sees(t.check.refused.without);
    await patient.press(t.check.microphone.without);
    await patient.press(t.check.sound.play);
    await patient.press(t.check.sound.yes);
    await patient.sees(t.waiting.heading);
    for (const words of seen(t)) {
      await doctor.sees(words);
    }
    await admit(doctor, PATIENT);
    await flows(patient);
    await doctor.sees(t.call.noCamera);
    await doctor.sees(t.call.noMicrophone);
  });
}
