import assert from 'node:assert/strict';
import { api, joinPractice } from './harness/colleague.mjs';
import { picture } from './harness/picture.mjs';
import { scenario } from './harness/scenario.mjs';
import { desktop, phone } from './harness/stage.mjs';
import { enterWaitingRoom, noDialog, signIn, wordsOf } from './harness/steps.mjs';

/** The rows of the list, as it is once what is typed has been found. */
const rows = tab => tab.evaluate(() => [...document.querySelectorAll('tbody tr')].map(row => row.innerText));

/** Types into the search of the list, and waits for these names and no other. */
async function finds(tab, words, names) {
  const t = await wordsOf(tab);
  await tab.fill(t.patients.search, words);
  await tab.until(
    `${words}: ${names.join(', ')}`,
    wanted => {
      const found = [...document.querySelectorAll('tbody tr')].map(row => row.innerText);
      return found.length === wanted.length && wanted.every((name, i) => found[i].includes(name));
    },
    names,
  );
}

/** Writes a patient down, from the list. */
async function writeDown(tab, program, { family, given, born = '' }) {
  const t = await wordsOf(tab);
  program.keepSecret(family);
  await tab.press(t.patients.new);
  await tab.fill(t.patients.familyName, family);
  await tab.fill(t.patients.givenNames, given);
  if (born !== '') {
    await tab.fill(t.patients.birthDate, born);
  }
  await tab.press(t.common.save);
  await tab.sees(t.patients.visits);
}

scenario(
  'a patient is written down, found without accents, edited in two tabs with nothing lost, seen, and erased; what is not saved is asked about',
  async stage => {
    const { program } = stage;
    const doctor = await stage.tab('doctor', { context: desktop, language: 'fr-FR' });
    await signIn(doctor, program);
    const t = await wordsOf(doctor);
    await doctor.press(t.shell.patients);
    await doctor.sees(t.patients.none);
    program.keepSecret('Béatrice', 'Le Goff', '+33639980010', 'beatrice@example.org');

    // Leaving asks, however one leaves.
    await doctor.press(t.patients.new);
    await doctor.fill(t.patients.familyName, 'Le Goff');
    await doctor.press(t.shell.today);
    await doctor.sees(t.shell.unsaved);
    await picture(doctor, 'patients-unsaved');
    await doctor.pressInDialog(t.shell.unsavedStay);
    await doctor.page.goBack();
    await doctor.sees(t.shell.unsaved);
    await doctor.pressInDialog(t.shell.unsavedStay);
    assert.equal(new URL(doctor.page.url()).pathname, '/desk/patients/new');
    await doctor.press(t.common.cancel);
    await doctor.pressInDialog(t.shell.unsavedLeave);
    await doctor.page.waitForURL('**/desk/patients');
    await doctor.sees(t.patients.none);

    await writeDown(doctor, program, { family: 'Le Goff', given: 'Béatrice', born: '1948-03-09' });
    const address = doctor.page.url();
    await picture(doctor, 'patients-card');
    await doctor.press(t.patients.back);
    await writeDown(doctor, program, { family: 'Légoffic', given: 'Paul' });
    await doctor.press(t.patients.back);
    await finds(doctor, 'beatrice goff', ['Béatrice Le Goff']);
    await finds(doctor, '9/3/1948', ['Béatrice Le Goff']);
    await finds(doctor, 'nobody like this', []);
    await doctor.sees(t.patients.nobody);
    await finds(doctor, 'goff', ['Béatrice Le Goff']);
    await picture(doctor, 'patients-list');

    // Two tabs of the same person: the second to save is told, and keeps both changes.
    const other = await stage.tab('other', { context: desktop, language: 'fr-FR' });
    await other.context.addCookies(await doctor.context.cookies());
    other.allow(/status of 409/);
    await other.goto(`${address}/edit`);
    await other.fill(t.patients.mail, 'beatrice@example.org');
    await doctor.page.getByRole('link', { name: 'Béatrice Le Goff', exact: true }).click();
    await doctor.press(t.patients.edit);
    await doctor.fill(t.patients.phone, '06 39 98 00 10');
    await doctor.press(t.common.save);
    await doctor.sees('06 39 98 00 10');
    await other.press(t.common.save);
    await other.sees(t.patients.changedMeanwhile);
    await other.until(
      'the notice is in view',
      () => document.querySelector('.notice').getBoundingClientRect().top >= 0,
    );
    await picture(other, 'patients-conflict');
    await other.press(t.common.save);
    await other.sees('beatrice@example.org');
    await other.sees('06 39 98 00 10');

    // A consultation from the card.
    await doctor.reload();
    await doctor.sees('beatrice@example.org');
    await doctor.press(t.patients.start);
    await doctor.sees(t.patients.linkReady('Béatrice Le Goff'));
    await picture(doctor, 'patients-started');
    const link = await doctor.page.getByLabel(t.desk.linkLabel, { exact: true }).inputValue();
    program.keepSecret(link.split('/').at(-1));
    const patient = await stage.tab('patient', { context: phone, language: 'fr-FR' });
    await enterWaitingRoom(patient, link);
    await doctor.control(t.desk.admitLabel('Béatrice Le Goff')).waitFor();

    // Erased is gone, for everybody who looks.
    await doctor.press(t.patients.erase);
    await doctor.sees(t.patients.eraseQuestion('Béatrice Le Goff'));
    await picture(doctor, 'patients-erase');
    await doctor.pressInDialog(t.patients.eraseYes);
    await doctor.sees(t.patients.erased);
    await finds(doctor, '', ['Paul Légoffic']);
    await finds(doctor, 'goff', []); // no word of his begins like that
    other.allow(/status of 404/);
    await other.goto(address);
    await other.sees(t.patients.gone);
  },
);

