// The texts of messages, and test messages: operations under /templates and /notices.

import { SnapshotStore } from '../store';
import { DeskError, field, flag, items, number, part, texts } from './http';

export type NoticeKind =
  | 'invitation'
  | 'starts-now'
  | 'delay'
  | 'message'
  | 'link-again'
  | 'document'
  | 'interpreter-request'
  | 'interpreter-accepted'
  | 'called-off'
  | 'consultation-cancelled'
  | 'account-invitation'
  | 'appointment'
  | 'appointment-asked'
  | 'appointment-moved'
  | 'appointment-cancelled'
  | 'appointment-refused'
  | 'appointment-reminder'
  | 'appointment-offer'
  | 'confirm-code'
  | 'book-new'
  | 'book-moved'
  | 'book-cancelled'
  | 'book-asked';

export type Channel = 'sms' | 'mail';

/** A text that people are sent. */
export interface Template {
  readonly kind: NoticeKind;
  readonly channel: Channel;
  readonly language: string;
  readonly subject: string;
  readonly text: string;
  /** The practice's own; false: as it comes. */
  readonly own: boolean;
}

/** A template filled in, and for a text message how much room that takes. */
export interface Preview {
  readonly subject: string;
  readonly text: string;
  readonly length: {
    readonly encoding: string;
    readonly places: number;
    readonly segments: number;
    readonly left: number;
  } | null;
}

export interface Gateway {
  readonly name: string;
  readonly prefixes: readonly string[];
  readonly reportUrl: string;
}

/** What a mail server or a gateway answered to a test. */
export interface TestResult {
  readonly taken: boolean;
  readonly gateway: string;
  readonly answer: string;
  readonly seconds: number;
}

export interface MessagesSnapshot {
  /** Null until they are known. */
  readonly templates: readonly Template[] | null;
  readonly fields: readonly string[];
  readonly mail: boolean;
  readonly gateways: readonly Gateway[];
  readonly failed: boolean;
}

type Ask = (method: string, path: string, body?: unknown) => Promise<unknown>;

/** What the operator's page of messages shows and does. */
export class Messages extends SnapshotStore<MessagesSnapshot> {
  readonly #ask: Ask;

  constructor(ask: Ask) {
    super({ templates: null, fields: [], mail: false, gateways: [], failed: false });
    this.#ask = ask;
  }

  async load(): Promise<void> {
    try {
      const [told, channels] = await Promise.all([
        this.#ask('GET', '/templates'),
        this.#ask('GET', '/notices/channels'),
      ]);
      this.set({
        templates: items(told, 'templates').map(templateOf),
        fields: texts(told, 'fields'),
        mail: flag(channels, 'mail'),
        gateways: items(channels, 'gateways').map(gatewayOf),
        failed: false,
      });
    } catch (error) {
      if (!(error instanceof DeskError)) {
        throw error;
      }
      this.set({ failed: true });
    }
  }

  /** Fills a text in without keeping it. Rejects with DeskError, whose detail says what to change. */
  async preview(template: Omit<Template, 'own'>): Promise<Preview> {
    const { kind, channel, language, subject, text } = template;
    const body = { kind, channel, language, text, ...(channel === 'mail' ? { subject } : {}) };
    return previewOf(await this.#ask('POST', '/templates/preview', body));
  }

  /** Checks a text and keeps it. */
  async save({ kind, channel, language, subject, text }: Omit<Template, 'own'>): Promise<void> {
    const body = channel === 'mail' ? { subject, text } : { text };
    await this.#ask('PUT', `/templates/${kind}/${channel}/${language}`, body);
    await this.load();
  }

  /** Goes back to the text as it comes. */
  async reset({ kind, channel, language }: Pick<Template, 'kind' | 'channel' | 'language'>): Promise<void> {
    await this.#ask('DELETE', `/templates/${kind}/${channel}/${language}`);
    await this.load();
  }

  /** Sends a test to a number or an address, and says what was answered. */
  async test(to: string, language: string): Promise<readonly TestResult[]> {
    const body = to.includes('@') ? { mail: to, language } : { phone: to, language };
    return items(await this.#ask('POST', '/notices/test', body), 'results').map(resultOf);
  }
}

function templateOf(value: unknown): Template {
  return {
    kind: (field(value, 'kind') ?? 'message') as NoticeKind,
    channel: field(value, 'channel') === 'mail' ? 'mail' : 'sms',
    language: field(value, 'language') ?? '',
    subject: field(value, 'subject') ?? '',
    text: field(value, 'text') ?? '',
    own: flag(value, 'own'),
  };
}

function previewOf(value: unknown): Preview {
  const length: unknown = part(value, 'length');
  return {
    subject: field(value, 'subject') ?? '',
    text: field(value, 'text') ?? '',
    length:
      typeof length === 'object' && length !== null
        ? {
            encoding: field(length, 'encoding') ?? '',
            places: number(length, 'places'),
            segments: number(length, 'segments'),
            left: number(length, 'left'),
          }
        : null,
  };
}

function gatewayOf(value: unknown): Gateway {
  return {
    name: field(value, 'name') ?? '',
    prefixes: texts(value, 'prefixes'),
    reportUrl: field(value, 'report_url') ?? '',
  };
}

function resultOf(value: unknown): TestResult {
  return {
    taken: flag(value, 'taken'),
    gateway: field(value, 'gateway') ?? '',
    answer: field(value, 'answer') ?? '',
    seconds: number(value, 'seconds'),
  };
}
