// State without servers, cameras or people, so that every screen can be looked at. For development only.
import type { LocalMediaSnapshot } from '../../media/localmedia';
import type { CallParticipant, CallSnapshot } from '../../session/call';
import type { About, DeskSnapshot, DeskWaiting } from '../../session/desk';
import type { Announcer } from '../parts/announcer';
import type { CallPort, DeskPort, LocalPort } from '../parts/ports';
import { Toasts } from '../parts/toast';
import type { Shell } from '../shell/context';
import { agendaAnswer } from './agenda';
import { bookableAnswer } from './bookable';
import { calendarsAnswer } from './calendars';
import { practiceAnswer } from './practice';
import { requestsAnswer } from './requests';
import { visitAnswer } from './visits';

const nothing = (): void => {};
const soon = async (): Promise<void> => {};

function store<S>(snapshot: S) {
  return { snapshot, subscribe: () => nothing, set: nothing };
}

/** A drawn person that moves a little, as a camera would see them. */
export function drawnPerson(width: number, height: number, tint: string, skin: string): MediaStream {
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  const pen = canvas.getContext('2d');
  const draw = (): void => {
    if (pen === null) {
      return;
    }
    const sway = Math.sin(Date.now() / 900) * width * 0.004;
    const size = Math.min(width, height * 1.2);
    const back = pen.createLinearGradient(0, 0, width, height);
    back.addColorStop(0, '#c9d6d2');
    back.addColorStop(1, '#8fa6a3');
    pen.fillStyle = back;
    pen.fillRect(0, 0, width, height);
    pen.fillStyle = '#ffffff66';
    pen.fillRect(width * 0.06, height * 0.08, width * 0.2, height * 0.4);
    pen.fillStyle = tint;
    pen.beginPath();
    pen.ellipse(width / 2 + sway, height * 1.06, size * 0.36, size * 0.4, 0, 0, 7);
    pen.fill();
    pen.fillStyle = skin;
    pen.fillRect(width / 2 - size * 0.06 + sway, height * 0.55, size * 0.12, size * 0.14);
    pen.beginPath();
    pen.ellipse(width / 2 + sway, height * 0.43, size * 0.14, size * 0.18, 0, 0, 7);
    pen.fill();
    pen.fillStyle = '#4a4440';
    pen.beginPath();
    pen.ellipse(width / 2 + sway, height * 0.43 - size * 0.11, size * 0.145, size * 0.1, 0, Math.PI, 7);
    pen.fill();
  };
  draw();
  setInterval(draw, 100);
  return canvas.captureStream(10);
}

/** A drawn page of text, as somebody's shared screen. */
export function drawnScreen(): MediaStream {
  const canvas = document.createElement('canvas');
  canvas.width = 1600;
  canvas.height = 900;
  const pen = canvas.getContext('2d');
  setInterval(() => {
    if (pen !== null) {
      pen.fillStyle = '#fff';
      pen.fillRect(0, 0, 1600, 900);
      pen.fillStyle = '#234';
      pen.font = '48px sans-serif';
      pen.fillText('Résultats', 80, 120);
      for (let line = 0; line < 9; line++) {
        pen.fillStyle = line % 2 === 0 ? '#dde5e3' : '#c4d3d0';
        pen.fillRect(80, 180 + line * 72, 1100 + (line % 3) * 120, 36);
      }
    }
  }, 200);
  return canvas.captureStream(5);
}

export const silence: LocalMediaSnapshot = {
  camera: 'off',
  microphone: 'off',
  screen: 'off',
  blockedBySystem: false,
  busy: false,
  preview: null,
  level: 0,
  heard: false,
  cameras: [],
  microphones: [],
  speakers: [],
  cameraId: null,
  microphoneId: null,
  speakerId: null,
  facing: null,
  canSwitchCamera: false,
  canShareScreen: false,
  canChooseSpeaker: false,
  microphoneEnded: false,
};

