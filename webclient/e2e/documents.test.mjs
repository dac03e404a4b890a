import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { eicar, hasClamd, startClamd } from './harness/clamd.mjs';
import { scenario } from './harness/scenario.mjs';
import { desktop, phone } from './harness/stage.mjs';
import { admit, enterWaitingRoom, live, noDialog, signIn, startConsultation, wordsOf } from './harness/steps.mjs';
import { until } from './harness/until.mjs';

const PATIENT = 'Jeanne Martin';
const GUEST = 'Paul Martin';
const SIZE = 12 * 1024 * 1024;

const hash = bytes => createHash('sha256').update(bytes).digest('hex');

/** A photograph that browsers show, of this many bytes: the most of them in segments which they pass over, and which the server leaves alone. */
async function photograph(tab, size) {
  const picture = await tab.evaluate(() => {
    const canvas = document.createElement('canvas');
    canvas.width = 640;
    canvas.height = 480;
    const context = canvas.getContext('2d');
    context.fillStyle = '#0b6b63';
    context.fillRect(40, 40, 560, 400);
    return canvas.toDataURL('image/jpeg').split(',')[1];
  });
  const bytes = Buffer.from(picture, 'base64');
  const parts = [bytes.subarray(0, 2)]; // start of image
  for (let left = size - bytes.length; left > 0; ) {
    const length = left <= 0xffff + 2 ? left - 2 : Math.min(0xffff, left - 6); // what is left is no shorter than a segment's head
    parts.push(Buffer.from([0xff, 0xe0, length >> 8, length & 0xff]), randomBytes(length - 2)); // APP0
    left -= length + 2;
  }
  return Buffer.concat([...parts, bytes.subarray(2)]);
}

/** What stands in a page's image, as its hash. */
const hashOfPicture = tab =>
  tab.evaluate(async () => {
    const image = document.querySelector('.document-picture');
    const bytes = await (await fetch(image.src)).arrayBuffer();
    const digest = await crypto.subtle.digest('SHA-256', bytes);
    return {
      hash: [...new Uint8Array(digest)].map(one => one.toString(16).padStart(2, '0')).join(''),
      width: image.naturalWidth,
    };
  });

const choose = (tab, name, mimeType, buffer) =>
  tab.page.locator('input[type=file][data-capture=false]').first().setInputFiles({ name, mimeType, buffer });

scenario(
  'a patient who waits sends a photograph of 12 MB over a slow network that is cut, and a reload; it arrives byte for byte, and is seen',
  async stage => {
    const { program } = stage;
    const doctor = await stage.tab('doctor');
    await signIn(doctor, program);
    const patient = await stage.tab('patient', { context: phone });
    const link = await startConsultation(doctor, program, PATIENT);
    await enterWaitingRoom(patient, link);
    const t = await wordsOf(patient);
    await patient.sees(t.documents.invite);
    for (const tab of [doctor, patient]) {
      tab.allow(/Failed to load resource|WebSocket connection to/);
    }
    const wire = await patient.context.newCDPSession(patient.page);
    const slow = { offline: false, latency: 80, downloadThroughput: 1_500_000, uploadThroughput: 1_500_000 };
    await wire.send('Network.enable');
    await wire.send('Network.emulateNetworkConditions', slow);

    const photo = await photograph(doctor, SIZE);
    program.keepSecret('grain de beauté');
    await choose(patient, 'grain de beauté.jpg', 'image/jpeg', photo);
    const progress = () => patient.evaluate(() => document.querySelector('progress')?.value ?? null);
    await until('some of it is there', async () => (await progress()) > 500_000);
    await wire.send('Network.emulateNetworkConditions', { ...slow, offline: true });
    await patient.sees(t.documents.stuck);
    const before = await progress();
    await wire.send('Network.emulateNetworkConditions', slow);
    await until('it goes on', async () => (await progress()) > before);
    // The phone's browser throws the page away: the file is still there, and the place in the queue.
    const reloaded = await progress();
    await patient.reload();
    await until('it goes on after the reload', async () => ((await progress()) ?? 0) >= reloaded, { within: 30_000 });
    await patient.sees(t.documents.notSeen, { within: 60_000 });

    await admit(doctor, PATIENT);
    const d = await wordsOf(doctor);
    await doctor.press(d.call.documents);
    await doctor.press(d.documents.openOf('grain de beauté.jpg'));
    await doctor.until('shows the picture', () => document.querySelector('.document-picture')?.complete);
    const seen = await hashOfPicture(doctor);
    assert.equal(seen.hash, hash(photo));
    assert.equal(seen.width, 640);
    await doctor.screenshot('e2e/results/documents-doctor.png').catch(() => undefined);
    await patient.press(t.call.message);
    await patient.press(t.call.sendDocument);
    await patient.sees(t.documents.seen('').trim());
    await patient.screenshot('e2e/results/documents-patient.png').catch(() => undefined);
  },
);

