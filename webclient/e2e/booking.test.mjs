import assert from 'node:assert/strict';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { findings } from './harness/axe.mjs';
import { offer } from './harness/bookable.mjs';
import { api } from './harness/colleague.mjs';
import { Mailbox } from './harness/mailbox.mjs';
import { inZone, zoneWithTimeLeft } from './harness/paris.mjs';
import { scenario } from './harness/scenario.mjs';
import { desktop, phone } from './harness/stage.mjs';
import { signIn, wordsOf } from './harness/steps.mjs';
import { until } from './harness/until.mjs';

const picture = (tab, name) =>
  process.env.PICTURES === undefined
    ? undefined
    : tab.page.screenshot({ path: `${process.env.PICTURES}/booking-${name}.png`, fullPage: true });

const JEANNE = { name: 'Jeanne Martin', mail: 'jeanne.martin@example.org', note: 'Douleur au genou' };
/** A page that says what is missing, or that somebody was quicker, has a status that says so too. */
const mayRefuse = tab => tab.allow(/the server responded with a status of (404|409|422)/);
/** Longer than the pages let a program be quick. */
const asLongAsPeopleTake = tab => tab.page.waitForFunction(at => performance.now() > at, 3500);

/** A practice with something to book, a mail server, and the words of the patient kept out of the log. */
async function practice(stage, fields, zone = 'Europe/Paris') {
  const { program } = stage;
  program.keepSecret(...Object.values(JEANNE));
  const doctor = await stage.tab('doctor', { context: { ...desktop, timezoneId: zone } });
  await signIn(doctor, program);
  const service = await offer(doctor, fields, { time_zone: zone });
  return { program, doctor, service };
}

let mailbox;
const withMail = async () => {
  mailbox = await Mailbox.open();
  return mailbox.environ();
};

/** Fills the form as somebody does, with mouse or finger. */
async function fillIn(tab, t) {
  await tab.fill(t.name, JEANNE.name);
  await tab.fill(t.day, '24');
  await tab.fill(t.month, '11');
  await tab.fill(t.year, '1946');
  await tab.page.locator('#mail').fill(JEANNE.mail);
}

const fr = {
  name: 'Prénom et nom',
  day: 'Jour',
  month: 'Mois',
  year: 'Année',
  mail: 'Adresse e-mail',
};
const ar = { name: 'الاسم واللقب', day: 'اليوم', month: 'الشهر', year: 'السنة', mail: 'البريد الإلكتروني' };

/** Phones lay a page that is too wide out on a wider screen: what counts is theirs. As it is, and with text twice as large. */
const noSideways = async (tab, where) => {
  const { width } = tab.page.viewportSize();
  for (const size of ['', '200%']) {
    const wide = await tab.evaluate(one => {
      document.documentElement.style.fontSize = one;
      return document.documentElement.scrollWidth;
    }, size);
    assert.ok(wide <= width, `${where}, text ${size}: ${wide} wide on a screen of ${width}`);
  }
  await tab.evaluate(() => document.documentElement.style.removeProperty('font-size'));
};

/** Presses Tab until the focus is on the control of that name, which must be seen to have it. */
async function focus(tab, name, { backwards = false } = {}) {
  const focused = () =>
    tab.evaluate(() => {
      const one = document.activeElement;
      const label = one?.labels?.[0]?.innerText;
      return (label ?? one?.innerText ?? '').replace(/\s+/g, ' ').trim();
    });
  const seen = [];
  for (let presses = 0; presses < 200; presses++) {
    await tab.page.keyboard.press(backwards ? 'Shift+Tab' : 'Tab');
    const now = await focused();
    seen.push(now);
    if (now === name) {
      const outline = await tab.evaluate(() => {
        const style = getComputedStyle(document.activeElement);
        return style.outlineStyle !== 'none' && Number.parseFloat(style.outlineWidth) >= 2;
      });
      assert.ok(outline, `the focus on “${name}” can be seen`);
      return;
    }
  }
  assert.fail(`Tab does not lead to “${name}”, only to: ${[...new Set(seen)].join(', ')}`);
}

