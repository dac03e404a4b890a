/** What people do, in the words of the pages. */
import assert from 'node:assert/strict';
import { flows } from './media.mjs';
import { words } from './words.mjs';

export const DOCTOR = 'Dr Claire Moreau';

/** The words of the language that a tab's page is in. */
export const wordsOf = async tab => words[await tab.evaluate(() => document.documentElement.lang)];

/** The practitioner opens the printed link, signs in, and says a name. */
export async function signIn(tab, program, { name = DOCTOR } = {}) {
  program.keepSecret(name);
  await tab.goto(program.signInLink);
  const t = await wordsOf(tab);
  await tab.press(t.signIn.button);
  await tab.page.waitForURL('**/desk');
  await tab.fill(t.desk.nameLabel, name);
  await tab.press(t.desk.nameSave);
  await noDialog(tab);
  await tab.sees(t.desk.nobody);
}

/** Nothing lies over the page: what is below can be used. */
export const noDialog = tab => tab.until('the dialog is closed', () => document.querySelector('dialog[open]') === null);

/** The practitioner prepares a link for a patient. */
export async function startConsultation(tab, program, patient, language = 'en') {
  const t = await wordsOf(tab);
  await tab.page.getByRole('combobox', { name: t.patients.choose, exact: true }).fill(patient);
  await tab.page.getByLabel(t.patients.person.language, { exact: true }).selectOption(language);
  await tab.press(t.desk.startButton);
  await tab.sees(t.desk.linkReadyFor(patient));
  const link = await tab.page.getByLabel(t.desk.linkLabel, { exact: true }).inputValue();
  program.keepSecret(patient, link.split('/').at(-1));
  await tab.press(t.desk.another);
  return link;
}

/**
 * The patient's way with all three checks, each question asked (recorder: asks). Without a meter, the bar stands still: Firefox lets WebAudio
 * run only when the machine has a loudspeaker, which machines that build do not.
 */
export async function checkDevices(tab, link, { meter = true } = {}) {
  await tab.goto(link);
  const t = await wordsOf(tab);
  await tab.press(t.entry.enter);
  await tab.press(t.check.camera.open);
  await tab.press(t.check.camera.yes);
  await tab.press(t.check.microphone.open);
  if (meter) {
    await tab.press(t.common.continue);
  } else {
    await tab.press(t.check.microphone.notMoving);
    await tab.press(t.check.microphone.continueAnyway);
  }
  await tab.press(t.check.sound.play);
  await tab.press(t.check.sound.yes);
  await tab.sees(t.waiting.heading);
}

/** The patient's way past the checks. */
export async function enterWaitingRoom(tab, link) {
  await tab.goto(link);
  const t = await wordsOf(tab);
  await tab.press(t.entry.enter);
  await tab.press(t.check.skipAll);
  await tab.sees(t.waiting.heading);
}

export async function admit(tab, patient) {
  const t = await wordsOf(tab);
  await tab.press(t.desk.admitLabel(patient));
}

/** Both are on the page: a link, the short way in, admitted, sound and picture both ways. */
export async function live(doctor, patient, program, name, options) {
  const link = await startConsultation(doctor, program, name);
  await enterWaitingRoom(patient, link);
  await admit(doctor, name);
  await Promise.all([flows(doctor, options), flows(patient, options)]);
  return link;
}

/** Writes into the open chat. */
export async function write(tab, program, text) {
  program.keepSecret(text);
  const t = await wordsOf(tab);
  await tab.fill(t.chat.label, text);
  await tab.press(t.chat.send);
}

/** The lines of the open chat that hold a text. */
export const linesWith = (tab, text) =>
  tab.evaluate(
    wanted => [...document.querySelectorAll('.line')].map(one => one.innerText).filter(one => one.includes(wanted)),
    text,
  );

/** The messages of one type that a tab's page sent or received since it was loaded, parsed. */
export async function messagesOf(tab, direction, type) {
  const texts = await tab.evaluate(
    way => window.record.messages.map(one => one[way]).filter(text => text !== undefined),
    direction,
  );
  const all = texts.map(text => JSON.parse(text));
  return type === undefined ? all : all.filter(message => message.type === type);
}

/** One offer was made and sent since the page was loaded: inside a join, and never again. */
export async function oneOffer(tab) {
  assert.equal(await tab.evaluate(() => window.record.offers), 1, `${tab.name}: calls of createOffer`);
  assert.equal((await messagesOf(tab, 'sent', 'join')).length, 1, `${tab.name}: joins`);
  assert.equal((await messagesOf(tab, 'sent', 'offer')).length, 0, `${tab.name}: later offers`);
}
