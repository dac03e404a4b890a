// The server's side of the protocol, for tests: reads a request as strictly as signal/decode.go does, so that a fake server refuses
// what the real one would. Never imported by the pages.

import { DecodeError, type Decoder, deviceFields, list, object, optional, source, text, word } from '../decode';
import type { Devices, PublishLine, Request, Want } from '../messages';

/** A request as it is on the wire. */
export type Sent<R extends Request = Request> = R & { id: string };

const fail = (path: string): never => {
  throw new DecodeError(path);
};
const where =
  <T>(decoder: Decoder<T>, holds: (value: T) => boolean): Decoder<T> =>
  (value, path) => {
    const read = decoder(value, path);
    return holds(read) ? read : fail(path);
  };
const short = where(text, value => value !== '' && value.length <= 128);
const id = where(text, value => value !== '' && value.length <= 32);
const whole = (max: number): Decoder<number> =>
  where(
    (value, path) => (typeof value === 'number' ? value : fail(path)),
    value => Number.isInteger(value) && value >= 0 && value <= max,
  );
const offer = where(text, value => value !== '');
const someone = { id, consultation: short, participant: short };

const flag: Decoder<boolean> = (value, path) => (typeof value === 'boolean' ? value : fail(path));

type Plain = { [key: string]: unknown };

const requests: { readonly [type: string]: Decoder<Plain> } = {
  join: where(
    object<Plain>({
      type: text,
      id,
      ticket: optional(short),
      consultation: optional(short),
      language: text,
      offer,
      publish: where(
        list(object<PublishLine>({ mid: where(text, value => value !== '' && value.length <= 16), source })),
        lines => new Set(lines.map(line => line.source)).size === lines.length,
      ),
      devices: object<Partial<Devices>>(deviceFields),
      seat: optional(where(text, value => value.length >= 16 && value.length <= 128)),
    }),
    join => 'ticket' in join !== 'consultation' in join,
  ),
  resume: object<Plain>({ type: text, id, session: short, token: short, chat_after: optional(short) }),
  watch: object<Plain>({ type: text, id, practitioner: optional(short) }),
  publish: object<Plain>({ type: text, id, source }),
  unpublish: object<Plain>({ type: text, id, source }),
  mute: object<Plain>({
    type: text,
    id,
    source: word('microphone', 'camera'),
    muted: flag,
  }),
  want: object<Plain>({
    type: text,
    id,
    wants: where(
      list(object<Want>({ participant: short, source: word('camera', 'screen'), height: whole(8640) })),
      wants => wants.length <= 64,
    ),
  }),
  chat: object<Plain>({
    type: text,
    id,
    text: where(text, value => value.trim() !== '' && [...value].length <= 2000),
  }),
  offer: object<Plain>({ type: text, id, offer, reason: word('ice', 'lanes') }),
  leave: object<Plain>({ type: text, id }),
  end: object<Plain>({ type: text, id, consultation: optional(short) }),
  admit: object<Plain>({ type: text, ...someone }),
  'send-back': object<Plain>({ type: text, ...someone }),
  decline: object<Plain>({ type: text, ...someone }),
  delay: object<Plain>({ type: text, id, minutes: whole(240) }),
  message: where(
    object<Plain>({
      type: text,
      id,
      consultation: optional(short),
      participant: optional(short),
      text: where(text, value => value.trim() !== '' && [...value].length <= 300),
    }),
    message => 'consultation' in message === 'participant' in message,
  ),
  absent: object<Plain>({ type: text, ...someone, absent: flag }),
  where: object<Plain>({
    type: text,
    id,
    place: where(text, value => [...value].length <= 200),
    call_back: where(text, value => value.length <= 128),
  }),
  'answer-knock': object<Plain>({ type: text, id, continue: flag }),
};

/** Reads one text frame of a browser. Throws DecodeError for what the server would refuse. */
export function decodeRequest(frame: string): Sent {
  if (new TextEncoder().encode(frame).length > 64 * 1024) {
    fail('size');
  }
  const value: unknown = JSON.parse(frame);
  const type = (value as Plain).type;
  const decoder = typeof type === 'string' && Object.hasOwn(requests, type) ? requests[type] : undefined;
  return (decoder ?? fail('type'))(value, String(type)) as Sent;
}
