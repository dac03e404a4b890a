/** The call, for everybody in it. */
export interface CallWords {
  call: InCallWords;
  chat: ChatWords;
  settings: SettingsWords;
  help: HelpWords;
}

interface InCallWords {
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
  /** The practitioner's button, and what opens the same from a patient's messages. */
  documents: string;
  sendDocument: string;
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
  /** What a guest is. */
  guests: Record<'carer' | 'expert', string>;
  inviteContact: string;
  inviteContactHint: string;
  inviteContactWrong: string;
  inviteSent: string;
  inviteName: string;
  inviteNameHint: string;
  inviteMake: string;
  inviteReady: string;
  sendBackQuestion(who: string): string;
  sendBackMore(who: string): string;
  sendBackYes: string;
  waitingChip(count: number, minutes: number): string;
  waitingHeading: string;
  /** The column beside the pictures, and the button that opens it. */
  column: string;
  columnShort: string;
  /** The tab of the practitioner's private notes. */
  notes: string;
  interpreters: string;
  /** Keeping somebody in view: a sign-language interpreter, for one. */
  pin: string;
  pinLabel(who: string): string;
  unpin: string;
  unpinLabel(who: string): string;
  pinned(who: string): string;
  unpinned(who: string): string;
  pinnedSize: string;
  percent(share: number): string;
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
}
