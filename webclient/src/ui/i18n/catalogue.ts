/**
 * Every word that the pages say. A language is one object of this type, so that a forgotten sentence stops the build.
 *
 * Plain strings may also be put into pages/*.html at build time, as `%t:home.title%`. `who` is always the name of a
 * person as shown, `phone` a telephone number as shown, `time` an hour and minute already in the reader's own zone.
 */
export interface Catalogue {
  /** Sentences that stand in the html files. They must be true before any script has run. */
  home: PageWords & { intro: string; patient: string; practitioner: string; operator: string; free: string };
  signedOut: PageWords & { intro: string; how: string };
  signIn: PageWords & {
    intro: string;
    button: string;
    working: string;
    failed: string;
    failedHow: string;
    note: string;
    noScript: string;
  };
  linkGone: PageWords & { intro: string; why: string; whyOpened: string; whyOld: string; what: string };
  entry: {
    title: string;
    seesYou: string;
    /** Instead of a practitioner's name, when none was given; in a sentence and at its beginning. */
    someone: string;
    someoneFirst: string;
    next: string;
    nextCheck: string;
    nextWait: string;
    nextCall: string;
    enter: string;
    test: string;
    noAccount: string;
    notRecorded: string;
    stuck: string;
    noScript: string;
  };
  frame: {
    skip: string;
    otherLanguage: string;
    otherLanguageCode: string;
    help: string;
    callPractice: string;
    practice: string;
  };

  common: {
    continue: string;
    cancel: string;
    close: string;
    back: string;
    retry: string;
    yes: string;
    no: string;
    copyLink: string;
    copied: string;
    copyFailed: string;
    you: string;
    roles: { practitioner: string; patient: string; interpreter: string; guest: string };
    minutes(count: number): string;
    lessThanAMinute: string;
    loading: string;
    loadFailed: string;
  };
  /** What stands in the way before anything can begin. */
  obstacles: {
    /** app is '' when the app does not give its name. */
    inApp(app: string): string;
    inAppHow: string;
    inAppHowApple: string;
    tooOldTitle: string;
    tooOld: string;
    insecureTitle: string;
    insecure: string;
    callInstead: string;
  };
  check: CheckWords;
  waiting: WaitingWords;
  ended: EndedWords;
  /** Words for the error codes of the protocol, as far as people meet them. */
  problems: {
    link: string;
    full: string;
    media: string;
    other: string;
  };
  call: CallWords;
  chat: ChatWords;
  settings: SettingsWords;
  help: HelpWords;
  desk: DeskWords;
}

interface PageWords {
  title: string;
  heading: string;
}

interface CheckWords {
  title: string;
  step(number: number, of: number): string;
  skipAll: string;
  camera: {
    heading: string;
    why(who: string): string;
    nobodyYet: string;
    willAsk: string;
    open: string;
    without: string;
    asking: string;
    askingHow: string;
    seeYourself: string;
    seeYourselfHow: string;
    yes: string;
    turn: string;
    choose: string;
    picture: string;
    missing: string;
    missingHow: string;
  };
  microphone: {
    heading: string;
    why(who: string): string;
    open: string;
    asking: string;
    askingHow: string;
    say: string;
    sayHow: string;
    level: string;
    listening: string;
    heard: string;
    notMoving: string;
    tips: readonly string[];
    choose: string;
    continueAnyway: string;
    without: string;
    missing: string;
    missingHow: string;
  };
  sound: {
    heading: string;
    why(who: string): string;
    play: string;
    playing: string;
    question: string;
    yes: string;
    no: string;
    again: string;
    tipsHeading: string;
    tips: readonly string[];
    tipApple: string;
    now: string;
    continueAnyway: string;
    choose: string;
  };
  refused: {
    camera: string;
    microphone: string;
    notSerious: string;
    without: string;
    how: string;
    bySystem: { camera: string; microphone: string };
    steps: Record<
      'chrome-android' | 'safari-ios' | 'firefox-android' | 'chrome' | 'firefox' | 'safari' | 'other',
      readonly string[]
    >;
    systemSteps: Record<'android' | 'ios' | 'computer', readonly string[]>;
  };
  done: {
    heading: string;
    headingPartly: string;
    intro: string;
    camera: Record<'ok' | 'missing' | 'refused' | 'skipped', string>;
    microphone: Record<'ok' | 'silent' | 'missing' | 'refused' | 'skipped', string>;
    sound: Record<'heard' | 'not-heard' | 'skipped', string>;
    enter: string;
    again: string;
  };
}

interface WaitingWords {
  title: string;
  arriving: string;
  heading: string;
  knows(who: string): string;
  noted(who: string): string;
  keepOpen: string;
  screenOn: string;
  available(who: string): string;
  inConsultation(who: string): string;
  away(who: string): string;
  arrivedAt(time: string): string;
  late(minutes: number): string;
  onTime: string;
  saidAt(time: string): string;
  prepareHeading: string;
  prepare: readonly string[];
  ownPicture: string;
  ownPictureOff: string;
  devices: string;
  lost: string;
  sentBack(who: string): string;
  leave: string;
  leaveQuestion: string;
  called(who: string): string;
}

