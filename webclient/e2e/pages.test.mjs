import assert from 'node:assert/strict';
import { findings } from './harness/axe.mjs';
import { journey } from './harness/journey.mjs';
import { flows } from './harness/media.mjs';
import { practice } from './harness/program.mjs';
import { scenario } from './harness/scenario.mjs';
import { desktop, phone } from './harness/stage.mjs';
import { DOCTOR, noDialog, signIn, startConsultation, wordsOf } from './harness/steps.mjs';

const sizes = [desktop.viewport, phone.viewport];
scenario('axe finds nothing on any page, in any state, light and dark, on a phone and on a desktop', async stage => {
  const found = [];
  let states = 0;
  const still = { reducedMotion: 'reduce' };
  const settings = { language: 'en', doctor: { ...desktop, ...still }, patient: { ...phone, ...still } };
  await journey(stage, settings, async (tab, name) => {
    states += 1;
    const own = tab.page.viewportSize();
    const other = sizes.find(size => size.width !== own.width);
    const look = async (what, only) =>
      found.push(...(await findings(tab, only)).map(one => `${name}, ${what}: ${one}`));
    await look(`light, ${own.width} wide`);
    await tab.page.emulateMedia({ colorScheme: 'dark' });
    await look(`dark, ${own.width} wide`, ['color-contrast']);
    await tab.page.setViewportSize(other);
    await look(`dark, ${other.width} wide`);
    await tab.page.emulateMedia({ colorScheme: 'light' });
    await tab.page.setViewportSize(own);
  });
  assert.ok(states >= 30, `${states} states were looked at`);
  assert.deepEqual(found, []);
});

/** Presses Tab until the control of that name has the focus, then Enter: what somebody without a mouse does. */
async function enter(tab, name) {
  const focused = () =>
    tab.evaluate(() => {
      const one = document.activeElement;
      return (one?.getAttribute('aria-label') ?? one?.innerText ?? '').replace(/\s+/g, ' ').trim();
    });
  await tab.control(name).first().waitFor();
  const seen = [];
  for (let presses = 0; presses < 60; presses++) {
    await tab.page.keyboard.press('Tab');
    const now = await focused();
    seen.push(now);
    if (now === name.replace(/\s+/g, ' ')) {
      const outline = await tab.evaluate(() => {
        const style = getComputedStyle(document.activeElement);
        return style.outlineStyle !== 'none' && Number.parseFloat(style.outlineWidth) >= 2;
      });
      assert.ok(outline, `${tab.name}: the focus on “${name}” can be seen`);
      await tab.page.keyboard.press('Enter');
      return;
    }
  }
  assert.fail(`${tab.name}: the Tab key does not lead to “${name}”, only to: ${[...new Set(seen)].join(', ')}`);
}

scenario(
  'the keyboard alone leads the patient to the waiting room, and lets the practitioner sign in, start, admit and end',
  async stage => {
    const { program } = stage;
    program.keepSecret(DOCTOR);
    const doctor = await stage.tab('doctor');
    await doctor.goto(program.signInLink);
    const t = await wordsOf(doctor);
    await enter(doctor, t.signIn.button);
    await doctor.page.waitForURL('**/desk');
    await doctor.sees(t.desk.nameHeading);
    await doctor.until('the name has the focus', () => document.activeElement?.id === 'own-name');
    await doctor.page.keyboard.type(DOCTOR);
    await doctor.page.keyboard.press('Enter');
    await noDialog(doctor);
    await enter(doctor, t.desk.startButton);
    const field = doctor.page.getByLabel(t.desk.linkLabel, { exact: true });
    const link = await field.inputValue();

    const patient = await stage.tab('patient', { recorder: { asks: true } });
    await patient.goto(link);
    for (const name of [
      t.entry.enter,
      t.check.camera.open,
      t.check.camera.yes,
      t.check.microphone.open,
      t.common.continue,
      t.check.sound.play,
      t.check.sound.yes,
    ]) {
      await enter(patient, name);
    }
    await patient.sees(t.waiting.heading);
    const name = await doctor.evaluate(() => document.querySelector('.strip :is(h2, h3)').textContent);
    await enter(doctor, t.desk.admitLabel(name));
    await Promise.all([flows(doctor), flows(patient)]);
    await enter(doctor, t.call.end);
    await enter(doctor, t.call.endYes);
    await patient.sees(t.ended.ended);
  },
);

scenario('before any script has run, the patient reads who, what and where to call', async stage => {
  const { program } = stage;
  const doctor = await stage.tab('doctor');
  await signIn(doctor, program);
  const link = await startConsultation(doctor, program, 'Jeanne Martin');
  const t = await wordsOf(doctor);
  const { page } = await stage.tab('patient', { context: { ...phone, javaScriptEnabled: false } });
  await page.goto(link);
  const text = (await page.locator('body').innerText()).replace(/\s+/g, ' ');
  for (const words of [
    practice.name,
    DOCTOR,
    t.entry.seesYou,
    t.entry.nextCheck,
    t.entry.notRecorded,
    t.entry.noScript,
  ]) {
    assert.ok(text.includes(words), `“${words}” in: ${text}`);
  }
  const call = page.locator(`a[href="tel:${practice.phone}"]`);
  assert.ok(await call.isVisible());
  const box = await call.boundingBox();
  assert.ok(box.height >= 44, `the phone link is ${box.height} tall`);
  assert.equal(
    await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth),
    false,
    'wider than the phone',
  );
});

scenario(
  'a practice without a phone shows no empty phone link, and a practitioner without a name goes by the practice’s',
  async stage => {
    const { program } = stage;
    const doctor = await stage.tab('doctor');
    await doctor.goto(program.signInLink);
    const t = await wordsOf(doctor);
    await doctor.press(t.signIn.button);
    await doctor.page.waitForURL('**/desk');
    await doctor.sees(t.desk.nameHeading);
    await doctor.pressInDialog(t.common.cancel);
    await noDialog(doctor);
    await doctor.press(t.desk.startButton);
    const link = await doctor.page.getByLabel(t.desk.linkLabel, { exact: true }).inputValue();
    const patient = await stage.tab('patient', { context: phone });
    await patient.goto(link);
    await patient.sees(practice.name);
    await patient.sees(t.entry.seesYou);
    assert.equal(await patient.evaluate(() => document.querySelectorAll('a[href^="tel"]').length), 0);
    const html = await patient.evaluate(() => document.documentElement.outerHTML);
    assert.doesNotMatch(html, /undefined|null|\{\{|%t:/);
    assert.deepEqual(await findings(patient), []);
  },
  { environ: { COLLOQUE_PRACTICE_PROFILE_PHONE: '""' } },
);