export function fakeLocal(change: Partial<LocalMediaSnapshot>): LocalPort {
  return {
    ...store({ ...silence, ...change }),
    openCamera: async () => 'ok',
    openMicrophone: async () => 'ok',
    closeCamera: nothing,
    closeMicrophone: nothing,
    setCamera: nothing,
    setMicrophone: nothing,
    switchCamera: soon,
    choose: soon,
    shareScreen: async () => false,
    stopScreen: nothing,
    playTestSound: soon,
    watchLevel: nothing,
    close: nothing,
  } as unknown as LocalPort;
}

/** Devices of a phone, all working. */
export function phoneDevices(): Partial<LocalMediaSnapshot> {
  return {
    camera: 'on',
    microphone: 'on',
    preview: drawnPerson(480, 640, '#7a5c8e', '#e3b998'),
    level: 0.55,
    facing: 'user',
    canSwitchCamera: true,
  };
}

/** Devices of a desktop, with something to choose. */
export function desktopDevices(): Partial<LocalMediaSnapshot> {
  return {
    camera: 'on',
    microphone: 'on',
    preview: drawnPerson(640, 480, '#2f6f68', '#d9a783'),
    level: 0.4,
    canShareScreen: true,
    canChooseSpeaker: true,
    cameras: [
      { id: 'a', label: 'FaceTime HD' },
      { id: 'b', label: 'Logitech C920' },
    ],
    microphones: [
      { id: 'a', label: 'Micro interne' },
      { id: 'b', label: 'Casque USB' },
    ],
    speakers: [
      { id: 'a', label: 'Haut-parleurs' },
      { id: 'b', label: 'Casque USB' },
    ],
  };
}

const minutesAgo = (minutes: number): string => new Date(Date.now() - minutes * 60_000).toISOString();

export function person(change: Partial<CallParticipant>): CallParticipant {
  return {
    id: 'p_1',
    role: 'practitioner',
    as: '',
    name: 'Dr Claire Moreau',
    self: false,
    presence: 'here',
    microphone: 'on',
    camera: 'on',
    screen: false,
    speaking: false,
    quality: 'good',
    ...change,
  };
}

export const practitioner = person({});
export const patient = person({ id: 'p_2', role: 'patient', name: 'Jeanne Martin' });
export const carer = person({ id: 'p_3', role: 'guest', name: 'Paul Martin' });
export const interpreter = person({ id: 'p_4', role: 'interpreter', name: 'Samira Haddad' });

export function callSnapshot(change: Partial<CallSnapshot>): CallSnapshot {
  return {
    phase: 'live',
    selfId: 'p_2',
    role: 'patient',
    practice: { name: 'Cabinet des Tilleuls', phone: '+33123456789' },
    consultation: {
      id: 'c_1',
      state: 'live',
      practitioner: 'Dr Claire Moreau',
      createdAt: minutesAgo(30),
      liveAt: minutesAgo(12.7),
      scheduledAt: null,
    },
    waiting: null,
    elsewhere: false,
    knock: false,
    participants: [practitioner, { ...patient, self: true }],
    tiles: [],
    audio: [],
    network: 'good',
    networkOf: null,
    chat: [],
    unread: 0,
    documents: null,
    visit: null,
    phone: null,
    ended: null,
    problem: null,
    ...change,
  };
}

export function waitingSnapshot(change: Partial<NonNullable<CallSnapshot['waiting']>>): CallSnapshot {
  return callSnapshot({
    phase: 'waiting',
    participants: [],
    waiting: {
      since: minutesAgo(9),
      practitioner: 'available',
      practitionerName: 'Dr Claire Moreau',
      delay: null,
      message: null,
      where: null,
      ...change,
    },
  });
}

