/** The practitioner's desk over REST alone, for what needs no browser: opening hours, a service, appointments. */
import { DOCTOR } from './steps.mjs';

const weekly = [0, 1, 2, 3, 4, 5, 6].map(weekday => ({ weekday, from: '08:00', to: '18:00' }));

export class Desk {
  /** Signs in by the link that the program printed, and opens every day in Paris. */
  static async open(program) {
    const desk = new Desk();
    desk.base = program.base;
    await desk.ask('POST', '/sign-in', { ticket: program.signInLink.split('/').at(-1) });
    desk.me = await desk.ask('GET', '/me');
    await desk.ask('PUT', `/schedules/${desk.me.id}`, { revision: 0, name: DOCTOR, time_zone: 'Europe/Paris', weekly });
    const service = await desk.ask('POST', '/services', {
      label: { fr: 'Consultation' },
      duration_minutes: 30,
      horizon_days: 400,
      modalities: ['video'],
      practitioners: [desk.me.id],
    });
    desk.service = service.id;
    return desk;
  }

  async ask(method, path, body) {
    const headers = { Origin: this.base, 'Sec-Fetch-Site': 'same-origin', Cookie: this.cookie ?? '' };
    if (body !== undefined) {
      headers['Content-Type'] = 'application/json';
    }
    const answer = await fetch(`${this.base}/api/v1${path}`, { method, headers, body: JSON.stringify(body) });
    if (!answer.ok) {
      throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    }
    this.cookie = answer.headers.get('set-cookie')?.split(';')[0] ?? this.cookie;
    return answer.status === 204 ? null : answer.json();
  }

  /** Books for somebody, who is told, and returns the appointment's id. */
  async book(person, start) {
    const made = await this.ask('POST', '/appointments', {
      service: this.service,
      practitioner: this.me.id,
      start,
      modality: 'video',
      tell: true,
      person: { name: person.name, language: 'fr', contact: { mail: person.mail } },
    });
    return made.appointment.id;
  }

  move(id, start) {
    return this.ask('POST', `/appointments/${id}/move`, { practitioner: this.me.id, start, tell: true });
  }

  cancel(id) {
    return this.ask('POST', `/appointments/${id}/cancel`, { tell: true });
  }

  /** The times that patients can have on a day, in UTC: "07:00 07:30 …". */
  async free(day) {
    const query = new URLSearchParams({ service: this.service, from: `${day}T00:00:00Z`, to: `${day}T23:59:00Z` });
    const { times } = await this.ask('GET', `/free-times?${query}`);
    return times.map(one => one.start.slice(11, 16)).join(' ');
  }
}

/** A Wednesday, far enough ahead: in summer and in winter by turns of the year. */
export function wednesday(daysAhead) {
  const day = new Date(Date.now() + daysAhead * 864e5);
  day.setUTCDate(day.getUTCDate() + ((3 - day.getUTCDay() + 7) % 7));
  return day.toISOString().slice(0, 10);
}
