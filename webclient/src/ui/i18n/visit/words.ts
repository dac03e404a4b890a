import type { InterpreterRequest, Proof } from '../../../protocol/messages';

/** Beside the call: who the patient is and where, private notes, going on by telephone. */
export interface VisitWords {
  readonly visit: {
    readonly strip: string;
    readonly nameUnknown: string;
    /** A day, and an age in years. */
    readonly born: (day: string, age: number) => string;
    readonly bornUnknown: string;
    readonly place: string;
    readonly placeUnknown: string;
    readonly emergency: (number: string) => string;
    readonly emergencyUnknown: string;
    readonly callBack: string;
    readonly callBackUnknown: string;
    readonly saidBySelf: (time: string) => string;
    readonly identity: string;
    readonly notVerified: string;
    readonly identityNotVerified: string;
    readonly proofs: Readonly<Record<Proof, string>>;
    readonly verifiedBy: (who: string, time: string) => string;
    readonly correct: string;
    readonly correctOf: (name: string) => string;
    readonly correctHeading: string;
    readonly correctMore: string;
    readonly name: string;
    readonly birthDate: string;
    readonly country: string;
    readonly countryOwn: string;
    readonly toPhone: string;
    readonly dial: (number: string) => string;
    readonly onPhone: (duration: string) => string;
    readonly onPhoneMore: string;
    readonly toVideo: string;
    readonly notKept: string;
    readonly wrongPhone: string;
  };
  readonly note: {
    readonly label: string;
    readonly hint: string;
    readonly kept: string;
    readonly writing: string;
    readonly unkept: string;
    readonly unreadable: string;
    readonly tooLong: string;
    readonly conflict: string;
    readonly both: string;
  };
  readonly interpreters: {
    readonly requests: string;
    readonly nobody: string;
    readonly who: string;
    readonly from: string;
    readonly into: string;
    readonly choose: string;
    readonly within: string;
    readonly ask: string;
    readonly sent: string;
    readonly handed: string;
    readonly link: string;
    readonly withdraw: string;
    readonly failed: string;
    readonly until: (time: string) => string;
    readonly states: Readonly<Record<InterpreterRequest['state'], string>>;
    /** What browsers have no name for. */
    readonly signs: Readonly<Record<string, string>>;
  };
  readonly organisations: {
    readonly heading: string;
    readonly intro: string;
    readonly add: string;
    readonly name: string;
    readonly mail: string;
    readonly phone: string;
    readonly languages: string;
    readonly change: string;
    readonly remove: string;
    readonly removeMore: string;
    readonly failed: string;
    readonly changeOf: (name: string) => string;
    readonly removeOf: (name: string) => string;
  };
  /** After the end. */
  /** One consultation's own screen. */
  readonly visitPage: {
    readonly open: string;
    readonly openOf: (name: string) => string;
    readonly back: string;
    readonly gone: string;
    readonly people: string;
    readonly link: string;
    readonly linkOf: (name: string) => string;
    readonly inviteMore: string;
    readonly keptUntil: (day: string) => string;
    /** Before one sends something after the end: the patient is told, or cannot be. */
    readonly late: string;
    readonly lateHanded: string;
    readonly code: string;
    readonly codeIs: (code: string) => string;
    readonly codeSend: string;
    readonly codeSent: string;
    readonly codeUnsent: string;
    readonly codeNone: string;
    readonly record: string;
    readonly endedAt: (time: string) => string;
    /** Of somebody who was invited, after the end. */
    readonly notCome: string;
    /** In the list of a day, on each consultation that asked for one. */
    readonly interpreter: Readonly<Record<'asked' | 'accepted' | 'none', string>>;
  };
  readonly keptChat: {
    readonly heading: (name: string) => string;
    readonly open: string;
    readonly openOf: (name: string) => string;
    readonly none: string;
    readonly until: (day: string) => string;
    readonly failed: string;
  };
  /** The patient's own page. */
  readonly where: {
    readonly heading: string;
    readonly why: string;
    readonly place: string;
    readonly placeHint: string;
    readonly callBack: string;
    readonly save: string;
    readonly kept: string;
    readonly change: string;
    readonly wrongPhone: string;
    readonly failed: string;
    /** On by telephone. */
    readonly calls: (who: string, number: string) => string;
    readonly callsOther: (who: string) => string;
    readonly callsMore: string;
  };
}
