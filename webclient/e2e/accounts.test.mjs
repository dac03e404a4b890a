import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { picture } from './harness/picture.mjs';
import { freePort, signInThere, startProvider } from './harness/provider.mjs';
import { scenario } from './harness/scenario.mjs';
import { desktop, phone } from './harness/stage.mjs';
import { enterWaitingRoom, noDialog, signIn, startConsultation, wordsOf } from './harness/steps.mjs';

/** Gives a tab's browser an authenticator as laptops and phones have them: fingerprint, passkeys. */
async function withAuthenticator(tab) {
  const session = await tab.page.context().newCDPSession(tab.page);
  await session.send('WebAuthn.enable');
  await session.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
}

/** What an authenticator app shows for a secret (RFC 6238); `later` periods from now. */
function codeOf(secret, later = 0) {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  const bits = [...secret.replaceAll(' ', '')].map(one => alphabet.indexOf(one).toString(2).padStart(5, '0')).join('');
  const key = Buffer.from(bits.match(/.{8}/g).map(one => Number.parseInt(one, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + later));
  const mac = createHmac('sha1', key).update(counter).digest();
  const at = mac[19] & 15;
  return String((mac.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}

/** Reads the recovery codes, and goes on. */
async function keepCodes(tab, program) {
  const t = await wordsOf(tab);
  await tab.sees(t.entering.codesHeading);
  const codes = await tab.page.locator('.codes code').allInnerTexts();
  assert.equal(codes.length, 8);
  program.keepSecret(...codes);
  await tab.page.getByLabel(t.entering.codesKept).check();
  await tab.press(t.entering.codesNext);
  return codes;
}

async function signOut(tab) {
  const t = await wordsOf(tab);
  await tab.page.goto(`${tab.origin}/desk/settings`);
  await tab.press(t.preferences.signOut);
  await tab.page.waitForURL(`${tab.origin}/`);
}

scenario('from an invitation to a passkey, a locked screen, a printed code and the end of an account', async stage => {
  const { program } = stage;
  const doctor = await stage.tab('doctor');
  await signIn(doctor, program);
  const t = await wordsOf(doctor);
  await doctor.sees(t.desk.comeBack);
  // A call at once: nobody was asked for a password.
  const link = await startConsultation(doctor, program, 'Jeanne Martin');
  const patient = await stage.tab('patient', { context: phone });
  await enterWaitingRoom(patient, link);
  await doctor.sees('Jeanne Martin');

  await doctor.press(t.shell.team);
  await doctor.press(t.team.invite);
  await doctor.fill(t.team.name, 'Nadia Benali');
  await doctor.page.getByLabel(t.team.secretary, { exact: true }).check();
  await picture(doctor, 'team-invite');
  await doctor.pressInDialog(t.team.inviteButton);
  await doctor.sees(t.team.linkFor('Nadia Benali'));
  const invitation = await doctor.page.getByLabel(t.team.copyLink, { exact: true }).inputValue();
  program.keepSecret('Nadia Benali', invitation.split('/').at(-1));
  await picture(doctor, 'team');

  const secretary = await stage.tab('secretary', { language: 'fr-FR', context: phone });
  await withAuthenticator(secretary);
  await secretary.goto(invitation);
  const f = await wordsOf(secretary);
  await secretary.sees(f.entering.welcome('Nadia Benali'));
  await picture(secretary, 'invitation');
  await secretary.press(f.entering.makePasskey);
  await picture(secretary, 'codes');
  const [code, other] = await keepCodes(secretary, program);
  await secretary.page.waitForURL('**/desk');

  // Once is once.
  const late = await stage.tab('late');
  late.allow(/status of 404/);
  await late.goto(invitation);
  await late.sees((await wordsOf(late)).linkGone.heading);

  // Out, and in with the passkey.
  await signOut(secretary);
  await secretary.goto(`${secretary.origin}/sign-in`);
  await secretary.sees(f.entering.passkeyMore);
  await picture(secretary, 'sign-in');
  await secretary.press(f.entering.passkey);
  await secretary.page.waitForURL('**/desk');

  // The doctor's patients are not the secretary's before the doctor says so.
  const seen = () =>
    secretary.evaluate(async () => (await (await fetch('/api/v1/me')).json()).acts_for.map(one => one.name));
  assert.deepEqual(await seen(), []);
  await doctor.page.getByLabel('Nadia Benali', { exact: true }).check();
  await doctor.sees(t.common.saved);
  assert.deepEqual(await seen(), ['Dr Claire Moreau']);

  // A locked screen shows nothing, takes nothing, and opens with the passkey.
  await secretary.page.goto(`${secretary.origin}/desk/settings/sign-in`);
  await secretary.sees(f.means.passkeys);
  await picture(secretary, 'settings-sign-in');
  secretary.allow(/status of 423/);
  await secretary.press(f.means.lock);
  await secretary.sees(f.entering.locked);
  await secretary.reload();
  await secretary.sees(f.entering.locked);
  await picture(secretary, 'locked');
  assert.equal(await secretary.evaluate(async () => (await fetch('/api/v1/accounts')).status), 423);
  await secretary.press(f.entering.passkey);
  await secretary.sees(f.means.passkeys);

  // A printed code signs in alone, once; the same person sees both browsers, and ends the other.
  const elsewhere = await stage.tab('elsewhere', { language: 'fr-FR' });
  elsewhere.allow(/status of 40[14]/);
  await elsewhere.goto(`${elsewhere.origin}/sign-in`);
  await elsewhere.page.getByText(f.entering.recoveryHeading).click();
  await elsewhere.fill(f.entering.recovery, code.toUpperCase());
  await elsewhere.page.locator('details button').click();
  await elsewhere.page.waitForURL('**/desk');
  await secretary.reload();
  await secretary.press(f.means.endOthers);
  await secretary.sees(f.common.saved);
  await elsewhere.sees(f.signedOut.heading); // the page finds out by itself
  await elsewhere.page.goto(`${elsewhere.origin}/sign-in`);
  await elsewhere.page.getByText(f.entering.recoveryHeading).click();
  await elsewhere.fill(f.entering.recovery, code);
  await elsewhere.page.locator('details button').click();
  await elsewhere.sees(f.entering.wrong);
  await elsewhere.fill(f.entering.recovery, other);
  await elsewhere.page.locator('details button').click();
  await elsewhere.page.waitForURL('**/desk');

  // The end: closed everywhere at once.
  secretary.allow(/status of 40[13]/);
  await doctor.press(t.team.editName('Nadia Benali'));
  await doctor.pressInDialog(t.team.disable);
  await noDialog(doctor);
  await doctor.sees(t.team.disabled);
  assert.equal((await secretary.context.request.get(`${secretary.origin}/api/v1/me`)).status(), 401);
});

scenario('a password with one-time codes, chosen in the settings; wrong ones are all the same', async stage => {
  const { program } = stage;
  const doctor = await stage.tab('doctor', { context: desktop });
  await signIn(doctor, program);
  const t = await wordsOf(doctor);
  await doctor.press(t.desk.comeBackHow);
  await doctor.page.getByLabel(t.entering.choosePassword, { exact: true }).check();
  await doctor.sees(t.entering.appScan);
  const secret = await doctor.page.locator('p code').innerText();
  program.keepSecret('doctor@example.org', 'correct horse battery');
  await doctor.fill(t.entering.mail, 'doctor@example.org');
  await doctor.fill(t.entering.newPassword, 'short');
  await doctor.fill(t.entering.code, codeOf(secret));
  await doctor.press(t.common.continue);
  await doctor.sees(t.entering.passwordShort);
  await doctor.fill(t.entering.newPassword, 'correct horse battery');
  await doctor.fill(t.entering.code, codeOf(secret));
  await picture(doctor, 'settings-password');
  await doctor.press(t.common.continue);
  await keepCodes(doctor, program);
  await doctor.sees(t.means.passwordOn('doctor@example.org'));
  await signOut(doctor);

  doctor.allow(/status of 404/);
  await doctor.goto(`${doctor.origin}/sign-in`);
  const attempt = async (mail, password, code) => {
    await doctor.fill(t.entering.mail, mail);
    await doctor.fill(t.entering.password, password);
    await doctor.fill(t.entering.code, code);
    await doctor.press(t.entering.signIn);
  };
  const good = codeOf(secret, 1); // the one of the next half minute: a phone's clock may be off, and the first is used up
  for (const wrong of [
    ['doctor@example.org', 'wrong horse battery', good],
    ['nobody@example.org', 'correct horse battery', good],
    ['doctor@example.org', 'correct horse battery', '000000'],
  ]) {
    await attempt(...wrong);
    await doctor.sees(t.entering.wrong);
    await doctor.reload();
  }
  await attempt('doctor@example.org', 'correct horse battery', codeOf(secret, 1));
  await doctor.page.waitForURL('**/desk');
});

let provider;
let back;
scenario(
  'OpenID Connect with a real provider: connected in the settings, in with it, strangers stay out',
  async stage => {
    stage.atEnd(() => provider.close());
    const { program } = stage;
    const elsewhere = /request to another origin: http:\/\/127\.0\.0\.1:/;
    const doctor = await stage.tab('doctor');
    doctor.allow(elsewhere);
    await signIn(doctor, program);
    const t = await wordsOf(doctor);
    assert.ok(back.startsWith(program.base), back);
    await doctor.page.goto(`${doctor.origin}/desk/settings/sign-in`);
    await doctor.press(t.means.connect('Hospital'));
    await signInThere(doctor, 'claire');
    await doctor.page.waitForURL('**/desk/settings/sign-in');
    await doctor.sees(t.means.disconnect('Hospital'));
    await signOut(doctor);

    await doctor.goto(`${doctor.origin}/sign-in`);
    await doctor.press(t.entering.withProvider('Hospital'));
    await doctor.page.waitForURL('**/desk'); // the provider knows the browser still
    await doctor.sees(t.desk.nobody);
    // Out here, and out there: the provider asks, and sends the browser back to us.
    await doctor.page.goto(`${doctor.origin}/desk/settings`);
    await doctor.press(t.preferences.signOut);
    await doctor.page.waitForURL(`${provider.issuer}/session/end?**`);
    await doctor.page.getByRole('button', { name: /Yes/ }).click();
    await doctor.page.waitForURL(`${doctor.origin}/`);
    await doctor.goto(`${doctor.origin}/sign-in`);
    await doctor.press(t.entering.withProvider('Hospital'));
    await signInThere(doctor, 'claire'); // it does not know the browser any more
    await doctor.page.waitForURL('**/desk');

    const stranger = await stage.tab('stranger');
    stranger.allow(elsewhere);
    await stranger.goto(`${stranger.origin}/sign-in`);
    await stranger.press(t.entering.withProvider('Hospital'));
    await signInThere(stranger, 'mallory');
    await stranger.sees(t.entering.stranger);
    // What comes from elsewhere than from a visit that began here signs nobody in.
    await stranger.goto(`${back}?code=stolen&state=guessed`);
    await stranger.sees(t.entering.provider);
    assert.equal(await stranger.evaluate(async () => (await fetch('/api/v1/me')).status), 401);
    stranger.allow(/status of 401/);
  },
  {
    environ: async () => {
      const port = await freePort();
      back = `http://localhost:${port}/provider/hospital/back`;
      provider = await startProvider(back);
      const { issuer, client_id, client_secret } = provider;
      return {
        COLLOQUE_LISTEN: `localhost:${port}`,
        COLLOQUE_ACCOUNTS_PROVIDERS: JSON.stringify([
          { id: 'hospital', name: 'Hospital', issuer, client_id, client_secret, scopes: ['email'], match_mail: true },
        ]),
      };
    },
  },
);