interface EndedWords {
  title: string;
  ended: string;
  endedMore: string;
  left: string;
  leftMore(who: string): string;
  declined(who: string): string;
  declinedMore: string;
  replaced: string;
  replacedMore: string;
  stopped: string;
  stoppedMore: string;
  problem: string;
  comeBack: string;
  takeOver: string;
  retry: string;
  close: string;
}

interface CallWords {
  title(who: string): string;
  heading(who: string): string;
  stage: string;
  dock: string;
  connecting(who: string): string;
  connectingShort: string;
  alone: string;
  alonePractitioner: string;
  microphone: string;
  camera: string;
  /** One word under the button's own: how it stands now. */
  microphoneState: Record<'on' | 'muted' | 'none', string>;
  cameraState: Record<'on' | 'muted' | 'none', string>;
  /** Under the message button; no longer than about ten letters. */
  unreadShort(count: number): string;
  microphoneOn: string;
  microphoneOff: string;
  cameraOn: string;
  cameraOff: string;
  noMicrophone: string;
  noCamera: string;
  message: string;
  messageUnread(count: number): string;
  leave: string;
  end: string;
  screen: string;
  stopScreen: string;
  floating: string;
  floatingBack: string;
  invite: string;
  sendBack: string;
  settings: string;
  more: string;
  turnCamera: string;
  ownPicture: string;
  screenOf(who: string): string;
  yourScreen: string;
  speaking: string;
  muted: string;
  personLost(who: string): string;
  joined(who: string): string;
  gone(who: string): string;
  duration: string;
  weakSelf: string;
  weakOther(who: string): string;
  badSelf: string;
  badOther(who: string): string;
  lost: string;
  back: string;
  tapToHear: string;
  reconnectSound: string;
  reconnectSoundWhy: string;
  cantHear: string;
  leaveQuestion: string;
  leaveMore: string;
  leaveYes: string;
  leaveNo: string;
  endQuestion: string;
  endMore: string;
  endYes: string;
  stepOut: string;
  stepOutMore: string;
  inviteHeading: string;
  inviteMore: string;
  inviteRole: string;
  inviteInterpreter: string;
  inviteGuest: string;
  inviteName: string;
  inviteNameHint: string;
  inviteMake: string;
  inviteReady: string;
  sendBackQuestion(who: string): string;
  sendBackMore(who: string): string;
  sendBackYes: string;
  waitingChip(count: number, minutes: number): string;
  waitingHeading: string;
}

interface ChatWords {
  heading: string;
  empty: string;
  label: string;
  send: string;
  from(who: string, time: string): string;
  sending: string;
  failed: string;
  retry: string;
  arrived(who: string, text: string): string;
  tooLong(over: number): string;
  note: string;
}

interface SettingsWords {
  heading: string;
  camera: string;
  cameraOff: string;
  microphone: string;
  speaker: string;
  device(number: number): string;
  level: string;
  testSound: string;
  noneFound: string;
}

interface HelpWords {
  heading: string;
  restart: string;
  restarted: string;
  tips: readonly string[];
  stillNot: string;
  stillNotMore: string;
  message: string;
}

interface DeskWords {
  title: string;
  stuck: string;
  titleWaiting(count: number, name: string): string;
  signOut: string;
  connectionLost: string;
  nameHeading: string;
  nameMore: string;
  nameLabel: string;
  nameHint: string;
  nameSave: string;
  nameChange: string;
  waitingHeading(count: number): string;
  nobody: string;
  nobodyMore: string;
  arrived(who: string): string;
  unnamed(time: string): string;
  arrivedAt(time: string): string;
  waits(minutes: number): string;
  waitsNow: string;
  admit: string;
  admitLabel(who: string): string;
  notNow: string;
  notNowLabel(who: string): string;
  notNowQuestion(who: string): string;
  notNowMore: string;
  presence: { here: string; lost: string; away: string };
  deviceCamera: Record<'ok' | 'missing' | 'refused' | 'skipped', string>;
  deviceMicrophone: Record<'ok' | 'silent' | 'missing' | 'refused' | 'skipped', string>;
  deviceSound: Record<'heard' | 'not-heard' | 'skipped', string>;
  late: string;
  lateMinutes(minutes: number): string;
  onTime: string;
  lateSaid(minutes: number, time: string): string;
  onTimeSaid(time: string): string;
  lateHint: string;
  soundBlocked: string;
  soundOn: string;
  startHeading: string;
  startName: string;
  startNameHint: string;
  startLanguage: string;
  startButton: string;
  languages: Record<'fr' | 'en', string>;
  linkReady: string;
  linkReadyFor(who: string): string;
  linkLabel: string;
  linkHow: string;
  linkAgain: string;
  linkAgainMore: string;
  qr: string;
  qrHow: string;
  waitingForOpen: string;
  another: string;
  openHeading: string;
  openNone: string;
  stateInvited: string;
  stateWaiting: string;
  stateCall: string;
  stateLeft: string;
  startedAt(time: string): string;
  resume: string;
  join: string;
  newLink: string;
  finish: string;
  finishLabel(who: string): string;
  finishQuestion(who: string): string;
  finishMore: string;
  devices: string;
  busy: string;
  failed: string;
  sentBack(who: string): string;
  ended: string;
  callEnded: Record<'ended' | 'left' | 'replaced' | 'stopped' | 'declined', string>;
}