const pdf = Buffer.from(
  '%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 200]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n',
);

scenario(
  'a practitioner drops a PDF, the patient opens it, and finds it after the call with link and code',
  async stage => {
    const { program } = stage;
    const doctor = await stage.tab('doctor');
    await signIn(doctor, program);
    const patient = await stage.tab('patient');
    const link = await live(doctor, patient, program, PATIENT);
    const t = await wordsOf(doctor);
    await doctor.page.locator('.peek, .stage').first().waitFor();
    await until('the page takes what is dropped', async () => {
      const transfer = await doctor.page.evaluateHandle(
        bytes => {
          const files = new DataTransfer();
          files.items.add(new File([new Uint8Array(bytes)], 'ordonnance.pdf', { type: 'application/pdf' }));
          return files;
        },
        [...pdf],
      );
      await doctor.page.dispatchEvent('main', 'drop', { dataTransfer: transfer });
      return (await doctor.text()).includes('ordonnance.pdf');
    });
    await doctor.sees(t.documents.notSeen);
    await patient.sees(t.documents.arrived('Dr Claire Moreau', 'ordonnance.pdf'));
    await patient.press(t.documents.arrived('Dr Claire Moreau', 'ordonnance.pdf'));
    const [opened, answer] = await Promise.all([
      patient.context.waitForEvent('page'),
      patient.context.waitForEvent('response', one => new URL(one.url()).pathname.startsWith('/d/')),
      patient.press(t.documents.openOf('ordonnance.pdf')),
    ]);
    assert.equal(answer.status(), 200);
    assert.equal(answer.headers()['content-type'], 'application/pdf');
    assert.equal(answer.headers()['x-content-type-options'], 'nosniff');
    await opened.close();
    await doctor.sees(t.documents.seenBy(PATIENT, '').trim());

    await doctor.press(t.call.end);
    await doctor.pressInDialog(t.call.endYes);
    await patient.sees(t.documents.keptHeading);
    const code = (await patient.text()).match(/(\d{3})\s(\d{3})/);
    assert.ok(code, 'the code is shown');
    program.keepSecret(code[0], code[1] + code[2]);
    await patient.screenshot('e2e/results/documents-ended.png').catch(() => undefined);

    const later = await stage.tab('later', { context: phone });
    later.allow(/status of 403/);
    await later.goto(link);
    await later.fill(t.documents.code, '000000');
    await later.press(t.documents.unlock);
    await later.sees(t.documents.codeProblems.wrong);
    await later.fill(t.documents.code, `${code[1]} ${code[2]}`);
    await later.press(t.documents.unlock);
    await later.sees('ordonnance.pdf');
    await later.screenshot('e2e/results/documents-later.png').catch(() => undefined);

    // The practitioner finds the consultation again from the day, with what was sent and seen, and sends one more.
    await doctor.press(t.visitPage.openOf(PATIENT));
    await doctor.sees('ordonnance.pdf');
    await doctor.sees(t.documents.seenBy(PATIENT, '').trim());
    await doctor.sees(t.visitPage.lateHanded); // no telephone, no mail: there is no way to tell them
    await choose(doctor, 'courrier.pdf', 'application/pdf', Buffer.concat([pdf, Buffer.from('%later\n')]));
    await doctor.sees('courrier.pdf');
    await doctor.sees(t.documents.notSeen);
    await doctor.press(t.visitPage.code);
    await doctor.sees(t.visitPage.codeIs(`${code[1]}\u00a0${code[2]}`));
    await doctor.screenshot('e2e/results/visit-after.png').catch(() => undefined);
    await doctor.page.setViewportSize(phone.viewport);
    await doctor.screenshot('e2e/results/visit-after-phone.png').catch(() => undefined);
    await later.reload();
    await later.fill(t.documents.code, `${code[1]} ${code[2]}`);
    await later.press(t.documents.unlock);
    await later.sees('courrier.pdf');
  },
);

