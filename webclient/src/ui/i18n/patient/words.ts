/** The patient's way: check, waiting room, end. `time` is an hour and minute already in the reader's own zone. */
export interface PatientWords {
  check: CheckWords;
  waiting: WaitingWords;
  ended: EndedWords;
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
    /** The result is with the practitioner; the link is for the day itself. */
    sent(who: string): string;
    notSent: string;
    keepLink: string;
    back: string;
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
  message(who: string): string;
  passed(who: string): string;
  knock: string;
  knockMore: string;
  knockYes: string;
  knockNo: string;
  elsewhere: string;
  elsewhereMore: string;
}

interface EndedWords {
  title: string;
  ended: string;
  endedMore: string;
  /** Instead, while files are still being sent. */
  endedSending: string;
  left: string;
  leftMore(who: string): string;
  declined(who: string): string;
  declinedMore: string;
  replaced: string;
  replacedMore: string;
  elsewhere: string;
  elsewhereMore: string;
  early: string;
  earlyMore: string;
  stopped: string;
  stoppedMore: string;
  problem: string;
  comeBack: string;
  takeOver: string;
  retry: string;
}
