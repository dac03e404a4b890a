import type { SharedDocument } from '../../../protocol/messages';

/** Documents: what people give each other in a consultation, and find again after it. */
export interface DocumentsWords {
  readonly documents: {
    readonly heading: string;
    /** In the waiting room: why one would send something now. */
    readonly invite: string;
    readonly send: string;
    readonly photograph: string;
    /** Whom a practitioner sends something to, when several could get it. */
    readonly forWhom: string;
    readonly forNobody: string;
    /** Beside the buttons, on a page with a mouse. */
    readonly drop: string;
    readonly dropNow: string;
    readonly empty: string;
    readonly mine: string;
    readonly from: (who: string, time: string) => string;
    readonly kinds: Readonly<Record<'photo' | 'pdf' | 'video' | 'sound' | 'other', string>>;
    readonly bytes: (amount: string, unit: 'kB' | 'MB') => string;
    readonly seen: (time: string) => string;
    readonly seenBy: (who: string, time: string) => string;
    readonly notSeen: string;
    readonly states: Readonly<Record<Exclude<SharedDocument['state'], 'ready' | 'refused'>, string>>;
    readonly refused: Readonly<Record<NonNullable<SharedDocument['reason']>, string>>;
    readonly refusedTheirs: Readonly<Record<NonNullable<SharedDocument['reason']>, string>>;
    readonly locationRemoved: string;
    readonly open: string;
    readonly openOf: (name: string) => string;
    readonly download: string;
    readonly remove: string;
    readonly removeOf: (name: string) => string;
    readonly removeQuestion: (name: string) => string;
    readonly removeYes: string;
    readonly removeNo: string;
    readonly share: string;
    readonly unshare: string;
    readonly shared: string;
    readonly sending: (percent: string) => string;
    readonly stuck: string;
    readonly cancel: string;
    readonly retry: string;
    readonly arrived: (who: string, name: string) => string;
    readonly sent: (name: string) => string;
    readonly problems: Readonly<Record<'type' | 'large' | 'full' | 'link' | 'other', string>>;
    readonly tooLarge: (name: string, most: string) => string;
    /** After the call. */
    readonly keptHeading: string;
    readonly kept: (day: string) => string;
    readonly keptMessages: (day: string) => string;
    /** What was being sent when the call ended is still being sent. */
    readonly goesOn: string;
    readonly wentThrough: string;
    readonly keptCode: (code: string) => string;
    readonly code: string;
    readonly codeHint: string;
    readonly unlock: string;
    readonly sendCode: string;
    readonly codeSent: string;
    readonly codeProblems: Readonly<Record<'wrong' | 'locked' | 'unreachable' | 'soon' | 'link' | 'other', string>>;
    readonly apple: string;
  };
}
