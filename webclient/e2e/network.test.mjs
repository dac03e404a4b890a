import assert from 'node:assert/strict';
import { countersOf, flows, keepsMoving } from './harness/media.mjs';
import { scenario } from './harness/scenario.mjs';
import { phone } from './harness/stage.mjs';
import { linesWith, live, messagesOf, oneOffer, signIn, wordsOf, write } from './harness/steps.mjs';
import { until } from './harness/until.mjs';
import { Wire } from './harness/wire.mjs';

const PATIENT = 'Jeanne Martin';
const MESSAGE = 'I lost you for a moment';
/** Written when the program still hears it, and its answer is lost. */
const UNANSWERED = 'My left knee';

scenario('where only the relay gets through, both sides are seen and heard', async stage => {
  const { program } = stage;
  const relayOnly = { recorder: { relayOnly: true } };
  const doctor = await stage.tab('doctor', relayOnly);
  await signIn(doctor, program);
  const patient = await stage.tab('patient', { ...relayOnly, context: phone });
  await live(doctor, patient, program, PATIENT);
  for (const tab of [doctor, patient]) {
    assert.deepEqual([...new Set((await countersOf(tab)).pairs)], ['relay'], `${tab.name}: the path`);
  }
});

let wire;
scenario(
  'a websocket that is gone for 5 s leaves sound and picture alone, resumes, and what was written meanwhile arrives once',
  async stage => {
    const { program } = stage;
    stage.atEnd(() => wire.close());
    program.base = wire.base;
    program.signInLink = program.signInLink.replace(/^https?:\/\/[^/]+/, wire.base);
    const [, host, port] = (await until('the log says where', () => program.log())).match(
      /msg=serving listen=(\S+):(\d+)/,
    );
    wire.leadTo(host, Number(port));

    const doctor = await stage.tab('doctor');
    await signIn(doctor, program);
    const patient = await stage.tab('patient', { context: phone });
    await live(doctor, patient, program, PATIENT);
    const t = await wordsOf(doctor);
    await doctor.press(t.call.message);
    await patient.press(t.call.message);
    for (const tab of [doctor, patient]) {
      tab.allow(/WebSocket connection to .* failed/);
    }

    await Promise.all(
      [doctor, patient].map(tab =>
        keepsMoving(tab, async () => {
          if (tab !== patient) {
            return;
          }
          wire.deafen();
          const { carried } = wire;
          await write(patient, program, UNANSWERED);
          await until('the message is on its way', () => wire.carried > carried);
          wire.cut();
          const mended = new Promise(resolve => setTimeout(resolve, 5000)).then(() => wire.mend());
          await write(patient, program, MESSAGE);
          await patient.sees(t.call.lost);
          await mended;
          await doctor.sees(MESSAGE);
          await patient.seesNot(t.chat.sending);
        }),
      ),
    );
    await doctor.seesNot(t.call.lost);
    for (const tab of [doctor, patient]) {
      for (const text of [UNANSWERED, MESSAGE]) {
        assert.equal((await linesWith(tab, text)).length, 1, `${tab.name}: “${text}”`);
      }
      assert.ok((await messagesOf(tab, 'received', 'resumed')).length > 0, `${tab.name}: resumed`);
      await oneOffer(tab);
      await flows(tab);
    }
  },
  {
    environ: async () => {
      wire = await Wire.lay();
      return { COLLOQUE_URL: wire.base };
    },
  },
);