scenario('a secretary of two practitioners chooses for whom; a third practitioner sees nothing of it', async stage => {
  const { program } = stage;
  const doctor = await stage.tab('doctor', { context: desktop });
  await signIn(doctor, program);
  const colleague = await stage.tab('colleague', { context: desktop });
  await joinPractice(doctor, colleague, program, 'Dr Amélie Roux');
  const stranger = await stage.tab('stranger', { context: desktop });
  await joinPractice(doctor, stranger, program, 'Dr Karim Haddad', { mail: 'stranger@example.org' });
  const secretary = await stage.tab('secretary', { context: desktop, language: 'fr-FR' });
  await joinPractice(doctor, secretary, program, 'Nadia Benali', { role: 'secretary', mail: 'nadia@example.org' });
  const { id } = (await api(secretary, 'GET', '/me')).body;
  for (const one of [doctor, colleague]) {
    assert.equal((await api(one, 'PUT', '/me/delegates', { delegates: [id] })).status, 200);
  }
  const t = await wordsOf(secretary);
  await secretary.goto(`${secretary.origin}/desk/patients`);
  await secretary.sees(t.patients.none);

  // Whose the patient is, is asked; the answer is kept.
  await secretary.press(t.patients.new);
  await secretary.page.getByLabel(t.patients.owner, { exact: true }).selectOption('Dr Amélie Roux');
  await secretary.press(t.common.cancel);
  await writeDown(secretary, program, { family: 'Martin', given: 'Jeanne' });
  await secretary.sees('Dr Amélie Roux');
  const address = secretary.page.url();
  await secretary.press(t.patients.back);
  await secretary.press(t.patients.new);
  await secretary.page.getByLabel(t.patients.owner, { exact: true }).selectOption('Dr Claire Moreau');
  await picture(secretary, 'patients-owner');
  await secretary.press(t.common.cancel);
  await writeDown(secretary, program, { family: 'Martin', given: 'Louise' });
  await secretary.press(t.patients.back);
  await finds(secretary, 'martin', ['Jeanne Martin', 'Louise Martin']);
  await picture(secretary, 'patients-of-all');
  assert.match((await rows(secretary))[0], /Dr Amélie Roux/);
  await secretary.page.getByLabel(t.patients.ownerOf, { exact: true }).selectOption('Dr Amélie Roux');
  await finds(secretary, 'martin', ['Jeanne Martin']);
  await finds(secretary, '', ['Jeanne Martin']);
  const table = await secretary.evaluate(async () => {
    const link = document.querySelector('a[download]');
    return (await fetch(link.href)).text();
  });
  assert.ok(table.includes('Jeanne') && !table.includes('Louise'), table);

  // Started for the practitioner whose patient it is, from the card.
  await secretary.page.getByRole('link', { name: 'Jeanne Martin', exact: true }).click();
  await secretary.press(t.patients.start);
  await secretary.sees(t.patients.linkReady('Jeanne Martin'));
  const link = await secretary.page.getByLabel(t.desk.linkLabel, { exact: true }).inputValue();
  program.keepSecret(link.split('/').at(-1));
  const patient = await stage.tab('patient', { context: phone });
  await enterWaitingRoom(patient, link);
  await colleague.control((await wordsOf(colleague)).desk.admitLabel('Jeanne Martin')).waitFor();
  await secretary.press(t.shell.today);
  await secretary.sees('Jeanne Martin'); // the day of whom was chosen last
  await secretary.reload();
  await secretary.sees('Jeanne Martin');
  await picture(secretary, 'today-for-others');

  // Nobody else.
  const s = await wordsOf(stranger);
  await stranger.goto(`${stranger.origin}/desk/patients`);
  await noDialog(stranger);
  await stranger.sees(s.patients.none);
  stranger.allow(/status of 404/);
  await stranger.goto(address);
  await stranger.sees(s.patients.gone);
  await doctor.goto(`${doctor.origin}/desk/patients`);
  await finds(doctor, 'martin', ['Louise Martin']);
  assert.equal(await doctor.page.getByLabel((await wordsOf(doctor)).patients.owner, { exact: true }).count(), 0);
});
