import type { DeliveryWords } from './delivery.words';
import type { StripWords } from './strip.words';

/** The practitioner's desk: who waits, links, delay. */
export interface DeskWords {
  desk: WaitingDeskWords;
  strip: StripWords;
  delivery: DeliveryWords;
}

interface WaitingDeskWords {
  /** For who has only links to sign in with. */
  comeBack: string;
  comeBackHow: string;
  title: string;
  stuck: string;
  /** page is the title of where the practitioner is. */
  titleWaiting(count: number, name: string, page: string): string;
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
  /** The same, where the bell is turned off. */
  nobodyQuiet: string;
  arrived(who: string): string;
  /** For a secretary of several. */
  arrivedFor(who: string, practitioner: string): string;
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
  presence: { lost: string; away: string };
  deviceCamera: Record<'ok' | 'missing' | 'refused' | 'skipped', string>;
  deviceMicrophone: Record<'ok' | 'silent' | 'missing' | 'refused' | 'skipped', string>;
  deviceSound: Record<'heard' | 'not-heard' | 'skipped', string>;
  late: string;
  /** For a secretary: somebody else is. */
  lateOf(practitioner: string): string;
  lateMinutes(minutes: number): string;
  onTime: string;
  lateSaid(minutes: number, time: string): string;
  onTimeSaid(time: string): string;
  lateHint: string;
  soundBlocked: string;
  soundOn: string;
  startHeading: string;
  startNameHint: string;
  startButton: string;
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
  stateInvited: string;
  stateWaiting: string;
  stateCall: string;
  stateLeft: string;
  resume: string;
  resumeLabel(who: string): string;
  newLink: string;
  newLinkLabel(who: string): string;
  finish: string;
  finishLabel(who: string): string;
  finishQuestion(who: string): string;
  finishMore: string;
  /** The same of one that is planned and not begun: who was to come is told. */
  finishPlanned: string;
  failed: string;
  sentBack(who: string): string;
  /** On the stage of a call in which the practitioner is alone. */
  alone: {
    notYet(who: string): string;
    left(who: string): string;
    how: string;
  };
  callEnded: Record<'ended' | 'left' | 'replaced' | 'stopped' | 'declined' | 'passed', string>;
}
