// An appointment book without a server: today, in the practice's zone as the gallery has it. For development only.
import { Agenda } from '../../session/agenda';
import { dayAfter } from '../../session/day';
import { instantAt } from '../../session/zone';
import { mondayOf } from '../agenda/layout';

const zone = 'Europe/Paris';
const today = new Date().toISOString().slice(0, 10);
const at = (date: string, time: string): string => instantAt(date, time, zone) ?? '';

const appointment = (
  id: string,
  who: string,
  name: string,
  date: string,
  from: string,
  minutes: number,
  more: object = {},
) => ({
  id,
  state: 'booked',
  service: 's_1',
  label: 'Consultation de suivi',
  practitioner: who,
  practitioner_name: who === 'a_1' ? 'Dr Claire Moreau' : 'Dr Paul Durand',
  person: { name, language: 'fr', contact: { phone: '+33639980010', reach: 'sms' } },
  start: at(date, from),
  end: new Date(Date.parse(at(date, from)) + minutes * 60_000).toISOString(),
  time_zone: zone,
  modality: 'video',
  told: true,
  can_undo: false,
  changed_at: at(date, '07:00'),
  history: [],
  answers: [],
  ...more,
});

function appointmentsOf(who: string, date: string): readonly object[] {
  if (who !== 'a_1') {
    return [
      appointment('ap_20', who, 'Ahmed Benali', date, '09:00', 45, {
        label: 'Première consultation',
        modality: 'in-person',
      }),
      appointment('ap_21', who, 'سميرة حداد', date, '11:00', 30),
    ];
  }
  return [
    appointment('ap_1', who, 'Jeanne Martin', date, '09:00', 30, {
      state: 'fulfilled',
      can_undo: true,
      patient: 'pt_1',
      person: {
        name: 'Jeanne Martin',
        birth_date: '1948-03-09',
        language: 'fr',
        time_zone: 'Indian/Reunion',
        contact: { phone: '+33639980010', reach: 'sms' },
      },
      note: 'Renouvellement du traitement.',
      history: [
        { at: at(date, '06:30'), by: 'patient', action: 'book' },
        { at: at(date, '07:10'), by: 'practice', by_name: 'Nadia Benali', action: 'move', was: at(date, '08:30') },
        { at: at(date, '09:31'), by: 'system', action: 'fulfil' },
      ],
    }),
    appointment('ap_2', who, 'Louis Petit', date, '09:30', 15, {
      state: 'noshow',
      absent: 'patient',
      can_undo: true,
      modality: 'phone',
      label: 'Résultats',
    }),
    appointment('ap_3', who, 'Ahmed Benali', date, '10:00', 30, { state: 'arrived', after_minutes: 10 }),
    appointment('ap_4', who, 'Marie-Antoinette Lefebvre-Desmoulins', date, '10:45', 30, {}),
    appointment('ap_5', who, 'Paul Durand', date, '11:00', 30, { overbooked: true, modality: 'in-person' }),
    appointment('ap_6', who, 'Samira Haddad', date, '14:30', 60, {
      label: 'Première consultation',
      modality: 'in-person',
    }),
  ];
}

function bookOf(who: string, name: string, from: string, to: string): object {
  const dates: string[] = [];
  for (let date = from; date <= to; date = dayAfter(date, 1)) {
    dates.push(date);
  }
  const works = (date: string): boolean => mondayOf(date) > dayAfter(date, -5) || date === today;
  return {
    practitioner: who,
    name,
    time_zone: zone,
    bookable: true,
    days: dates.map(date => ({
      date,
      from: at(date, '00:00'),
      to: at(dayAfter(date, 1), '00:00'),
      open: works(date)
        ? [
            { from: at(date, '09:00'), to: at(date, '12:30') },
            { from: at(date, '14:00'), to: at(date, '17:00') },
          ]
        : [],
      blocked: works(date) ? [{ from: at(date, '16:00'), to: at(date, '17:00') }] : [],
      held: [],
    })),
    appointments: dates
      .filter((date, i) => works(date) && (dates.length === 1 || i % 2 === 0))
      .flatMap(date => appointmentsOf(who, date)),
  };
}

/** Five weeks, of which today is the third. */
const weekly = {
  number: 3,
  of: 5,
  dates: [-2, -1, 0, 1, 2].map(week => ({
    id: week === 0 ? 'ap_6' : `ap_6${week + 2}`,
    start: at(dayAfter(today, 7 * week), '14:30'),
    time_zone: zone,
    state: week < 0 ? 'fulfilled' : week === 1 ? 'cancelled' : 'booked',
    practitioner: 'a_1',
    practitioner_name: 'Dr Claire Moreau',
  })),
};

/** What the server would say of appointments. */
export function agendaAnswer(path: string): unknown {
  const url = new URL(path, 'http://x');
  if (url.pathname === '/appointments') {
    const { searchParams: asked } = url;
    const from = asked.get('from') ?? today;
    const names: { [who: string]: string } = { a_1: 'Dr Claire Moreau', a_2: 'Dr Paul Durand' };
    return {
      changed: 1,
      books: asked.getAll('practitioner').map(who => bookOf(who, names[who] ?? '', from, asked.get('to') ?? from)),
    };
  }
  if (url.pathname === '/free-times') {
    return {
      times: ['11:45', '14:00', '15:30'].map(time => ({
        start: at(today, time),
        practitioner: 'a_1',
        time_zone: zone,
      })),
    };
  }
  if (url.pathname === '/appointments/declined') {
    const shown = new URLSearchParams(location.search).get('screen') === 'agenda-declined';
    return { declined: shown ? appointmentsOf('a_1', today).slice(3, 5) : [] };
  }
  if (url.pathname === '/appointments/ap_6') {
    return { ...appointmentsOf('a_1', today).at(-1), in_series: weekly };
  }
  return url.pathname.startsWith('/appointments/ap_') ? appointmentsOf('a_1', today)[0] : { changed: 1, drifted: [] };
}

/** An agenda of these appointments, for dialogs that are drawn without their screen. */
export const fakeAgenda = (): Agenda => new Agenda(async (_method, path) => agendaAnswer(path));