scenario(
  'what is on its way when the call ends still arrives, both ways, and after a reload of the page',
  async stage => {
    const { program } = stage;
    const doctor = await stage.tab('doctor');
    await signIn(doctor, program);
    const patient = await stage.tab('patient', { context: phone });
    const link = await live(doctor, patient, program, PATIENT);
    const [d, p] = [await wordsOf(doctor), await wordsOf(patient)];
    for (const tab of [doctor, patient]) {
      tab.allow(/Failed to load resource|WebSocket connection to/);
      const wire = await tab.context.newCDPSession(tab.page);
      await wire.send('Network.enable');
      await wire.send('Network.emulateNetworkConditions', {
        offline: false,
        latency: 40,
        downloadThroughput: 2_000_000,
        uploadThroughput: 400_000,
      });
    }
    const photos = await Promise.all([photograph(doctor, SIZE / 3), photograph(doctor, SIZE / 3)]);
    await doctor.press(d.call.documents);
    await choose(doctor, 'ordonnance.jpg', 'image/jpeg', photos[0]);
    await patient.press(p.call.message);
    await patient.press(p.call.sendDocument);
    await choose(patient, 'lésion.jpg', 'image/jpeg', photos[1]);
    const begun = tab => tab.evaluate(() => (document.querySelector('progress')?.value ?? 0) > 100_000);
    await until('both are on their way', async () => (await begun(doctor)) && (await begun(patient)));
    await doctor.press(d.call.end);
    await doctor.pressInDialog(d.call.endYes);
    await patient.sees(p.documents.goesOn);
    await doctor.sees(d.documents.goesOn);
    await patient.screenshot('e2e/results/documents-goes-on.png').catch(() => undefined);
    await doctor.screenshot('e2e/results/documents-goes-on-doctor.png').catch(() => undefined);
    // The patient's page is thrown away: what waits in the browser goes on with the link alone.
    await patient.page.close({ runBeforeUnload: false });
    patient.page = await patient.context.newPage();
    await patient.page.goto(link);
    await until('it goes on', async () => (await patient.page.innerText('main')).includes(p.documents.wentThrough), {
      within: 60_000,
    });
    await doctor.sees(d.documents.wentThrough, { within: 60_000 });
  },
);

scenario('what a guest has begun to send goes on after they left, and after the call is over', async stage => {
  const { program } = stage;
  const doctor = await stage.tab('doctor');
  await signIn(doctor, program);
  const patient = await stage.tab('patient', { context: phone });
  await live(doctor, patient, program, PATIENT);
  const t = await wordsOf(doctor);
  await doctor.press(t.call.invite);
  await doctor.fill(t.call.inviteName, GUEST);
  await doctor.pressInDialog(t.call.inviteMake);
  const invitation = await doctor.page.getByLabel(t.desk.linkLabel, { exact: true }).inputValue();
  program.keepSecret(invitation.split('/').at(-1));
  await doctor.pressInDialog(t.common.close);
  await noDialog(doctor);
  const guest = await stage.tab('guest', { context: desktop });
  await enterWaitingRoom(guest, invitation);
  await doctor.press(t.call.waitingChip(1, 0));
  await admit(doctor, GUEST);
  guest.allow(/Failed to load resource|WebSocket connection to/);
  const wire = await guest.context.newCDPSession(guest.page);
  await wire.send('Network.enable');
  await wire.send('Network.emulateNetworkConditions', {
    offline: false,
    latency: 40,
    downloadThroughput: 2_000_000,
    uploadThroughput: 300_000,
  });
  await guest.press(t.call.message);
  await guest.press(t.call.sendDocument);
  await choose(guest, 'courrier.jpg', 'image/jpeg', await photograph(guest, SIZE / 3));
  const percent = () => guest.evaluate(() => document.querySelector('progress')?.value ?? 0);
  await until('it is on its way', async () => (await percent()) > 100_000);
  await guest.press(t.call.leave);
  await guest.pressInDialog(t.call.leaveYes);
  await guest.sees(t.ended.left);
  await guest.sees(t.documents.goesOn);
  const then = await percent();
  await until('it goes on', async () => (await percent()) > then);
  await doctor.press(t.call.end);
  await doctor.pressInDialog(t.call.endYes);
  await guest.sees(t.documents.wentThrough, { within: 60_000 });
  await guest.screenshot('e2e/results/documents-guest.png').catch(() => undefined);
});

let clam = null;
scenario(
  'a file with the EICAR test string is refused with clear words, and a clean one passes',
  async stage => {
    stage.atEnd(() => clam?.close());
    if (clam === null) {
      return; // no clamav-daemon on this machine
    }
    const { program } = stage;
    const doctor = await stage.tab('doctor');
    await signIn(doctor, program);
    const patient = await stage.tab('patient', { context: phone });
    const link = await startConsultation(doctor, program, PATIENT);
    await enterWaitingRoom(patient, link);
    const t = await wordsOf(patient);
    await patient.sees(t.documents.invite);
    await choose(patient, 'notes.txt', 'text/plain', Buffer.from(eicar));
    await patient.sees(t.documents.refused.virus);
    await choose(patient, 'clean.txt', 'text/plain', Buffer.from('Two a day.'));
    await patient.sees(t.documents.notSeen);
    await patient.screenshot('e2e/results/documents-virus.png').catch(() => undefined);
  },
  {
    environ: async () => {
      clam = hasClamd() ? await startClamd() : null;
      return clam === null ? {} : { COLLOQUE_DOCUMENTS_CLAMD: clam.address };
    },
  },
);