export function fakeCall(snapshot: CallSnapshot): CallPort {
  return {
    ...store(snapshot),
    check: nothing,
    join: nothing,
    sendChat: nothing,
    retryChat: nothing,
    readChat: nothing,
    want: nothing,
    setVisible: nothing,
    restartIce: nothing,
    answerKnock: soon,
    sayWhere: async () => null,
    retryNow: nothing,
    leave: soon,
    end: soon,
    close: nothing,
  } as unknown as CallPort;
}

/** Nothing is known of them but where they are. */
export const stranger: About = {
  birthDate: '',
  language: '',
  needs: [],
  phone: '',
  reach: null,
  knocking: false,
  testedAt: null,
  absentAt: null,
  message: null,
  delivery: null,
};

const fine = { camera: 'ok', microphone: 'ok', sound: 'heard' } as const;

export const waiters: readonly DeskWaiting[] = [
  {
    owner: '',
    consultation: 'c_1',
    participant: 'p_2',
    name: 'Jeanne Martin',
    role: 'patient',
    since: minutesAgo(9),
    presence: 'here',
    devices: fine,
    about: { ...stranger, birthDate: '1957-03-09', language: 'fr', needs: ['hearing', 'carer'] },
    passedBy: null,
  },
  {
    owner: '',
    consultation: 'c_2',
    participant: 'p_5',
    name: 'Ahmed Benali',
    role: 'patient',
    since: minutesAgo(6),
    presence: 'lost',
    devices: { camera: 'refused', microphone: 'ok', sound: 'not-heard' },
    about: {
      ...stranger,
      language: 'ar',
      needs: ['interpreter'],
      knocking: true,
      phone: '+33639980011',
      delivery: { channel: 'sms', state: 'failed', reason: 'unreached' },
    },
    passedBy: null,
  },
  {
    owner: '',
    consultation: 'c_2',
    participant: 'p_6',
    name: 'Samira Haddad',
    role: 'interpreter',
    since: minutesAgo(4),
    presence: 'here',
    devices: fine,
    about: stranger,
    passedBy: null,
  },
  {
    owner: '',
    consultation: 'c_3',
    participant: 'p_7',
    name: '',
    role: 'patient',
    since: minutesAgo(0),
    presence: 'here',
    devices: { camera: 'skipped', microphone: 'skipped', sound: 'skipped' },
    about: { ...stranger, message: { text: 'Encore cinq minutes, merci.', at: minutesAgo(2) } },
    passedBy: 'Dr Paul Durand',
  },
];

export function fakeMe(name: string): DeskSnapshot['me'] {
  const scopes = ['consultations', 'patients', 'documents', 'notices', 'accounts', 'services', 'appointments'].flatMap(
    one => [`${one}:read`, `${one}:write`],
  );
  return {
    id: 'a_1',
    name,
    roles: ['practitioner', 'operator'],
    scopes: ['call', 'notes', 'settings:write', ...scopes.filter(one => one !== 'services:read')],
    delegates: [],
    actsFor: [{ id: 'a_1', name }],
    hasMeans: true,
    provider: '',
    lockSeconds: 900,
  };
}

/** Somebody who keeps the books of two practitioners. */
export function fakeSecretary(): DeskSnapshot['me'] {
  const me = fakeMe('Nadia Benali');
  return me === null
    ? null
    : {
        ...me,
        id: 'a_3',
        roles: ['secretary'],
        scopes: me.scopes.filter(one => one !== 'call' && one !== 'notes' && one !== 'settings:write'),
        actsFor: [
          { id: 'a_1', name: 'Dr Claire Moreau' },
          { id: 'a_2', name: 'Dr Paul Durand' },
        ],
      };
}

/** Her desk: the waiting room of one is shown, somebody waits for the other too, and some messages did not arrive. */
export function secretarysDesk(): Partial<DeskSnapshot> {
  const theirs = waiters.map((one, index) => ({ ...one, owner: index < 2 ? 'a_1' : 'a_2' }));
  return {
    me: fakeSecretary(),
    actingFor: 'a_1',
    waiting: theirs.filter(one => one.owner === 'a_1'),
    allWaiting: theirs,
    undelivered: 3,
  };
}

