import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { picture } from './harness/picture.mjs';
import { scenario } from './harness/scenario.mjs';
import { desktop, phone } from './harness/stage.mjs';
import { enterWaitingRoom, signIn, wordsOf } from './harness/steps.mjs';
import { until } from './harness/until.mjs';

/** A gateway that refuses the first message to each number, and keeps the links of the others. */
const met = new Set();
const links = [];
const gateway = createServer((request, response) => {
  let body = '';
  request.on('data', chunk => {
    body += chunk;
  });
  request.on('end', () => {
    const { to, text } = JSON.parse(body);
    const first = !met.has(to);
    met.add(to);
    if (!first) {
      links.push(text.match(/https?:\S+/)?.[0]);
    }
    response.writeHead(first ? 400 : 200, { 'Content-Type': 'application/json' }).end('{"id":"1"}');
  });
});

const environ = async () => {
  await new Promise(resolve => gateway.listen(0, '127.0.0.1', resolve));
  gateway.unref();
  const { port } = gateway.address();
  return {
    COLLOQUE_NOTICES_SMS_GATEWAYS: JSON.stringify([
      {
        name: 'main',
        url: `http://127.0.0.1:${port}/send`,
        headers: { 'Content-Type': 'application/json' },
        body: '{"to":{{json .To}},"text":{{json .Text}}}',
        message_id: 'json:id',
      },
    ]),
    COLLOQUE_NOTICES_SMS_QUIET_HOURS_FROM: '""',
    COLLOQUE_NOTICES_SMS_QUIET_HOURS_TO: '""',
  };
};

scenario(
  'a link that does not arrive is sent again, and a secretary sees who waits for each practitioner as it happens',
  async stage => {
    const { program } = stage;
    const doctor = await stage.tab('doctor', { language: 'fr-FR', context: desktop });
    await signIn(doctor, program);
    const f = await wordsOf(doctor);

    // A secretary, who works for the doctor.
    await doctor.press(f.shell.team);
    await doctor.press(f.team.invite);
    await doctor.fill(f.team.name, 'Nadia Benali');
    await doctor.page.getByLabel(f.team.secretary, { exact: true }).check();
    await doctor.pressInDialog(f.team.inviteButton);
    await doctor.sees(f.team.linkFor('Nadia Benali'));
    const invitation = await doctor.page.getByLabel(f.team.copyLink, { exact: true }).inputValue();
    program.keepSecret('Nadia Benali', invitation.split('/').at(-1));
    const secretary = await stage.tab('secretary', { language: 'fr-FR', context: desktop });
    const session = await secretary.page.context().newCDPSession(secretary.page);
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
    await secretary.goto(invitation);
    await secretary.press(f.entering.makePasskey);
    await secretary.sees(f.entering.codesHeading);
    program.keepSecret(...(await secretary.page.locator('.codes code').allInnerTexts()));
    await secretary.page.getByLabel(f.entering.codesKept).check();
    await secretary.press(f.entering.codesNext);
    await secretary.page.waitForURL('**/desk');
    await doctor.page.getByLabel('Nadia Benali', { exact: true }).check();
    await doctor.sees(f.common.saved);
    await secretary.reload();
    await secretary.sees(f.desk.nobody);

    // The gateway refuses the first message: both see it, and why.
    await doctor.press(f.shell.today);
    await doctor.page.getByRole('combobox', { name: f.patients.choose, exact: true }).fill('Jeanne Martin');
    await doctor.sees(f.patients.chooseNew);
    await picture(doctor, 'new-name');
    await doctor.page.getByLabel(f.patients.person.contact, { exact: true }).fill('06 39 98 00 10');
    await doctor.press(f.today.send);
    await doctor.sees(f.delivery.headingCount(1));
    await secretary.sees(f.delivery.headingCount(1));
    await secretary.sees(f.delivery.because(f.delivery.states.sms.failed, f.delivery.reasons.refused));
    program.keepSecret('Jeanne Martin', '639980010');
    await picture(doctor, 'undelivered-doctor');
    await picture(secretary, 'undelivered');
    await secretary.page
      .locator('.lost')
      .getByRole('button', { name: f.delivery.sendAgainLabel('Jeanne Martin') })
      .click();
    await secretary.until('the list is empty', () => document.querySelector('.undelivered') === null);
    await doctor.until('the doctor’s too', () => document.querySelector('.undelivered') === null);
    await secretary.sees(f.today.state.notOpened);
    await until('the gateway has it', () => links.length === 1);
    program.keepSecret(links[0].split('/').at(-1));

    // The patient comes: the secretary hears of it at once, for whom, and lets nobody in.
    const patient = await stage.tab('patient', { context: phone });
    await enterWaitingRoom(patient, links[0]);
    await secretary.sees(f.desk.waitingHeading(1));
    await secretary.until(
      'the list says so too',
      words => document.querySelector('.day .now')?.textContent === words,
      f.today.state.waiting,
    );
    assert.match(await secretary.page.title(), /Jeanne Martin/);
    assert.equal(await secretary.page.getByRole('button', { name: f.desk.admitLabel('Jeanne Martin') }).count(), 0);
    await picture(secretary, 'secretary-today');
    await secretary.press(f.strip.messageTo('Jeanne Martin'));
    await secretary.fill(f.strip.messageLabel, 'Le docteur arrive.');
    await secretary.pressInDialog(f.strip.send);
    await patient.sees('Le docteur arrive.');

    // Whether it rings is for each browser to say.
    await secretary.page.goto(`${secretary.origin}/desk/settings/arrivals`);
    const ring = secretary.page.getByLabel(f.preferences.bell.ring, { exact: true });
    assert.equal(await ring.isChecked(), true);
    await ring.uncheck();
    await picture(secretary, 'arrivals');
    await secretary.reload();
    assert.equal(await secretary.page.getByLabel(f.preferences.bell.ring, { exact: true }).isChecked(), false);
  },
  { environ },
);
