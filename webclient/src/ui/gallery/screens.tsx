// Every screen by name, with the state that shows it. For development only.
import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { WholeAppointment } from '../../session/agenda';
import type { Devices } from '../../session/call';
import type { Member, Unit } from '../../session/team';
import { MoveFollowingDialog } from '../agenda/series';
import { Made } from '../calendars/programs';
import { CallPage, type Open, type PractitionerTools } from '../call/page';
import type { CallTab } from '../call/tabs';
import { Alone } from '../desk/alone';
import { DelayButtons } from '../desk/delay';
import { EndCallDialog } from '../desk/endcall';
import { Strip } from '../desk/strip';
import type { Catalogue } from '../i18n';
import type { DeskWords } from '../i18n/desk/words';
import { teamWords } from '../i18n/team';
import type { TeamWords } from '../i18n/team/words';
import { useApp } from '../parts/app';
import { Dialog, Question } from '../parts/dialog';
import type { LocalPort } from '../parts/ports';
import { SettingsDialog } from '../parts/settings';
import { Check, type Step } from '../patient/check';
import { SoundStep } from '../patient/checksound';
import { EndedScreen } from '../patient/ended';
import { Arriving, Elsewhere, WaitingScreen } from '../patient/waiting';
import { Counted } from '../patients/forget';
import { Checked } from '../patients/import';
import { Far, Looked } from '../requests/import';
import { ShellContext } from '../shell/context';
import { Frame } from '../shell/frame';
import { InviteForm, LinkHanded, MemberForm } from '../team/member';
import { fakeAgenda } from './agenda';
import { calendarAddress, madePassword } from './calendars';
import * as fake from './fakes';
import { lookedAt } from './requests';
import { answerDocuments } from './visits';

const who = 'Dr Claire Moreau';
const nothing = (): void => {};

type Around = 'patient' | 'desk' | 'call';
export interface Screen {
  readonly frame: Around;
  draw(t: Catalogue & DeskWords): JSX.Element;
}

const check = (first: Step, local: () => LocalPort, results?: Devices): Screen => ({
  frame: 'patient',
  draw: () => (
    <Check
      local={local()}
      aim="test"
      practitioner={who}
      early={() => false}
      report={() => Promise.resolve(true)}
      onEnter={nothing}
      first={first}
      results={results}
    />
  ),
});
const sound = (first: 'asked' | 'trouble'): Screen => ({
  frame: 'patient',
  draw: () => <SoundStep local={fake.fakeLocal({})} practitioner={who} onNext={nothing} first={first} />,
});
const waiting = (
  change: Parameters<typeof fake.waitingSnapshot>[0],
  more: {
    readonly lost?: boolean;
    readonly sentBack?: boolean;
    readonly passed?: boolean;
    readonly camera?: boolean;
  } = {},
): Screen => ({
  frame: 'patient',
  draw: () => (
    <WaitingScreen
      snapshot={{ ...fake.waitingSnapshot(change), network: more.lost ? 'lost' : 'good' }}
      local={fake.fakeLocal(more.camera === false ? {} : fake.phoneDevices())}
      practitioner={who}
      sentBack={more.sentBack ?? false}
      passed={more.passed ?? false}
      onLeave={nothing}
    />
  ),
});
const elsewhere: Screen = { frame: 'patient', draw: () => <Elsewhere /> };
const ended = (reason: string): Screen => ({
  frame: 'patient',
  draw: () => <EndedScreen reason={reason} practitioner={who} onComeBack={nothing} />,
});

