// What the API answers about services and schedules, for the gallery's screens.

const practitioners = ['a_1', 'a_2'];

export const sampleServices = [
  {
    id: 's_1',
    revision: 3,
    label: { fr: 'Consultation vidéo', en: 'Video visit', ar: 'استشارة بالفيديو' },
    description: { fr: 'Pour les patients déjà venus au cabinet.', en: 'For patients who have been here before.' },
    price: { fr: '30 €, remboursé' },
    duration_minutes: 20,
    horizon_days: 60,
    min_notice_minutes: 120,
    cut_off_minutes: 1440,
    reminders_minutes: [1440, 60],
    modalities: ['video', 'phone'],
    practitioners,
    questions: [
      {
        id: 'q-1',
        label: { fr: 'Pour quelle raison ?' },
        kind: 'choice',
        choices: [
          { value: 'Suivi', label: { fr: 'Suivi', en: 'Follow-up', ar: 'متابعة' } },
          { value: 'Résultats', label: { fr: 'Résultats', en: 'Results', ar: 'نتائج' } },
          { value: 'Autre' },
        ],
        required: true,
      },
      { id: 'q-2', label: { fr: 'Votre dernière ordonnance' }, kind: 'file' },
    ],
  },
  {
    id: 's_2',
    revision: 1,
    label: { fr: 'Premier bilan', en: 'First visit' },
    duration_minutes: 45,
    after_minutes: 15,
    horizon_days: 90,
    modalities: ['in-person'],
    practitioners: ['a_1'],
    approval: true,
    hidden: true,
    resources: [{ any_of: ['r_1', 'r_2'] }],
  },
];

const week = [1, 2, 3, 4, 5].flatMap(weekday => [
  { weekday, from: '09:00', to: '12:00' },
  ...(weekday === 3 ? [] : [{ weekday, from: '14:00', to: '18:00' }]),
]);

const dayFromNow = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);

const sampleSchedule = {
  practitioner: 'a_1',
  revision: 7,
  name: 'Dr Claire Moreau',
  time_zone: 'Europe/Paris',
  languages: ['fr', 'en'],
  holidays: 'fr',
  places: { 'Cabinet des Tilleuls': '12 rue des Lilas, 69003 Lyon' },
  weekly: [
    ...week,
    {
      weekday: 6,
      from: '09:00',
      to: '12:00',
      since: dayFromNow(-30),
      every_weeks: 2,
      place: 'Cabinet des Tilleuls',
      modalities: ['in-person'],
    },
  ],
  exceptions: [{ date: dayFromNow(2) }, { date: dayFromNow(4), hours: [{ from: '10:00', to: '11:30' }] }],
  closed: [{ from: dayFromNow(20), to: dayFromNow(27) }],
  extra: [{ date: dayFromNow(7), from: '18:00', to: '20:00' }],
};

const times = (): object[] =>
  [1, 1, 1, 1, 3, 3, 3].map((day, at) => {
    const start = new Date(`${dayFromNow(day)}T${String(8 + at).padStart(2, '0')}:${at % 2 === 0 ? '00' : '20'}:00Z`);
    return {
      start: start.toISOString(),
      end: new Date(start.getTime() + 1_200_000).toISOString(),
      practitioner: practitioners[at % 2],
      practitioner_name: at % 2 === 0 ? 'Dr Claire Moreau' : 'Dr Amélie Roux',
      time_zone: 'Europe/Paris',
      modalities: ['video'],
    };
  });

/** Null: the path is another area's. With `none` nothing was written yet. */
export function bookableAnswer(path: string, none: boolean): object | null {
  if (path.startsWith('/services')) {
    return { services: none ? [] : sampleServices };
  }
  if (path.startsWith('/schedules/')) {
    const empty = { practitioner: 'a_1', revision: 0, name: 'Dr Claire Moreau', time_zone: 'Europe/Paris' };
    return none ? empty : sampleSchedule;
  }
  if (path.startsWith('/rooms')) {
    const rooms = ['Cabinet 1', 'Cabinet 2', 'Échographe'].map((name, at) => ({
      id: `r_${at + 1}`,
      revision: 1,
      name,
    }));
    return { rooms: none ? [] : rooms };
  }
  if (path.startsWith('/accounts')) {
    return {
      accounts: [
        { id: 'a_1', name: 'Dr Claire Moreau', roles: ['practitioner'] },
        { id: 'a_2', name: 'Dr Amélie Roux', roles: ['practitioner'] },
        { id: 'a_3', name: 'Yasmina Haddad', roles: ['interpreter'] },
      ],
    };
  }
  if (path.startsWith('/holidays/')) {
    const year = new Date().getFullYear();
    return {
      holidays: [
        { date: `${year}-12-25`, name: 'christmas' },
        { date: `${year + 1}-01-01`, name: 'new-year' },
      ],
    };
  }
  if (path.startsWith('/appointments?')) {
    return { books: [{ appointments: [{ state: 'booked' }, { state: 'cancelled' }, { state: 'booked' }] }] };
  }
  return path.startsWith('/free-times') ? { times: none ? [] : times() } : null;
}
