/** What a practice offers, put in over REST by the practitioner who is signed in. */
import assert from 'node:assert/strict';
import { api } from './colleague.mjs';

/** The same hours on every day of the week, so that there is something free whenever a test runs. */
export const everyDay = (from, to) => [0, 1, 2, 3, 4, 5, 6].map(weekday => ({ weekday, from, to }));

/**
 * Offers a service, and returns its id.
 * @param {object} tab signed in as practitioner
 * @param {object} [fields] of the service, instead of the usual ones; of its practitioners all get the schedule
 * @param {object} [schedule] fields of the schedule, instead of the usual ones
 */
export async function offer(tab, fields = {}, schedule = {}) {
  const { body: me } = await api(tab, 'GET', '/me');
  const { practitioners = [me.id] } = fields;
  const made = await api(tab, 'POST', '/services', {
    label: { fr: 'Consultation de suivi', en: 'Follow-up', ar: 'متابعة' },
    price: { fr: '25 €', en: '€25', ar: '25 €' },
    duration_minutes: 30,
    horizon_days: 60,
    min_notice_minutes: 24 * 60,
    modalities: ['video'],
    cut_off_minutes: 60,
    ...fields,
    practitioners,
  });
  assert.equal(made.status, 201, JSON.stringify(made.body));
  for (const id of practitioners) {
    const { body: was } = await api(tab, 'GET', `/schedules/${id}`);
    const kept = await api(tab, 'PUT', `/schedules/${id}`, {
      revision: was.revision,
      name: was.name,
      time_zone: 'Europe/Paris',
      weekly: everyDay('08:00', '20:00'),
      ...schedule,
    });
    assert.equal(kept.status, 200, JSON.stringify(kept.body));
  }
  return made.body.id;
}

/** The times of a service that are offered on a day (YYYY-MM-DD), in UTC: '08:00 08:30'. */
export async function offered(tab, service, day) {
  const query = new URLSearchParams({ service, from: `${day}T00:00:00Z`, to: `${day}T23:59:00Z` });
  const answer = await api(tab, 'GET', `/free-times?${query}`);
  assert.equal(answer.status, 200, JSON.stringify(answer.body));
  return answer.body.times.map(one => one.start.slice(11, 16)).join(' ');
}