const doctor = () => fake.drawnPerson(1280, 720, '#e9efee', '#e0b08c');
const jeanne = () => fake.drawnPerson(480, 640, '#7a5c8e', '#e3b998');
const paul = () => fake.drawnPerson(640, 480, '#3f5f86', '#c98f6a');
const tile = (participant: string, stream: MediaStream, source: 'camera' | 'screen' = 'camera') => ({
  key: `${participant}-${source}`,
  participant,
  source,
  stream,
});
const said = (change: Partial<ReturnType<typeof fake.callSnapshot>['chat'][number]>) => ({
  id: 'm_1',
  from: 'p_1',
  name: who,
  text: 'Bonjour Madame Martin, m’entendez-vous bien ?',
  at: new Date(Date.now() - 240_000).toISOString(),
  mine: false,
  pending: false,
  failed: false,
  ...change,
});
const talk = [
  said({}),
  said({ id: 'm_2', mine: true, name: '', text: 'Oui docteur.' }),
  said({ id: 'm_3', text: 'Votre pharmacie : 12 rue des Lilas, ouverte jusqu’à 19 h 30.\nTéléphone : 01 98 76 54 32' }),
  said({ id: 'm_4', mine: true, text: 'Merci, je note.', pending: true }),
  said({ id: 'm_5', mine: true, text: 'Et pour la prise de sang ?', failed: true }),
];

const patientCall = (
  change: () => Parameters<typeof fake.callSnapshot>[0],
  open: Open = null,
  local: () => LocalPort = () => fake.fakeLocal(fake.phoneDevices()),
  pinned?: string,
): Screen => ({
  frame: 'call',
  draw: () => (
    <CallPage
      call={fake.fakeCall(fake.callSnapshot(change()))}
      local={local()}
      onLeave={nothing}
      open={open}
      pinned={pinned}
    />
  ),
});

const deskCall = (
  open: Open = null,
  extra: (t: Catalogue & DeskWords) => JSX.Element | null = () => null,
  change: () => Parameters<typeof fake.callSnapshot>[0] = () => ({ tiles: [tile('p_2', jeanne())] }),
  tabs?: readonly CallTab[],
  pinned?: string,
  /** Whose call it is, while nobody else is in it. */
  own = 'c_1',
): Screen => ({
  frame: 'call',
  draw(t) {
    const desk = fake.fakeDesk({ waiting: fake.waiters.slice(1) });
    const tools: PractitionerTools = {
      scopes: ['notes'],
      waiting: { count: 3, longest: 18 },
      strip: (
        <div class="stack">
          <Strip desk={desk} level={3} current="c_3" onAdmit={nothing} />
          <DelayButtons desk={desk} />
        </div>
      ),
      alone: <Alone desk={fake.fakeDesk({})} consultation={own} onAdmit={nothing} />,
      invite: async () => ({ link: fake.sampleLink, sent: false }),
      sendBack: nothing,
    };
    const snapshot = fake.callSnapshot({
      role: 'practitioner',
      selfId: 'p_1',
      participants: [
        { ...fake.practitioner, self: true },
        { ...fake.patient, speaking: true },
      ],
      ...change(),
    });
    return (
      <>
        <CallPage
          call={fake.fakeCall(snapshot)}
          local={fake.fakeLocal(fake.desktopDevices())}
          onLeave={nothing}
          tools={tools}
          open={open}
          tabs={tabs}
          pinned={pinned}
        />
        {extra(t)}
      </>
    );
  },
});

/** Tabs as they stand beside the messages. */
const sampleTabs: readonly CallTab[] = (['Documents', 'Notes'] as const).map(name => ({
  id: name.toLowerCase(),
  name: () => name,
  roles: ['practitioner'],
  scopes: null,
  words: [],
  load: async () => () => <p class="lines">{name}</p>,
  count: () => (name === 'Documents' ? 2 : 0),
}));

const signing = (role: 'patient' | 'practitioner') => () => ({
  role,
  participants: [
    { ...fake.practitioner, speaking: true, self: role === 'practitioner' },
    { ...fake.patient, self: role === 'patient' },
    fake.interpreter,
  ],
  tiles: [role === 'patient' ? tile('p_1', doctor()) : tile('p_2', jeanne()), tile('p_4', paul())],
});