export function deskSnapshot(change: Partial<DeskSnapshot>): DeskSnapshot {
  const consultation = (id: string, name: string, place: 'invited' | 'waiting' | 'call' | 'left', ago: number) => ({
    id,
    state: 'created' as const,
    patient: null,
    createdAt: minutesAgo(ago),
    scheduledAt: null,
    minutes: null,
    lateAt: null,
    passedBy: null,
    participants: [
      {
        id: `p_${id}`,
        role: 'patient' as const,
        name,
        place,
        since: null,
        presence: 'here' as const,
        devices: null,
        about: stranger,
      },
    ],
  });
  return {
    connected: true,
    signedOut: false,
    left: false,
    actingFor: '',
    locked: false,
    me: fakeMe('Dr Claire Moreau'),
    delay: null,
    consultations: [
      consultation('c_0', 'Louis Petit', 'call', 40),
      consultation('c_1', 'Jeanne Martin', 'waiting', 30),
      consultation('c_9', 'Marie-Antoinette Lefebvre-Desmoulins', 'invited', 12),
    ],
    waiting: waiters,
    allWaiting: change.waiting ?? waiters,
    undelivered: 0,
    arrivals: 3,
    heard: 1,
    lastArrival: '',
    lastArrivalFor: '',
    problem: null,
    ...change,
  };
}

export function fakeShell(desk: DeskPort, address: string): Shell {
  const { pathname: path, search: query } = new URL(address, 'http://x');
  return {
    desk,
    local: fakeLocal(desktopDevices()),
    router: { ...store({ path, query }), go: nothing, replace: nothing, guard: () => nothing },
    toasts: new Toasts({ say: nothing, interrupt: nothing } as unknown as Announcer),
    practice: 'Cabinet des Tilleuls',
    enter: nothing,
    admit: nothing,
    keepSending: () => undefined,
    onHeading: text => {
      document.title = text;
    },
  };
}

/** What GET /consultations answers: planned and not, on time and late, tested and not, told and not. */
function sampleDay(): readonly object[] {
  const visit = (id: string, ago: number, name: string, place: string, more: object = {}, who: object = {}) => ({
    id,
    state: place === 'waiting' ? 'waiting' : place === 'call' ? 'live' : 'created',
    created_at: minutesAgo(ago),
    scheduled_at: minutesAgo(ago),
    participants: [
      {
        id: `p_${id}`,
        role: 'patient',
        name,
        language: 'fr',
        needs: [],
        contact: { phone: '+33612345678', reach: 'sms' },
        place,
        devices: {},
        ...who,
      },
    ],
    ...more,
  });
  const told = (id: string, state: string, channel = 'sms') => ({
    deliveries: [{ participant: `p_${id}`, kind: 'invitation', channel, state, changed_at: minutesAgo(60) }],
  });
  return [
    visit('c_7', 70, 'Odette Garnier', 'left', { state: 'ended', ended_at: minutesAgo(45) }),
    visit('c_0', 40, 'Louis Petit', 'call', told('c_0', 'delivered'), { waiting_since: minutesAgo(45), devices: fine }),
    visit('c_1', 5, 'Jeanne Martin', 'waiting', told('c_1', 'sent', 'mail'), {
      waiting_since: minutesAgo(9),
      devices: fine,
      needs: ['hearing'],
    }),
    visit(
      'c_2',
      6,
      'Ahmed Benali',
      'waiting',
      { ...told('c_2', 'delivered'), scheduled_at: undefined },
      {
        waiting_since: minutesAgo(6),
        language: 'ar',
        needs: ['interpreter'],
        devices: { camera: 'refused', microphone: 'ok', sound: 'not-heard' },
      },
    ),
    visit('c_8', -15, 'Marie Roux', 'invited', told('c_8', 'failed')),
    visit('c_9', -45, 'Marie-Antoinette Lefebvre-Desmoulins', 'invited', {}, { devices: fine }),
  ];
}

