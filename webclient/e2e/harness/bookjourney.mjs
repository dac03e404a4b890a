/**
 * bookJourney(stage, settings, visit): the appointment book, as patients and the practice see it, with `visit(tab, name)` at each page. The
 * screenshots are taken from it; what must hold is in booking, agenda, requests and services.
 */
import assert from 'node:assert/strict';
import { offer } from './bookable.mjs';
import { api } from './colleague.mjs';
import { inParis, tuesday } from './paris.mjs';
import { signIn, wordsOf } from './steps.mjs';

/** Who comes in the week: day after its Monday, time, name, how. */
const week = [
  [0, '09:00', 'Jeanne Martin', 'video'],
  [0, '09:30', 'Ahmed Benali', 'in-person'],
  [0, '10:30', 'Léa Durand', 'phone'],
  [0, '14:30', 'Paul Nguyen', 'video'],
  [1, '09:30', 'Samira Haddad', 'video'],
  [1, '10:00', 'Louis Petit', 'in-person'],
  [1, '11:00', 'Marie Roux', 'video'],
  [1, '15:00', 'Hugo Lambert', 'phone'],
  [2, '09:00', 'Ana Lopes', 'in-person'],
  [2, '10:00', 'Chloé Faure', 'video'],
  [3, '09:30', 'Rosa Garcia', 'video'],
  [3, '11:30', 'Émile Girard', 'in-person'],
  [3, '14:00', 'Inès Moreau', 'video'],
  [3, '16:00', 'Jean Lefèvre', 'phone'],
  [4, '09:00', 'Nora Simon', 'video'],
  [4, '10:30', 'Victor Blanc', 'in-person'],
];

/** The settings are those of journey.mjs. */
export async function bookJourney(stage, settings, visit) {
  const { program } = stage;
  const language = settings.language === 'fr' ? 'fr-FR' : 'en-GB';
  const doctor = await stage.tab('doctor', { language, context: settings.doctor });
  await signIn(doctor, program);
  const t = await wordsOf(doctor);
  const monday = Date.parse(tuesday()) - 86_400_000;
  const dayOf = after => new Date(monday + after * 86_400_000).toISOString().slice(0, 10);
  const day = weekday => [
    { weekday, from: '09:00', to: '12:00' },
    ...(weekday === 3 ? [] : [{ weekday, from: '14:00', to: '17:00' }]),
  ];
  const service = await offer(
    doctor,
    { modalities: ['video', 'in-person', 'phone'] },
    { weekly: [1, 2, 3, 4, 5].flatMap(day) },
  );
  const { body: me } = await api(doctor, 'GET', '/me');
  for (const [after, time, name, modality] of week) {
    program.keepSecret(name);
    const start = inParis(dayOf(after), time).toISOString();
    const wish = {
      service,
      practitioner: me.id,
      start,
      modality,
      person: { name, language: settings.language },
      tell: false,
    };
    const made = await api(doctor, 'POST', '/appointments', wish);
    assert.equal(made.status, 201, JSON.stringify(made.body));
  }
  await doctor.goto(`${program.base}/desk/agenda/week/${dayOf(0)}`);
  await doctor.sees('Victor Blanc');
  await visit(doctor, 'agenda-week');
  await doctor.goto(`${program.base}/desk/agenda/day/${dayOf(0)}`);
  await doctor.sees('Paul Nguyen');
  await visit(doctor, 'agenda-day');
  await doctor.page.getByRole('button', { name: /Paul Nguyen/ }).click();
  await doctor.sees(t.agenda.move);
  await visit(doctor, 'agenda-open');
  for (const [name, path] of [
    ['services', 'services'],
    ['hours', 'hours'],
    ['booking-page', 'booking-page'],
  ]) {
    await doctor.goto(`${program.base}/desk/settings/${path}`);
    await doctor.page.locator('.booking .card').first().waitFor();
    await visit(doctor, `settings-${name}`);
  }

  const patient = await stage.tab('patient', { language, context: settings.patient });
  await patient.goto(`${program.base}/book`);
  await visit(patient, 'book-services');
  await patient.goto(`${program.base}/book/${service}`);
  await visit(patient, 'book-times');
  await patient.page.locator('.times button').first().click();
  await patient.page.locator('#mail').waitFor();
  await visit(patient, 'book-form');
}
