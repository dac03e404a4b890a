import type { Channel, NoticeKind } from '../../../session/messages';

/** Settings → Messages: the texts that people are sent, and a test message. */
export interface MessagesWords {
  messages: {
    intro: string;
    kind: string;
    kinds: Record<NoticeKind, string>;
    channel: string;
    channels: Record<Channel, string>;
    language: string;
    subject: string;
    subjectHint: string;
    text: string;
    fieldsIntro: string;
    fields: Record<string, string>;
    preview: string;
    previewOf: string;
    own: string;
    reset: string;
    /** Of a text message: how many places it takes, and in how many messages it goes. */
    places(places: number, left: number): string;
    segments(count: number): string;
    gsm: string;
    ucs2: string;
    wrong: string;
    leave: string;
    testHeading: string;
    testIntro: string;
    testTo: string;
    testHint: string;
    testSend: string;
    testing: string;
    testTaken: string;
    testNotTaken: string;
    answered: string;
    seconds(seconds: string): string;
    noMail: string;
    noSms: string;
    gateways: string;
    gatewayFor(prefixes: string): string;
    gatewayAll: string;
    reports: string;
  };
}