export function fakeDesk(change: Partial<DeskSnapshot>): DeskPort {
  return {
    ...store(deskSnapshot(change)),
    open: nothing,
    admit: soon,
    sendBack: soon,
    decline: soon,
    delay: soon,
    end: soon,
    start: async () => ({ id: 'c_9', participant: 'p_9', link: sampleLink }),
    startWith: async () => ({ id: 'c_9', participant: 'p_9', link: sampleLink }),
    link: async () => sampleLink,
    invite: async () => ({ participant: 'p_9', link: sampleLink }),
    me: soon,
    request: async (_method: string, path: string) => {
      const asked = requestsAnswer(path, (change.waiting ?? waiters).length === 0);
      if (asked !== null) {
        return asked;
      }
      if (path.startsWith('/appointments') || path.includes('around=')) {
        return agendaAnswer(path);
      }
      const waits = (change.waiting ?? waiters).length > 0;
      const visit = visitAnswer(path);
      if (visit !== null) {
        return visit;
      }
      return path.startsWith('/consultations')
        ? { date: '', consultations: waits ? sampleDay() : [] }
        : (practiceAnswer(path) ??
            bookableAnswer(path, !waits) ??
            calendarsAnswer(path, !waits) ??
            patientAnswer(path));
    },
    rename: soon,
    signOut: soon,
    lock: soon,
    here: soon,
    retryNow: nothing,
    close: nothing,
  } as unknown as DeskPort;
}

const record = (id: string, family: string, given: string, born: string, more: object = {}) => ({
  id,
  practitioner: 'a_1',
  revision: 1,
  family_name: family,
  given_names: given,
  birth_date: born,
  contact: {},
  carer: {},
  ...more,
});
const records = [
  record('pt_1', 'Martin', 'Jeanne', '1948-03-09', {
    birth_name: 'Lefebvre',
    language: 'fr',
    contact: { phone: '+33639980010', mail: 'jeanne.martin@example.org', reach: 'sms' },
    needs: ['hearing', 'carer'],
    carer: { name: 'Paul Martin', phone: '+33199001234' },
    ids: [
      { system: 'INS', value: '2 48 03 29 019 123 45' },
      { system: 'IPP', value: '1004277' },
    ],
  }),
  record('pt_2', 'Benali', 'Ahmed', '1971-11-30', { contact: { phone: '+33639980011' }, needs: ['interpreter'] }),
  record('pt_3', 'Lefebvre-Desmoulins', 'Marie-Antoinette', '2001-01-02'),
  record('pt_4', 'حداد', 'سميرة', '1990-06-15', { contact: { phone: '+41781234567' } }),
];
const visit = (id: string, ago: number, state: string) => ({
  id,
  practitioner_name: 'Dr Claire Moreau',
  state,
  created_at: minutesAgo(ago),
});

/** What the server would say of patients. */
function patientAnswer(path: string): unknown {
  if (path === '/patients/search') {
    return { patients: records, total: 1204 };
  }
  if (path.endsWith('/consultations')) {
    return { consultations: [visit('c_1', 30, 'waiting'), visit('c_2', 60 * 24 * 40, 'ended')] };
  }
  return path.startsWith('/patients/pt_') ? records[0] : null;
}

export const sampleLink = 'https://visio.tilleuls.example/c/Ck4u9hV0x2mJr7LqzT1bYw';

export const checkedTable = {
  lines: 1210,
  created: 1204,
  leftOut: [
    { line: 14, code: 'similar', field: '' },
    { line: 208, code: 'bad-message', field: 'birth_date' },
    { line: 511, code: 'bad-message', field: 'phone' },
    { line: 640, code: 'bad-message', field: '' },
  ],
  unknown: ['Médecin traitant', 'Mutuelle'],
};
