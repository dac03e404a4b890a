import assert from 'node:assert/strict';
import { flows } from './harness/media.mjs';
import { scenario } from './harness/scenario.mjs';
import { phone } from './harness/stage.mjs';
import {
  admit,
  DOCTOR,
  enterWaitingRoom,
  live,
  messagesOf,
  signIn,
  startConsultation,
  wordsOf,
} from './harness/steps.mjs';
import { until } from './harness/until.mjs';

const FIRST = 'Jeanne Martin';
const SECOND = 'Paul Durand';

/** The reply that opened this page's session. */
const joined = async tab => (await messagesOf(tab, 'received', 'joined')).at(-1);

/** The names in the strip, in its order. */
const strip = tab =>
  tab.evaluate(() => [...document.querySelectorAll('.strip :is(h2, h3)')].map(one => one.textContent));

scenario('a patient who reloads the page while waiting keeps the place', async stage => {
  const { program } = stage;
  const doctor = await stage.tab('doctor');
  await signIn(doctor, program);
  const link = await startConsultation(doctor, program, FIRST);
  const patient = await stage.tab('patient', { context: phone });
  await enterWaitingRoom(patient, link);
  const before = await joined(patient);
  assert.ok(before.waiting.since);

  await patient.reload();
  const t = await wordsOf(patient);
  await patient.sees(t.waiting.heading);
  const after = await joined(patient);
  assert.equal(after.waiting.since, before.waiting.since);
  assert.equal(after.self, before.self);
  assert.deepEqual(await strip(doctor), [FIRST]);
});

scenario('a reload in the call, by either side, leads back into the call without a question', async stage => {
  const { program } = stage;
  const doctor = await stage.tab('doctor');
  await signIn(doctor, program);
  const patient = await stage.tab('patient', { context: phone });
  await live(doctor, patient, program, FIRST);

  await patient.reload();
  await Promise.all([flows(patient), flows(doctor)]);
  await doctor.reload();
  await Promise.all([flows(doctor), flows(patient)]);
});

scenario('a patient may come before the practitioner, who finds who waits', async stage => {
  const { program } = stage;
  const doctor = await stage.tab('doctor');
  await signIn(doctor, program);
  const link = await startConsultation(doctor, program, FIRST);
  await doctor.goto('about:blank');

  const patient = await stage.tab('patient', { context: phone });
  await enterWaitingRoom(patient, link);
  const t = await wordsOf(patient);
  await patient.sees(t.waiting.away(DOCTOR));

  await doctor.goto(`${program.base}/desk`);
  await until('the strip names the patient', async () => (await strip(doctor)).includes(FIRST));
  await patient.sees(t.waiting.available(DOCTOR));
  await admit(doctor, FIRST);
  await Promise.all([flows(doctor), flows(patient)]);
});

scenario(
  'two who wait never learn of each other; the practitioner sees both in order of arrival, hears and reads each arrival',
  async stage => {
    const { program } = stage;
    const doctor = await stage.tab('doctor');
    await signIn(doctor, program);
    const t = await wordsOf(doctor);
    // The links are made in the other order than the patients come.
    const secondLink = await startConsultation(doctor, program, SECOND);
    const firstLink = await startConsultation(doctor, program, FIRST);
    const told = name =>
      doctor.until(
        `is told that ${name} has come`,
        text => document.querySelector('[role=alert].hidden-text')?.textContent.includes(text),
        t.desk.arrived(name),
      );
    const tones = () => doctor.evaluate(() => window.record.tones);

    const first = await stage.tab('first', { context: phone });
    const before = await tones();
    await enterWaitingRoom(first, firstLink);
    await told(FIRST);
    await doctor.until(
      'has the arrival in the title',
      title => document.title === title,
      t.desk.titleWaiting(1, FIRST, t.today.heading),
    );
    const once = await tones();
    assert.ok(once > before, 'the first arrival rings');

    const second = await stage.tab('second', { context: phone });
    await enterWaitingRoom(second, secondLink);
    await told(SECOND);
    await doctor.until(
      'has the arrival in the title',
      title => document.title === title,
      t.desk.titleWaiting(2, SECOND, t.today.heading),
    );
    assert.ok((await tones()) > once, 'the second arrival rings');
    assert.deepEqual(await strip(doctor), [FIRST, SECOND]);

    // One of them is called and leaves again: the other must not notice.
    await admit(doctor, FIRST);
    await Promise.all([flows(doctor), flows(first)]);
    const seats = { first: await joined(first), second: await joined(second) };
    for (const [tab, mine, other, name] of [
      [first, seats.first, seats.second, SECOND],
      [second, seats.second, seats.first, FIRST],
    ]) {
      const held = [
        await tab.evaluate(() => document.documentElement.outerHTML),
        ...(await tab.evaluate(() => window.record.messages.map(one => one.sent ?? one.received))),
      ].join('\n');
      assert.ok(held.includes(mine.self), 'the probe finds what is there');
      for (const trace of [name, name.split(' ')[0], other.self, other.consultation.id]) {
        assert.ok(!held.includes(trace), `${tab.name} holds a trace of the other: ${trace}`);
      }
    }
  },
);

for (const [how, go] of [
  ['whose device dies', async stage => stage.freeze('apart')],
  [
    'whose page crashes',
    async (_stage, patient) => {
      patient.allow(/crashed/);
      const session = await patient.context.newCDPSession(patient.page);
      session.send('Page.crash').catch(() => undefined);
    },
  ],
]) {
  scenario(`a patient ${how} is reported in words within 8 s, and the seat is kept`, async stage => {
    const { program } = stage;
    const doctor = await stage.tab('doctor');
    await signIn(doctor, program);
    const patient = await stage.tab('patient', { kind: 'apart', context: phone });
    const link = await live(doctor, patient, program, FIRST);
    const t = await wordsOf(doctor);

    await go(stage, patient);
    await doctor.sees(t.call.personLost(FIRST), { within: 8000 });

    if (stage.frozen?.length > 0) {
      stage.thaw();
    } else {
      // A page that crashed is opened again by its person; the tab remembers nothing, the server does.
      await patient.close();
      stage.tabs.splice(stage.tabs.indexOf(patient), 1);
      const again = await stage.tab('again', { kind: 'apart', context: phone });
      await again.goto(link);
      await again.press((await wordsOf(again)).entry.enter);
      await again.press((await wordsOf(again)).check.skipAll);
      await flows(again);
    }
    await flows(doctor);
    await doctor.seesNot(t.call.personLost(FIRST));
  });
}
