// What the screens of requests are told. For development only.

/** Null: the path is another area's. With `none` there is nothing to do. */
export function requestsAnswer(path: string, none: boolean): object | null {
  const hence = (hours: number): string =>
    new Date(Math.floor(Date.now() / 1_800_000) * 1_800_000 + hours * 3_600_000).toISOString();
  const label = { fr: 'Consultation de suivi', en: 'Follow-up', ar: 'متابعة' };
  const jeanne = {
    patient: 'pt_1',
    name: 'Jeanne Martin',
    birth_date: '1948-03-09',
    contact: { phone: '+33639980010' },
    needs: [],
  };
  const paul = { name: 'Paul Petit', contact: { phone: '+33639980011' }, needs: [] };
  const lea = { name: 'Léa Durand-Beauregard', contact: { mail: 'lea.durand@example.org' }, needs: [] };
  if (path.startsWith('/appointment-requests/count')) {
    return { requests: none ? 0 : 3 };
  }
  if (/^\/appointment-requests\/.*times/.test(path)) {
    return {
      times: [24, 24.5, 25, 26, 48, 49, 50.5].map(hours => ({
        start: hence(hours),
        practitioner: 'a_1',
        practitioner_name: 'Dr Claire Moreau',
        time_zone: 'Europe/Paris',
      })),
      practitioners: [{ id: 'a_1', name: 'Dr Claire Moreau', time_zone: 'Europe/Paris' }],
    };
  }
  if (path.startsWith('/appointment-requests')) {
    const one = {
      label,
      practitioner: 'a_1',
      practitioner_name: 'Dr Claire Moreau',
      practitioners: ['a_1'],
      duration_minutes: 30,
      time_zone: 'Europe/Paris',
      answers: [],
    };
    return {
      requests: none
        ? []
        : [
            {
              ...one,
              id: 'ap_1',
              start: hence(70),
              modality: 'video',
              created_at: hence(-26),
              person: jeanne,
              answers: [
                { question: { fr: 'Première consultation ?', en: 'First visit?' }, kind: 'yes-no', answer: 'yes' },
                {
                  question: { fr: 'Votre dernière ordonnance', en: 'Your last prescription' },
                  kind: 'file',
                  answer: 'd_1',
                  file: { id: 'd_1', name: 'Votre dernière ordonnance – photo.jpg', state: 'ready' },
                },
              ],
            },
            {
              ...one,
              id: 'ap_2',
              practitioner: '',
              practitioner_name: '',
              modality: 'phone',
              created_at: hence(-3),
              person: paul,
              note: 'Plutôt le matin, avant 10 h. Je travaille le mardi.',
            },
            { ...one, id: 'ap_3', start: hence(99), modality: 'in-person', created_at: hence(-0.4), person: lea },
          ],
    };
  }
  if (path.startsWith('/wait-list')) {
    const one = { label, practitioner: '', from: hence(1), to: hence(400), created_at: hence(-50) };
    return {
      waiting: none
        ? []
        : [
            {
              ...one,
              id: 'w_1',
              person: jeanne,
              offers: [
                { start: hence(-20), until: hence(-40), told: true },
                { start: hence(30), until: hence(1), told: false },
              ],
            },
            {
              ...one,
              id: 'w_2',
              person: paul,
              half_days: [{ weekday: 2, afternoon: true }, { weekday: 4 }, { weekday: 4, afternoon: true }],
              offers: [],
            },
          ],
    };
  }
  if (path.startsWith('/appointments/unsaid')) {
    const one = { label: label.fr, practitioner_name: 'Dr Claire Moreau', time_zone: 'Europe/Paris', state: 'booked' };
    return {
      appointments: none
        ? []
        : [
            { ...one, id: 'ap_4', start: hence(-2), person: jeanne, state: 'in-visit', proposal: 'fulfilled' },
            { ...one, id: 'ap_5', start: hence(-26), person: paul, proposal: 'noshow', absent: 'patient' },
            { ...one, id: 'ap_6', start: hence(-50), person: lea },
          ],
    };
  }
  if (path.startsWith('/figures')) {
    const of = {
      booked: 120,
      fulfilled: 96,
      no_show_patient: 7,
      no_show_practitioner: 1,
      cancelled_late: 5,
      cancelled_early: 9,
      broken_off: 1,
      unsaid: 1,
      ahead: 0,
      moved: 14,
    };
    return {
      figures: none
        ? []
        : [
            { month: '2026-10', service: 's_1', label: label.fr, ...of },
            { month: '2026-10', service: 's_2', label: 'Première consultation', ...of, booked: 32, fulfilled: 8 },
            { month: '2026-11', service: 's_1', label: label.fr, ...of, ahead: 21, booked: 141 },
          ],
    };
  }
  return null;
}

/** What came of looking at a file. */
export const lookedAt = {
  rows: [
    {
      number: 2,
      outcome: 'new',
      reason: '',
      patient: 'found',
      start: '2026-11-24T08:00:00Z',
      name: 'Jeanne Martin',
      service: 'Suivi',
    },
    {
      number: 3,
      outcome: 'left-out',
      reason: 'taken',
      patient: 'none',
      start: '2026-11-24T08:15:00Z',
      name: 'Paul Petit',
      service: 'Suivi',
    },
    {
      number: 4,
      outcome: 'left-out',
      reason: 'time',
      patient: 'none',
      start: '',
      name: 'Léa Durand',
      service: 'Suivi',
    },
    {
      number: 5,
      outcome: 'new',
      reason: 'several',
      patient: 'none',
      start: '2026-11-25T08:15:00Z',
      name: 'Ahmed Benali',
      service: '',
    },
  ],
  fresh: 2,
  known: 12,
  leftOut: 2,
  created: 0,
  unknown: ['Salle'],
  timeZone: 'Europe/Paris',
};