const desk = (
  change: Parameters<typeof fake.fakeDesk>[0],
  more: {
    readonly soundBlocked?: boolean;
    readonly news?: (t: Catalogue & DeskWords) => string;
    readonly path?: string;
  } = {},
): Screen => ({
  frame: 'desk',
  draw: t => (
    <ShellContext.Provider value={fake.fakeShell(fake.fakeDesk(change), more.path ?? '/desk')}>
      <Frame soundBlocked={more.soundBlocked ?? false} news={more.news?.(t) ?? ''} onSound={nothing} />
    </ShellContext.Provider>
  ),
});

const visit = (id: string): Screen => ({
  frame: 'desk',
  draw(t) {
    answerDocuments();
    return desk({ waiting: [] }, { path: `/desk/visits/${id}` }).draw(t);
  },
});

const units: readonly Unit[] = [
  { id: 'u_1', name: 'Médecine générale', shares: true },
  { id: 'u_2', name: 'Pédiatrie', shares: false },
];
const interpreter: Member = {
  id: 'a_4',
  name: 'Samira Haddad',
  roles: ['interpreter'],
  units: ['u_1'],
  languages: ['ar', 'fr'],
  mail: 'samira@example.org',
  disabled: false,
  setUp: false,
  seen: false,
};
/** A form over the team's page. */
const inDialog = (heading: (t: TeamWords) => string, form: () => JSX.Element): Screen => ({
  frame: 'desk',
  draw: () => (
    <ShellContext.Provider value={fake.fakeShell(fake.fakeDesk({ waiting: [] }), '/desk/team')}>
      <InDialog heading={heading} form={form} />
    </ShellContext.Provider>
  ),
});
function InDialog({ heading, form }: { readonly heading: (t: TeamWords) => string; readonly form: () => JSX.Element }) {
  const { t } = useApp(teamWords);
  return (
    <main class="desk-main">
      <h1>{t.team.heading}</h1>
      <Dialog heading={heading(t)} onClose={nothing}>
        {form()}
      </Dialog>
    </main>
  );
}

/** The dialog that moves a series, over the agenda's page. */
function SeriesToMove({ t }: { readonly t: DeskWords }) {
  const [agenda] = useState(fakeAgenda);
  const [one, setOne] = useState<WholeAppointment | null>(null);
  useEffect(() => void agenda.read('ap_6').then(setOne), []);
  return (
    <main class="desk-main">
      <h1>{t.desk.title}</h1>
      {one !== null && <MoveFollowingDialog agenda={agenda} appointment={one} onKeep={nothing} onMoved={nothing} />}
    </main>
  );
}

