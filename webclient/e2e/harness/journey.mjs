/**
 * journey(stage, settings, visit): every page and every state that people can come to, one after the other, in one consultation.
 * `visit(tab, name)` is called at each. The accessibility test looks at them with axe, the screenshots are taken from them.
 */
import { flows, painted } from './media.mjs';
import { admit, DOCTOR, enterWaitingRoom, noDialog, wordsOf, write } from './steps.mjs';

export const PATIENT = 'Jeanne Martin';
const GUEST = 'Ana Lopes';

/**
 * @param {import('./stage.mjs').Stage} stage
 * @param {{language: 'fr' | 'en', doctor?: object, patient?: object, dress?: (tab: object, name: string) => Promise<void>}} settings contexts of
 *   the tabs, and what is done to each before it opens a page
 * @param {(tab: import('./tab.mjs').ChromiumTab, name: string) => Promise<void>} visit
 */
export async function journey(stage, settings, visit) {
  const locale = settings.language === 'fr' ? 'fr-FR' : 'en-GB';
  const open = async (name, context) => {
    const tab = await stage.tab(name, { language: locale, context, recorder: { asks: true } });
    await settings.dress?.(tab, name);
    return tab;
  };
  const doctor = await open('doctor', settings.doctor);
  const t = await arrive(stage, doctor, visit);
  const link = await prepare(stage, doctor, t, settings.language, visit);
  const patient = await open('patient', settings.patient);
  await throughTheCheck(patient, link, t, visit);
  await visit(doctor, 'desk-waiting');
  await doctor.press(t.desk.lateMinutes(10));
  await patient.sees(t.waiting.late(10));
  await visit(patient, 'patient-waiting-late');
  await patient.press(t.waiting.devices);
  await patient.sees(t.settings.heading);
  await visit(patient, 'patient-waiting-settings');
  await patient.pressInDialog(t.common.close);
  await noDialog(patient);

  await admit(doctor, PATIENT);
  await Promise.all([flows(doctor), flows(patient)]);
  await Promise.all([painted(doctor), painted(patient)]);
  await inTheCall(stage, doctor, patient, t, visit);
  await another(stage, doctor, t, settings, open, visit);
  await end(doctor, patient, link, t, visit);
}

async function arrive({ program }, doctor, visit) {
  program.keepSecret(DOCTOR);
  doctor.allow(/status of 401/);
  await doctor.goto(program.base);
  const t = await wordsOf(doctor);
  await doctor.sees(t.home.heading);
  await visit(doctor, 'home');
  await doctor.goto(`${program.base}/desk`);
  await doctor.sees(t.signedOut.heading);
  await visit(doctor, 'signed-out');
  await doctor.goto(program.signInLink);
  await visit(doctor, 'sign-in');
  await doctor.press(t.signIn.button);
  await doctor.page.waitForURL('**/desk');
  await doctor.sees(t.desk.nameHeading);
  await visit(doctor, 'desk-name');
  await doctor.fill(t.desk.nameLabel, DOCTOR);
  await doctor.press(t.desk.nameSave);
  await noDialog(doctor);
  await doctor.sees(t.desk.nobody);
  await visit(doctor, 'desk-empty');
  return t;
}

async function prepare({ program }, doctor, t, language, visit) {
  await doctor.page.getByRole('combobox', { name: t.patients.choose, exact: true }).fill(PATIENT);
  await doctor.page.getByLabel(t.patients.person.language, { exact: true }).selectOption(language);
  await doctor.press(t.desk.startButton);
  await doctor.sees(t.desk.linkReadyFor(PATIENT));
  await doctor.until('shows the code', () => document.querySelector('svg.qr path') !== null);
  const link = await doctor.page.getByLabel(t.desk.linkLabel, { exact: true }).inputValue();
  program.keepSecret(PATIENT, link.split('/').at(-1));
  await visit(doctor, 'desk-link');
  await doctor.press(t.desk.another);
  return link;
}

async function throughTheCheck(patient, link, t, visit) {
  await patient.goto(link);
  await visit(patient, 'patient-first');
  await patient.press(t.entry.enter);
  await patient.sees(t.check.camera.open);
  await visit(patient, 'check-camera');
  await patient.press(t.check.camera.open);
  await patient.sees(t.check.camera.seeYourself);
  await patient.until('sees itself', () => document.querySelector('video')?.videoWidth > 0);
  await visit(patient, 'check-camera-picture');
  await patient.press(t.check.camera.yes);
  await patient.sees(t.check.microphone.open);
  await visit(patient, 'check-microphone');
  await patient.press(t.check.microphone.open);
  await patient.sees(t.check.microphone.heard);
  await visit(patient, 'check-microphone-heard');
  await patient.press(t.common.continue);
  await patient.sees(t.check.sound.play);
  await visit(patient, 'check-sound');
  await patient.press(t.check.sound.play);
  await patient.sees(t.check.sound.question);
  await visit(patient, 'check-sound-question');
  await patient.press(t.check.sound.no);
  await patient.sees(t.check.sound.tipsHeading);
  await visit(patient, 'check-sound-tips');
  await patient.press(t.check.sound.now);
  await patient.sees(t.waiting.heading);
  await patient.until(
    'sees itself',
    () => document.querySelector('video')?.videoWidth > 0 && !document.querySelector('video').paused,
  );
  await visit(patient, 'patient-waiting');
}