async function enter(tab, name) {
  await focus(tab, name);
  await Promise.all([tab.page.waitForNavigation(), tab.page.keyboard.press('Enter')]);
}

async function type(tab, label, text) {
  await focus(tab, label);
  await tab.page.keyboard.type(text);
}

/** What a screen reader is told, as one text: Chromium's accessibility tree. */
async function tree(tab) {
  const session = await tab.context.newCDPSession(tab.page);
  const { nodes } = await session.send('Accessibility.getFullAXTree');
  await session.detach();
  return nodes
    .filter(node => !node.ignored && node.name?.value)
    .map(
      node => `${node.role.value}: ${node.name.value}${node.description?.value ? ` (${node.description.value})` : ''}`,
    )
    .join('\n')
    .replace(/\u00a0/g, ' ');
}

scenario(
  'a patient books, moves and cancels with the keyboard alone; axe and the accessibility tree are looked at on every page',
  async stage => {
    stage.atEnd(() => mailbox.close());
    const { program } = await practice(stage);
    const tab = await stage.tab('patient', { language: 'fr-FR', context: { ...desktop, reducedMotion: 'reduce' } });
    mayRefuse(tab);
    const found = [];
    const look = async (name, ...heard) => {
      await picture(tab, `desktop-${name}`);
      found.push(...(await findings(tab)).map(one => `${name}: ${one}`));
      await tab.page.emulateMedia({ colorScheme: 'dark' });
      found.push(...(await findings(tab, ['color-contrast'])).map(one => `${name}, dark: ${one}`));
      await tab.page.emulateMedia({ colorScheme: 'light' });
      const tells = await tree(tab);
      for (const words of heard) {
        assert.match(tells, words, `${name}: what a screen reader is told`);
      }
    };
    await tab.goto(`${program.base}/book`);
    await look('services', /heading: Prendre rendez-vous/, /link: Consultation de suivi/);
    await focus(tab, 'Consultation de suivi 30 min · par vidéo · 25 € Dr Claire Moreau');
    await Promise.all([tab.page.waitForNavigation(), tab.page.keyboard.press('Enter')]);
    await look(
      'times',
      /heading: Choisissez un horaire/,
      /button: 09:30 \((lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche) \d/i,
    );
    await enter(tab, '09:30');
    await look(
      'form',
      /heading: Vos coordonnées/,
      /textbox: Prénom et nom/,
      /Cet horaire est gardé pour vous jusqu’à \d\d:\d\d/,
      /group: Date de naissance/,
    );
    await type(tab, fr.name, JEANNE.name);
    await type(tab, fr.day, '24');
    await type(tab, fr.month, '11');
    await type(tab, fr.year, '1946');
    await asLongAsPeopleTake(tab);
    await enter(tab, 'Continuer');
    await tab.sees('Il reste quelque chose à compléter');
    await look(
      'mistakes',
      /heading: Il reste quelque chose à compléter/,
      /link: Écrivez un téléphone ou une adresse e-mail/,
    );
    assert.equal(await tab.evaluate(() => document.activeElement?.getAttribute('role')), 'alert');
    await type(tab, fr.mail, JEANNE.mail);
    await type(tab, 'Un mot pour nous (facultatif)', JEANNE.note);
    await asLongAsPeopleTake(tab);
    await enter(tab, 'Continuer');
    await look('code', /heading: Tapez le code reçu/, /textbox: Code à 6 chiffres/);
    const [, code] = await mailbox.find(JEANNE.mail, /rendez-vous : (\d{6})/);
    assert.equal(await tab.evaluate(() => document.activeElement?.id), 'code');
    await tab.page.keyboard.type(code);
    await Promise.all([tab.page.waitForNavigation(), tab.page.keyboard.press('Enter')]);
    await tab.sees('Votre rendez-vous est pris');
    await look('booked', /heading: Votre rendez-vous est pris/, /link: Ajouter à mon agenda/);

    // The link of the mail, whose text holds neither why nor what for.
    const { 1: link, input: text } = await mailbox.find(JEANNE.mail, /(http\S+\/a\/[\w-]+)/);
    assert.doesNotMatch(text, /genou|suivi/i);
    program.keepSecret(link.split('/').at(-1));
    await tab.goto(link);
    await look('manage', /heading: Votre rendez-vous/, /link: Changer l’horaire/, /link: Annuler ce rendez-vous/);
    await enter(tab, 'Changer l’horaire');
    await look('move', /heading: Choisissez le nouvel horaire/);
    await enter(tab, '11:00');
    await tab.sees('C’est fait : le rendez-vous a changé d’horaire.');
    await tab.sees('à 11:00 (heure de Paris)');
    await enter(tab, 'Annuler ce rendez-vous');
    await look('cancel', /heading: Annuler ce rendez-vous/);
    await enter(tab, 'Oui, annuler');
    await tab.sees('Ce rendez-vous est annulé.');
    await look('cancelled', /link: Prendre un rendez-vous/);
    await mailbox.find(JEANNE.mail, /est annulé/);
    assert.deepEqual(found, []);
  },
  { environ: withMail },
);

scenario(
  'without JavaScript, on a phone, in French: a request, the wait list, a booking, and what it looks like',
  async stage => {
    const { program, service } = await practice(stage, {
      modalities: ['in-person', 'video', 'phone'],
      description: { fr: 'Pour un traitement en cours, ou des résultats à regarder ensemble.' },
      questions: [
        { id: 'first', label: { fr: 'Est-ce votre première visite ?' }, kind: 'yes-no', required: true },
        {
          id: 'side',
          label: { fr: 'De quel côté ?' },
          kind: 'choice',
          choices: [
            { value: 'gauche', label: { fr: 'À gauche' } },
            { value: 'droite', label: { fr: 'À droite' } },
          ],
        },
        { id: 'since', label: { fr: 'Depuis quand ?' }, kind: 'text' },
      ],
    });
    const tab = await stage.tab('patient', { language: 'fr-FR', context: { ...phone, javaScriptEnabled: false } });
    mayRefuse(tab);
    const look = async name => {
      await picture(tab, `phone-${name}`);
      await noSideways(tab, name);
      const small = await tab.evaluate(() =>
        [
          ...document.querySelectorAll(
            'main a.button, main button, main a.choice, main input:not([tabindex]), main select',
          ),
        ]
          .filter(
            one =>
              one.getClientRects().length > 0 &&
              one.getBoundingClientRect().height < 44 &&
              one.closest('label.option') === null,
          )
          .map(one => one.outerHTML.slice(0, 100)),
      );
      assert.deepEqual(small, [], `${name}: too small to touch`);
    };
    await tab.goto(`${program.base}/book`);
    await look('services');
    await tab.press('Consultation de suivi', { exact: false });
    await look('times');
    await tab.press('Jours suivants');
    await tab.press('Jours précédents');
    await tab.press('Par téléphone');
    await tab.press('09:30');
    await look('form');
    await fillIn(tab, fr);
    await tab.page.waitForTimeout(3500);
    await tab.press('Continuer');
    await tab.sees('Écrivez le numéro où vous appeler.');
    await look('mistakes');
    await tab.fill('Téléphone', '06 39 98 00 10');
    await tab.page.getByLabel('Oui', { exact: true }).check();
    await tab.page.waitForTimeout(3500);
    await tab.press('Continuer');
    await tab.sees('Votre rendez-vous est pris');
    await tab.sees('Par téléphone : on vous appelle au');
    await look('booked');
    await tab.press('Voir, déplacer ou annuler');
    program.keepSecret(new URL(tab.page.url()).pathname.split('/').at(-1));
    await look('manage');
    await tab.press('Annuler ce rendez-vous');
    await look('cancel');
    await tab.press('Oui, annuler');
    await look('cancelled');

    await tab.goto(`${program.base}/book/${service}`);
    await tab.press('Demander qu’on me rappelle');
    await look('ask');
    await tab.goto(`${program.base}/book/${service}`);
    await tab.press('Me prévenir si une place se libère');
    await look('wait');
    await fillIn(tab, fr);
    await tab.page.waitForTimeout(3500);
    await tab.press('Me mettre sur la liste');
    await tab.sees('Vous êtes sur la liste d’attente');
    await look('waiting');
    await tab.goto(`${program.base}/a/nothing`);
    await look('link-gone');
    // Who is quicker.
    await tab.goto(`${program.base}/book/${service}`);
    const others = await stage.tab('other', { language: 'fr-FR', context: { ...phone, javaScriptEnabled: false } });
    await others.goto(tab.page.url());
    await others.press('09:30');
    await tab.press('09:30');
    await tab.sees('Cet horaire vient d’être pris');
    assert.equal(await tab.page.locator('button[name=start]').count(), 3);
    await look('taken');
  },
);

scenario(
  'a file that a service asks for is given in the form, without JavaScript: too large, then good, kept over the code; the practice opens it with the request',
  async stage => {
    stage.atEnd(() => mailbox.close());
    const { program, doctor, service } = await practice(stage, {
      modalities: ['in-person'],
      approval: true,
      questions: [
        { id: 'letter', label: { fr: 'Lettre de votre médecin' }, kind: 'file', required: true },
        { id: 'card', label: { fr: 'Carte de mutuelle' }, kind: 'file' },
      ],
    });
    const tab = await stage.tab('patient', { language: 'fr-FR', context: { ...phone, javaScriptEnabled: false } });
    mayRefuse(tab);
    const photo = Buffer.from(
      '/9j/4AAQSkZJRgABAQEASABIAAD/2wBDAP//////////////////////////////////////////////////////////////////////////////////////wgALCAABAAEBAREA/8QAFBABAAAAAAAAAAAAAAAAAAAAAP/aAAgBAQABPxA=',
      'base64',
    );
    const give = (label, name, buffer) =>
      tab.page.getByLabel(label, { exact: false }).setInputFiles({ name, mimeType: 'image/jpeg', buffer });
    const look = async name => {
      await picture(tab, `phone-${name}`);
      await noSideways(tab, name);
    };
    await tab.goto(`${program.base}/book/${service}`);
    await tab.press('09:30');
    await tab.sees('Une photo ou un PDF, 10 Mo au plus.', { exact: false });
    await look('files');
    await fillIn(tab, fr);
    await tab.page.locator('#note').fill(JEANNE.note);
    const film = join(program.folder, 'film.jpg'); // a path: so much goes through the browser's debugger slowly
    await writeFile(film, Buffer.concat([photo, Buffer.alloc(25 << 20)]));
    await tab.page.getByLabel('Lettre de votre médecin', { exact: false }).setInputFiles(film);
    await tab.page.waitForTimeout(3500);
    await tab.press('Envoyer ma demande');
    await tab.page.getByText('Ce fichier est trop lourd : 10 Mo au plus.').first().waitFor();
    await look('files-large');
    assert.equal(await tab.page.locator('#note').inputValue(), JEANNE.note, 'what was typed below is there');
    await give('Lettre de votre médecin', 'lettre.jpg', photo);
    await tab.page.locator('#name').fill('');
    await tab.page.waitForTimeout(3500);
    await tab.press('Envoyer ma demande');
    await tab.sees('Reçu : Lettre de votre médecin – lettre.jpg', { exact: false });
    await look('files-received');
    await tab.fill(fr.name, JEANNE.name);
    await tab.page.waitForTimeout(3500);
    await tab.press('Envoyer ma demande');
    await tab.sees('Tapez le code reçu');
    const [, code] = await mailbox.find(JEANNE.mail, /rendez-vous : (\d{6})/);
    await tab.fill('Code à 6 chiffres', code);
    await tab.press('Confirmer');
    await tab.sees('Votre demande est envoyée');
    await tab.press('Voir ou retirer ma demande');
    program.keepSecret(new URL(tab.page.url()).pathname.split('/').at(-1));
    await tab.sees('Reçu : Lettre de votre médecin – lettre.jpg', { exact: false });
    await tab.sees('Vous pouvez aussi les apporter.', { exact: false });
    await look('files-manage');
    await give('Carte de mutuelle', 'carte.jpg', Buffer.concat([photo, Buffer.from('2')]));
    await tab.press('Envoyer');
    await tab.sees('Reçu : Carte de mutuelle – carte.jpg', { exact: false });

    await doctor.goto(`${doctor.origin}/desk/agenda/requests`);
    await doctor.sees(JEANNE.name);
    await picture(doctor, 'request-with-files');
    const opened = doctor.context.waitForEvent('page');
    await doctor.press('Lettre de votre médecin – lettre.jpg');
    const page = await opened;
    await page.waitForURL(/\/d\/f_/);
    const [answer] = (await api(doctor, 'GET', '/appointment-requests')).body.requests[0].answers;
    assert.equal(answer.file.kind, 'image/jpeg');
    await page.close();
  },
  { environ: withMail },
);

// The Azores are two hours behind Paris on every day of the year; New York's clocks change on other days.
scenario('in Arabic, from right to left, a booking to the end; the times in the zone of the device', async stage => {
  const { program } = await practice(stage);
  const tab = await stage.tab('patient', { language: 'ar', context: { ...phone, timezoneId: 'Atlantic/Azores' } });
  await tab.goto(`${program.base}/book`);
  assert.equal(await tab.evaluate(() => document.documentElement.dir), 'rtl');
  await picture(tab, 'arabic-services');
  await tab.press('متابعة', { exact: false });
  await tab.sees('الأوقات حسب توقيت Paris.');
  await picture(tab, 'arabic-times');
  await tab.press('جهازكم على توقيت آخر: عرض الأوقات بتوقيت', { exact: false });
  await tab.sees('الأوقات حسب توقيت Azores.');
  await tab.press('07:30');
  await tab.sees('09:30 (توقيت Paris)');
  await tab.sees('07:30 (توقيت Azores)');
  await picture(tab, 'arabic-form');
  assert.deepEqual(await findings(tab), []);
  await noSideways(tab, 'the form');
  await fillIn(tab, ar);
  await asLongAsPeopleTake(tab);
  await tab.press('متابعة');
  await tab.sees('تم حجز موعدكم');
  await picture(tab, 'arabic-booked');
});

/** Waits until the practitioner's page, which nobody reloads, says so of somebody: in the agenda or on the page of the day. */
const shows = (tab, name, time) =>
  tab.until(
    `${name} ${time ?? 'gone'}`,
    ([who, when]) => {
      const all = [...document.querySelectorAll('.agenda-card, main tbody tr')].map(one => one.textContent);
      return when === null
        ? !all.some(one => one.includes(who))
        : all.some(one => one.includes(who) && one.includes(when));
    },
    [name, time],
  );

/** What is booked here in an hour is booked today. */
const todayZone = zoneWithTimeLeft();
scenario(
  'what patients do by their link is in the agenda and on the day at once; a time that is freed goes to who waits, by the link of a mail; a visit by video is joined from the appointment',
  async stage => {
    stage.atEnd(() => mailbox.close());
    const { program, doctor, service } = await practice(
      stage,
      { min_notice_minutes: 0, cut_off_minutes: 0, modalities: ['in-person', 'video'] },
      todayZone,
    );
    const LOUIS = { name: 'Louis Petit', mail: 'louis.petit@example.org' };
    program.keepSecret(...Object.values(LOUIS));
    const t = await wordsOf(doctor);
    const { id } = (await api(doctor, 'GET', '/me')).body;
    const book = async (who, start, modality) => {
      const made = await api(doctor, 'POST', '/appointments', {
        service,
        practitioner: id,
        start: start.toISOString(),
        modality,
        person: { name: who.name, language: 'fr', contact: { mail: who.mail } },
        tell: true,
      });
      assert.equal(made.status, 201, JSON.stringify(made.body));
      program.keepSecret(made.body.link.split('/').at(-1));
      return made.body.link;
    };
    const pocket = async (name, language = 'fr-FR') => {
      const tab = await stage.tab(name, { language, context: { ...phone, timezoneId: todayZone } });
      mayRefuse(tab);
      return tab;
    };
    const date = new Intl.DateTimeFormat('sv-SE', { timeZone: todayZone }).format(Date.now() + 4 * 86_400_000);
    const link = await book(LOUIS, inZone(todayZone, date, '09:30'), 'in-person');

    // Jeanne waits, by telephone.
    const jeanne = await pocket('jeanne');
    await jeanne.goto(`${program.base}/book/wait?service=${service}`);
    await fillIn(jeanne, fr);
    await asLongAsPeopleTake(jeanne);
    await jeanne.press('Me mettre sur la liste');
    const [, code] = await mailbox.find(JEANNE.mail, /rendez-vous : (\d{6})/);
    await jeanne.page.locator('#code').fill(code);
    await jeanne.page.keyboard.press('Enter');
    await jeanne.sees('Vous êtes sur la liste d’attente');

    // Louis moves his appointment, then cancels it. The practitioner looks at the day, and has wished no mail.
    await doctor.goto(`${program.base}/desk/agenda/day/${date}`);
    await shows(doctor, LOUIS.name, '9:30');
    const louis = await pocket('louis');
    await louis.goto(link);
    await louis.press('Changer l’horaire');
    await louis.goto(`${link}/move?from=${date}`);
    await louis.press('11:00');
    await louis.sees('C’est fait');
    await shows(doctor, LOUIS.name, '11:00');
    await doctor.press(LOUIS.name, { exact: false });
    await doctor.page.getByText(t.agenda.history, { exact: true }).click();
    await doctor.sees(t.agenda.by.patient);
    await picture(doctor, 'moved-by-patient');
    await doctor.pressInDialog(t.common.close);
    const [, offered] = await mailbox.find(JEANNE.mail, /(http\S+\/o\/[\w-]+)/); // 9:30 is free
    await louis.press('Annuler ce rendez-vous');
    await louis.press('Oui, annuler');
    await louis.sees('Ce rendez-vous est annulé.');
    await shows(doctor, LOUIS.name, null);

    // The offer of the mail, opened twice, accepted once.
    program.keepSecret(offered.split('/').at(-1));
    await jeanne.goto(offered);
    await jeanne.sees('Une place s’est libérée');
    await jeanne.sees('à 09:30');
    await noSideways(jeanne, 'the offer');
    assert.deepEqual(await findings(jeanne), []);
    await picture(jeanne, 'phone-offer');
    await jeanne.press('Oui, je prends cette place');
    await jeanne.sees('Votre rendez-vous est pris');
    program.keepSecret(new URL(jeanne.page.url()).pathname.split('/').at(-1));
    await shows(doctor, JEANNE.name, '9:30');
    jeanne.allow(/status of 410/);
    await jeanne.goto(offered);
    await jeanne.sees('Cette proposition n’est plus ouverte');

    // Today: what is cancelled is off the page, or said to be; what is joined is in the waiting room.
    const soon = new Date(Math.floor(Date.now() / 60_000) * 60_000 + 5 * 60_000);
    const later = minutes => new Date(soon.getTime() + minutes * 60_000);
    const inPerson = await book({ ...LOUIS, name: 'Louis Person' }, later(60), 'in-person');
    const byVideo = await book({ ...LOUIS, name: 'Louis Video' }, later(30), 'video');
    const joined = await book(JEANNE, soon, 'video');
    await doctor.goto(`${program.base}/desk`);
    for (const name of ['Louis Person', 'Louis Video', JEANNE.name]) {
      await doctor.sees(name);
    }
    for (const [name, manage, says] of [
      ['Louis Person', inPerson, null],
      ['Louis Video', byVideo, t.today.calledOff],
    ]) {
      await louis.goto(`${manage}/cancel`);
      await louis.press('Oui, annuler');
      await louis.sees('Ce rendez-vous est annulé.');
      await shows(doctor, name, says);
    }
    await jeanne.goto(joined);
    await picture(jeanne, 'phone-join');
    const p = await wordsOf(jeanne);
    await jeanne.press('Entrer dans la salle d’attente');
    await jeanne.press(p.entry.enter);
    await jeanne.press(p.check.skipAll);
    await jeanne.sees(p.waiting.heading);
    await picture(jeanne, 'phone-waiting-room');
    await doctor.page.getByRole('button', { name: t.desk.admitLabel(JEANNE.name) }).waitFor();
    await picture(doctor, 'waits-today');
  },
  { environ: async () => ({ ...(await withMail()), COLLOQUE_PRACTICE_PROFILE_TIME_ZONE: todayZone }) },
);

/** Somebody else's site, which holds the booking page by one line. */
async function siteWith(html, policy) {
  const server = createServer((_, answer) => {
    answer.setHeader('Content-Type', 'text/html; charset=utf-8');
    answer.setHeader('Content-Security-Policy', policy());
    answer.end(html());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { server, origin: `http://127.0.0.1:${server.address().port}` };
}

let site;
let base = '';
scenario(
  'one line puts the page into another site that is allowed to: a booking in the frame, which grows with it; no other site may',
  async stage => {
    stage.atEnd(() => new Promise(done => site.server.close(done)));
    const { program } = await practice(stage);
    base = program.base;
    const tab = await stage.tab('patient', { language: 'fr-FR', context: desktop });
    tab.noteRequest = () => undefined; // two origins, by design
    await tab.goto(site.origin);
    const frame = tab.page.frameLocator('iframe[title="Prendre rendez-vous"]');
    await frame.getByRole('link', { name: 'Consultation de suivi' }).click();
    await frame.getByRole('button', { name: '09:30' }).first().click();
    await frame.getByLabel(fr.name, { exact: true }).fill(JEANNE.name);
    await frame.getByLabel(fr.day, { exact: true }).fill('24');
    await frame.getByLabel(fr.month, { exact: true }).fill('11');
    await frame.getByLabel(fr.year, { exact: true }).fill('1946');
    await frame.getByLabel(fr.mail, { exact: true }).fill(JEANNE.mail);
    const heights = () =>
      tab.evaluate(() => {
        const one = document.querySelector('iframe');
        return { is: one.getBoundingClientRect().height, said: Number(one.height) };
      });
    await until('the frame is as tall as the form', async () => (await heights()).is > 900, { seen: heights });
    await picture(tab, 'embedded');
    await tab.page.waitForTimeout(3500);
    await frame.getByRole('button', { name: 'Continuer' }).click();
    await frame.getByRole('heading', { name: 'Votre rendez-vous est pris' }).waitFor();
    await until('the frame is shorter again', async () => (await heights()).is < 900, { seen: heights });

    const other = await siteWith(
      () => `<!doctype html><html lang="fr"><title>x</title><iframe title="x" src="${base}/book"></iframe>`,
      () => 'default-src *',
    );
    stage.atEnd(() => new Promise(done => other.server.close(done)));
    const stranger = await stage.tab('stranger', { language: 'fr-FR' });
    stranger.allow(/frame-ancestors|refused to connect|Framing/i);
    stranger.noteRequest = () => undefined;
    const refused = stranger.page.waitForEvent('console', message => /frame-ancestors/.test(message.text()));
    await stranger.goto(other.origin);
    await refused;
    await stranger.page.frameLocator('iframe').getByText('Prendre rendez-vous').waitFor({ state: 'detached' });
  },
  {
    environ: async () => {
      site = await siteWith(
        () =>
          `<!doctype html><html lang="fr"><head><title>Cabinet</title></head><body><h1>Notre cabinet</h1><script src="${base}/book/embed.js" defer></script></body></html>`,
        () => `default-src 'none'; script-src ${base}; frame-src ${base}; require-trusted-types-for 'script'`,
      );
      return { COLLOQUE_BOOKING_EMBED_FROM: `["${site.origin}"]` };
    },
  },
);