export const screens: Readonly<Record<string, Screen>> = {
  'check-camera': check('camera', () => fake.fakeLocal({})),
  'check-camera-ok': check('camera', () => fake.fakeLocal(fake.phoneDevices())),
  'check-camera-refused': check('camera', () => fake.fakeLocal({ camera: 'refused' })),
  'check-camera-system': check('camera', () => fake.fakeLocal({ camera: 'refused', blockedBySystem: true })),
  'check-camera-missing': check('camera', () => fake.fakeLocal({ camera: 'missing' })),
  'check-microphone': check('microphone', () => fake.fakeLocal({})),
  'check-microphone-listening': check('microphone', () => fake.fakeLocal({ ...fake.desktopDevices(), level: 0.1 })),
  'check-microphone-heard': check('microphone', () => fake.fakeLocal({ ...fake.phoneDevices(), heard: true })),
  'check-microphone-refused': check('microphone', () => fake.fakeLocal({ microphone: 'refused' })),
  'check-sound': check('sound', () => fake.fakeLocal({})),
  'check-sound-asked': sound('asked'),
  'check-sound-trouble': sound('trouble'),
  'check-done': check('done', () => fake.fakeLocal({}), { camera: 'ok', microphone: 'ok', sound: 'heard' }),
  'check-done-partly': check('done', () => fake.fakeLocal({}), {
    camera: 'refused',
    microphone: 'ok',
    sound: 'not-heard',
  }),
  arriving: { frame: 'patient', draw: () => <Arriving lost={false} /> },
  waiting: waiting({}),
  'waiting-late': waiting({
    practitioner: 'in-consultation',
    delay: { minutes: 10, saidAt: new Date(Date.now() - 260_000).toISOString() },
  }),
  'waiting-message': waiting(
    {
      message: {
        text: 'Encore cinq minutes, je termine un appel. Merci de votre patience.',
        at: '2026-11-22T09:10:00Z',
      },
    },
    { passed: true },
  ),
  'waiting-away': waiting({ practitioner: 'away' }, { camera: false }),
  'waiting-lost': waiting({ practitioner: 'in-consultation' }, { lost: true, sentBack: true }),
  'waiting-leave': {
    frame: 'patient',
    draw: t => (
      <>
        {waiting({}).draw(t)}
        <Question
          heading={t.waiting.leaveQuestion}
          yes={t.call.leaveYes}
          no={t.call.leaveNo}
          danger
          onYes={nothing}
          onNo={nothing}
        >
          <p>{t.call.leaveMore}</p>
        </Question>
      </>
    ),
  },
  'waiting-settings': {
    frame: 'patient',
    draw: t => (
      <>
        {waiting({}).draw(t)}
        <SettingsDialog local={fake.fakeLocal(fake.desktopDevices())} onClose={nothing} />
      </>
    ),
  },
  'ended-ended': ended('ended'),
  'ended-left': ended('left'),
  'ended-declined': ended('declined'),
  'ended-replaced': ended('replaced'),
  'ended-elsewhere': ended('elsewhere'),
  'ended-early': ended('too-early'),
  elsewhere,
  'ended-stopped': ended('stopped'),
  'ended-media': ended('media'),
  call: patientCall(() => ({
    participants: [
      { ...fake.practitioner, speaking: true },
      { ...fake.patient, self: true },
    ],
    tiles: [tile('p_1', doctor())],
  })),
  'call-connecting': patientCall(() => ({ phase: 'connecting', participants: [] })),
  'call-no-picture': patientCall(
    () => ({
      participants: [
        { ...fake.practitioner, camera: 'muted', microphone: 'muted' },
        { ...fake.patient, self: true },
      ],
    }),
    null,
    () => fake.fakeLocal({ microphone: 'off', camera: 'missing' }),
  ),
  'call-weak': patientCall(() => ({ tiles: [tile('p_1', doctor())], network: 'weak', networkOf: 'self' })),
  'call-lost': patientCall(() => ({ phase: 'reconnecting', network: 'lost', tiles: [tile('p_1', doctor())] })),
  'call-person-lost': patientCall(() => ({
    participants: [
      { ...fake.practitioner, presence: 'lost' },
      { ...fake.patient, self: true },
    ],
  })),
  'call-phone-rang': patientCall(
    () => ({ tiles: [tile('p_1', doctor())] }),
    null,
    () => fake.fakeLocal({ ...fake.phoneDevices(), microphoneEnded: true }),
  ),
  'call-message': patientCall(() => ({ tiles: [tile('p_1', doctor())], chat: talk.slice(0, 3), unread: 2 })),
  'call-chat': patientCall(() => ({ tiles: [tile('p_1', doctor())], chat: talk }), 'chat'),
  'call-help': patientCall(() => ({ tiles: [tile('p_1', doctor())] }), 'help'),
  'call-group': patientCall(() => ({
    participants: [
      fake.practitioner,
      { ...fake.patient, self: true },
      { ...fake.carer, speaking: true },
      { ...fake.interpreter, camera: 'none' },
    ],
    tiles: [tile('p_1', doctor()), tile('p_3', paul())],
  })),
  'call-signing': patientCall(signing('patient'), null, undefined, 'p_4'),
  'call-signing-screen': patientCall(
    () => ({
      ...signing('patient')(),
      tiles: [tile('p_1', fake.drawnScreen(), 'screen'), ...signing('patient')().tiles],
    }),
    null,
    undefined,
    'p_4',
  ),
  'call-screen': patientCall(() => ({
    participants: [{ ...fake.practitioner, screen: true, speaking: true }, { ...fake.patient, self: true }, fake.carer],
    tiles: [tile('p_1', fake.drawnScreen(), 'screen'), tile('p_1', doctor()), tile('p_3', paul())],
  })),
  desk: desk({}),
  'desk-empty': desk({ waiting: [], consultations: [] }, { soundBlocked: true }),
  'desk-late': desk({ delay: { minutes: 10, saidAt: new Date().toISOString() } }, { path: '/desk/2026-11-24' }),
  'desk-name': desk({ me: fake.fakeMe(''), waiting: [], consultations: [] }),
  'desk-lost': desk({ problem: 'conflict' }, { news: t => t.desk.sentBack('Jeanne Martin') }),
  'desk-secretary': desk(fake.secretarysDesk()),
  'desk-team': desk({ waiting: [] }, { path: '/desk/team' }),
  'team-invite': inDialog(
    t => t.team.invite,
    () => <InviteForm units={units} onDone={nothing} onCancel={nothing} />,
  ),
  'team-member': inDialog(
    () => interpreter.name,
    () => <MemberForm member={interpreter} units={units} onDone={nothing} onCancel={nothing} />,
  ),
  'team-link': {
    frame: 'desk',
    draw: t => (
      <main class="desk-main stack">
        <h1>{t.desk.title}</h1>
        <LinkHanded handed={{ name: interpreter.name, link: fake.sampleLink, sent: false }} onClose={nothing} />
      </main>
    ),
  },
  'visit-before': visit('c_before'),
  'visit-after': visit('c_after'),
  'desk-interpreters': desk({ waiting: [] }, { path: '/desk/settings/interpreters' }),
  'desk-sign-in': desk({ waiting: [] }, { path: '/desk/settings/sign-in' }),
  'desk-programs': desk({ waiting: [] }, { path: '/desk/settings/programs' }),
  'desk-messages': desk({ waiting: [] }, { path: '/desk/settings/messages' }),
  'desk-arrivals': desk({ waiting: [] }, { path: '/desk/settings/arrivals' }),
  'desk-settings': desk({}, { path: '/desk/settings' }),
  requests: desk({}, { path: '/desk/agenda/requests' }),
  'requests-none': desk({ waiting: [] }, { path: '/desk/agenda/requests' }),
  'requests-waiting': desk({}, { path: '/desk/agenda/requests/waiting' }),
  'requests-unsaid': desk({}, { path: '/desk/agenda/requests/unsaid' }),
  'requests-figures': desk({}, { path: '/desk/agenda/requests/figures' }),
  'requests-import': desk({}, { path: '/desk/agenda/requests/import' }),
  'requests-looked': {
    frame: 'desk',
    draw: t => (
      <main class="desk-main requests stack">
        <h1>{t.desk.title}</h1>
        <Looked looked={lookedAt} done={false} working={false} onTake={nothing} />
      </main>
    ),
  },
  'requests-taking': {
    frame: 'desk',
    draw: t => (
      <main class="desk-main requests stack">
        <h1>{t.desk.title}</h1>
        <div class="card">
          <Far far={{ rows: 1200, of: 5000 }} />
        </div>
      </main>
    ),
  },
  agenda: desk({ waiting: [], me: fake.fakeSecretary() }, { path: '/desk/agenda' }),
  'agenda-week': desk({ waiting: [] }, { path: `/desk/agenda/week/${new Date().toISOString().slice(0, 10)}` }),
  'agenda-declined': desk({ waiting: [] }, { path: '/desk/agenda' }),
  'agenda-open': desk(
    { waiting: [] },
    { path: `/desk/agenda/day/${new Date().toISOString().slice(0, 10)}?appointment=ap_1` },
  ),
  'agenda-series': desk(
    { waiting: [] },
    { path: `/desk/agenda/day/${new Date().toISOString().slice(0, 10)}?appointment=ap_6` },
  ),
  'agenda-series-move': { frame: 'desk', draw: t => <SeriesToMove t={t} /> },
  patients: desk({ waiting: [] }, { path: '/desk/patients' }),
  'patients-card': desk({}, { path: '/desk/patients/pt_1' }),
  'patients-new': desk({ waiting: [] }, { path: '/desk/patients/new' }),
  'patients-edit': desk({ waiting: [] }, { path: '/desk/patients/pt_1/edit' }),
  'patients-import': desk({ waiting: [] }, { path: '/desk/patients/import' }),
  'patients-forget': desk({ waiting: [] }, { path: '/desk/patients/forget' }),
  'patients-forget-counted': {
    frame: 'desk',
    draw: t => (
      <main class="desk-main patient-form stack">
        <h1>{t.desk.title}</h1>
        <Counted
          found={{ appointments: 3, requests: 1, waiting: 1, notices: 0, ahead: 0, recorded: 1 }}
          working={false}
          onErase={nothing}
        />
        <Counted
          found={{ appointments: 3, requests: 1, waiting: 0, notices: 0, ahead: 2, recorded: 0 }}
          working={false}
          onErase={nothing}
        />
      </main>
    ),
  },
  'patients-checked': {
    frame: 'desk',
    draw: t => (
      <main class="desk-main patient-form stack">
        <h1>{t.desk.title}</h1>
        <Checked checked={fake.checkedTable} working={false} onImport={nothing} />
      </main>
    ),
  },
  services: desk({}, { path: '/desk/settings/services' }),
  'services-none': desk({ waiting: [] }, { path: '/desk/settings/services' }),
  'services-new': desk({ waiting: [] }, { path: '/desk/settings/services/new' }),
  'services-edit': desk({}, { path: '/desk/settings/services/s_1' }),
  'services-hours': desk({}, { path: '/desk/settings/hours' }),
  'services-calendar': desk({}, { path: '/desk/settings/hours/calendar' }),
  'services-closures': desk({}, { path: '/desk/settings/hours/closures' }),
  'services-about': desk({}, { path: '/desk/settings/hours/about' }),
  'services-hours-none': desk({ waiting: [] }, { path: '/desk/settings/hours' }),
  'services-rooms': desk({}, { path: '/desk/settings/rooms' }),
  'services-page': desk({}, { path: '/desk/settings/booking-page' }),
  calendars: desk({}, { path: '/desk/settings/calendars' }),
  'calendars-none': desk({ waiting: [] }, { path: '/desk/settings/calendars' }),
  'calendars-made': {
    frame: 'desk',
    draw: t => (
      <main class="desk-main stack">
        <h1>{t.desk.title}</h1>
        <Made address={calendarAddress} made={madePassword} />
      </main>
    ),
  },
  'desk-nothing': desk({ waiting: [] }, { path: '/desk/nothing' }),
  'desk-call': deskCall(),
  'desk-call-waiting': deskCall('waiting'),
  'desk-call-alone': deskCall(null, undefined, () => ({ participants: [{ ...fake.practitioner, self: true }] })),
  'desk-call-alone-not-yet': deskCall(
    null,
    undefined,
    () => ({ participants: [{ ...fake.practitioner, self: true }] }),
    undefined,
    undefined,
    'c_9',
  ),
  'desk-call-chat': deskCall('chat', undefined, () => ({ tiles: [tile('p_2', jeanne())], chat: talk })),
  'desk-call-column': deskCall('tab:documents', undefined, undefined, sampleTabs),
  'desk-call-signing': deskCall(null, undefined, signing('practitioner'), undefined, 'p_4'),
  'desk-call-invite': deskCall('invite'),
  'desk-call-settings': deskCall('settings'),
  'desk-call-send-back': deskCall('send-back', undefined, () => ({
    participants: [{ ...fake.practitioner, self: true }, fake.patient, fake.carer],
    tiles: [tile('p_2', jeanne()), tile('p_3', paul())],
  })),
  'desk-call-end': deskCall(null, () => <EndCallDialog onEnd={nothing} onStepOut={nothing} onStay={nothing} />),
  'desk-call-other-weak': deskCall(null, undefined, () => ({
    tiles: [tile('p_2', jeanne())],
    network: 'weak',
    networkOf: 'other',
  })),
};
