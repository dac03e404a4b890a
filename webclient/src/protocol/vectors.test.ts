// The examples of signal/testdata, which Go reads too: the two sides agree without generated code.

import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { DecodeError, decode } from './decode';
import { decodeRequest } from './testing/requests';

interface Vector {
  name: string;
  direction: 'request' | 'reply' | 'event';
  valid: boolean;
  message: unknown;
}

const file = new URL('../../../signal/testdata/messages.json', import.meta.url);
const vectors = JSON.parse(readFileSync(file, 'utf8')) as Vector[];

describe('signal/testdata', () => {
  test('holds examples of every direction, good and bad', () => {
    for (const direction of ['request', 'reply', 'event']) {
      for (const valid of [true, false]) {
        expect(vectors.some(vector => vector.direction === direction && vector.valid === valid)).toBe(true);
      }
    }
  });

  test.each(vectors)('$direction $name, valid: $valid', vector => {
    const frame = JSON.stringify(vector.message);
    const read = () => (vector.direction === 'request' ? decodeRequest(frame) : decode(frame));
    if (!vector.valid) {
      expect(read).toThrow(DecodeError);
      return;
    }
    const value = read();
    const message = 'event' in value ? value.event : 'reply' in value ? value.reply : value;
    expect(message).toEqual(vector.message);
  });
});

describe('decode', () => {
  test.each([
    ['not JSON', '{'],
    ['an array', '[]'],
    ['null', 'null'],
    ['no type', '{}'],
    ['a type from the prototype', '{"type":"constructor"}'],
    ['a reply type from the prototype', '{"type":"toString","reply":"1"}'],
    ['an unknown field', '{"type":"tick","more":1}'],
    [
      'an unknown field deep down',
      '{"type":"desk","consultations":[{"id":"c","state":"live","created_at":"2026-11-22T09:00:00Z","participants":[],"x":1}]}',
    ],
    ['an event that answers', '{"type":"tick","reply":"1"}'],
    ['a reply that answers nothing', '{"type":"done"}'],
    ['a local time', '{"type":"waiting","since":"2026-11-22T09:01:10+01:00","practitioner":"available"}'],
    ['a fraction of a lane', '{"type":"lanes","lanes":[],"missing":0.5}'],
    ['null for a list', '{"type":"speaking","participants":null}'],
  ])('refuses %s', (_name, frame) => {
    expect(() => decode(frame)).toThrow(DecodeError);
  });

  test('the error says where, and not what', () => {
    const frame =
      '{"type":"chat","messages":[{"id":"m_1","from":"p_1","name":"Jeanne","text":5,"at":"2026-11-22T09:15:00Z"}]}';
    expect(() => decode(frame)).toThrow('not in the protocol: chat.messages[0].text');
  });

  test('takes fractions of a second', () => {
    const frame = '{"type":"waiting","since":"2026-11-22T09:01:10.123456789Z","practitioner":"away"}';
    expect(decode(frame)).toHaveProperty('event.practitioner', 'away');
  });
});
