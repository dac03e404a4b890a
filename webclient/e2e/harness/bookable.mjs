/** What a practice offers, put in over REST by the practitioner who is signed in. */
import { api } from './colleague.mjs';
import { DOCTOR } from './steps.mjs';

/** Hours on every day of the week, so that there is something free whenever a test runs. */
const weekly = [0, 1, 2, 3, 4, 5, 6].map(weekday => ({ weekday, from: '08:00', to: '20:00' }));

/**
 * Offers a service, and returns its id.
 * @param {object} tab signed in as practitioner
 * @param {object} [fields] of the service, instead of the usual ones
 */
export async function offer(tab, fields = {}, schedule = {}) {
  const me = await api(tab, 'GET', '/me');
  const id = me.body.id ?? me.body.account?.id;
  const made = await api(tab, 'POST', '/services', {
    label: { fr: 'Consultation de suivi', en: 'Follow-up', ar: 'متابعة' },
    price: { fr: '25 €', en: '€25', ar: '25 €' },
    duration_minutes: 30,
    horizon_days: 60,
    min_notice_minutes: 24 * 60,
    modalities: ['video'],
    practitioners: [id],
    cut_off_minutes: 60,
    ...fields,
  });
  if (made.status !== 201) {
    throw new Error(`no service: ${made.status} ${JSON.stringify(made.body)}`);
  }
  const was = await api(tab, 'GET', `/schedules/${id}`);
  const kept = await api(tab, 'PUT', `/schedules/${id}`, {
    revision: was.body.revision ?? 0,
    name: DOCTOR,
    time_zone: 'Europe/Paris',
    weekly,
    ...schedule,
  });
  if (kept.status >= 300) {
    throw new Error(`no schedule: ${kept.status} ${JSON.stringify(kept.body)}`);
  }
  return made.body.id;
}