async function inTheCall({ program }, doctor, patient, t, visit) {
  await visit(doctor, 'call-doctor');
  await visit(patient, 'call-patient');
  await doctor.press(t.call.message);
  await write(doctor, program, t.entry.nextWait);
  await patient.control(t.call.messageUnread(1), { exact: false }).waitFor();
  await visit(patient, 'call-patient-unread');
  await patient.press(t.call.messageUnread(1), { exact: false });
  await patient.sees(t.chat.label);
  await write(patient, program, t.entry.nextCall);
  await doctor.sees(t.entry.nextCall);
  await visit(doctor, 'call-doctor-chat');
  await visit(patient, 'call-patient-chat');
  await doctor.press(t.common.close);
  await patient.press(t.common.close);

  await patient.press(t.call.cantHear);
  await patient.sees(t.help.heading);
  await visit(patient, 'call-patient-help');
  await patient.pressInDialog(t.help.restart);
  await doctorTool(doctor, t, t.call.settings);
  await doctor.sees(t.settings.heading);
  await visit(doctor, 'call-doctor-settings');
  await doctor.pressInDialog(t.common.close);
  await noDialog(doctor);
  await patient.page.keyboard.press('Escape');
  await noDialog(patient);
  await patient.press(t.call.camera);
  await doctor.sees(t.call.cameraOff);
  await visit(doctor, 'call-doctor-camera-off');
  await patient.press(t.call.camera);
  await patient.press(t.call.leave);
  await patient.sees(t.call.leaveQuestion);
  await visit(patient, 'call-patient-leave');
  await patient.pressInDialog(t.call.leaveNo);
}

/** A tool of the practitioner, which on a phone lies behind "More". */
async function doctorTool(doctor, t, word) {
  if ((await doctor.control(t.call.more).count()) > 0) {
    await doctor.press(t.call.more);
    await doctor.pressInDialog(word);
  } else {
    await doctor.press(word);
  }
}

/** Somebody is invited, waits, and is in the call as the third; then the screen is shown. */
async function another(stage, doctor, t, settings, open, visit) {
  await doctorTool(doctor, t, t.call.invite);
  await doctor.sees(t.call.inviteMore);
  await visit(doctor, 'call-doctor-invite');
  await doctor.fill(t.call.inviteName, GUEST);
  await doctor.pressInDialog(t.call.inviteMake);
  const link = await doctor.page.getByLabel(t.desk.linkLabel, { exact: true }).inputValue();
  stage.program.keepSecret(GUEST, link.split('/').at(-1));
  await doctor.sees(t.call.inviteReady);
  await visit(doctor, 'call-doctor-invite-link');
  await doctor.pressInDialog(t.common.close);
  const guest = await open('guest', settings.patient);
  await enterWaitingRoom(guest, link);
  await visit(guest, 'guest-waiting');
  await doctor.press(t.call.waitingChip(1, 0));
  await doctor.sees(GUEST);
  await visit(doctor, 'call-doctor-waiting');
  await admit(doctor, GUEST);
  await doctor.press(t.common.close);
  await Promise.all([flows(doctor, { videos: 2, voices: 2 }), painted(guest, { videos: 2 })]);
  await visit(doctor, 'call-doctor-three');
  await visit(guest, 'call-guest-three');
  const screen = (await doctor.control(t.call.screen).count()) > 0;
  if (screen) {
    await doctor.press(t.call.screen);
    await guest.until('sees the screen', () => document.querySelector('.tile.shared video')?.videoWidth > 0);
    await visit(guest, 'call-guest-screen');
    await visit(doctor, 'call-doctor-screen');
    await doctor.press(t.call.stopScreen);
  }
  await doctorTool(doctor, t, t.call.sendBack);
  await doctor.sees(t.call.sendBackYes);
  await doctor.until('the question is open', () => document.querySelector('dialog[open]') !== null);
  await visit(doctor, 'call-doctor-send-back');
  await doctor.page.keyboard.press('Escape');
  await noDialog(doctor);
  await guest.press(t.call.leave);
  await guest.pressInDialog(t.call.leaveYes);
  await guest.sees(t.ended.left);
  await visit(guest, 'ended-left');
}

async function end(doctor, patient, link, t, visit) {
  await doctor.press(t.call.end);
  await doctor.sees(t.call.endMore);
  await visit(doctor, 'call-doctor-end');
  await doctor.pressInDialog(t.call.endYes);
  await doctor.sees(t.desk.callEnded.ended);
  await doctor.sees(t.desk.startHeading);
  await visit(doctor, 'desk-after');
  await patient.sees(t.ended.ended);
  await visit(patient, 'ended');
  patient.allow(/status of 404/);
  await patient.goto(link); // there were messages: they stay for a while, behind a code
  await patient.sees(t.later.heading);
  await visit(patient, 'after');
  await patient.goto(link.slice(0, -4) + 'AAAA');
  await patient.sees(t.linkGone.heading);
  await visit(patient, 'link-gone');
}
