import { expect, test } from 'vitest';
import { DeskError } from './http';
import { Messages } from './messages';

const answers: { readonly [asked: string]: unknown } = {
  'GET /templates': {
    templates: [{ kind: 'delay', channel: 'sms', language: 'fr', text: '{{.Minutes}}', own: true }],
    fields: ['Link', 'Minutes'],
  },
  'GET /notices/channels': {
    mail: true,
    gateways: [{ name: 'ovh', prefixes: ['+33'], report_url: 'https://x/report' }],
  },
  'POST /templates/preview': {
    text: '10',
    length: { encoding: 'gsm-7', places: 2, segments: 1, left: 158 },
  },
  'PUT /templates/delay/sms/fr': {},
  'DELETE /templates/delay/sms/fr': null,
  'POST /notices/test': { results: [{ taken: false, gateway: 'ovh', answer: 'HTTP 401', seconds: 0.2 }] },
};

function fake() {
  const asked: [string, unknown][] = [];
  const messages = new Messages(async (method, path, body) => {
    asked.push([`${method} ${path}`, body]);
    const answer = answers[`${method} ${path}`];
    if (answer === undefined) {
      throw new DeskError('not-found', path);
    }
    return answer;
  });
  return { asked, messages };
}

test('texts, channels and gateways are read', async () => {
  const { messages } = fake();
  expect(messages.snapshot.templates).toBeNull();
  await messages.load();
  expect(messages.snapshot).toEqual({
    templates: [{ kind: 'delay', channel: 'sms', language: 'fr', subject: '', text: '{{.Minutes}}', own: true }],
    fields: ['Link', 'Minutes'],
    mail: true,
    gateways: [{ name: 'ovh', prefixes: ['+33'], reportUrl: 'https://x/report' }],
    failed: false,
  });
});

test('a text message has no subject, a mail has one', async () => {
  const { asked, messages } = fake();
  const delay = { kind: 'delay', channel: 'sms', language: 'fr', subject: 'x', text: 't' } as const;
  expect((await messages.preview(delay)).length).toEqual({ encoding: 'gsm-7', places: 2, segments: 1, left: 158 });
  await messages.preview({ ...delay, channel: 'mail' });
  await messages.save(delay);
  await messages.reset(delay);
  expect(asked[0]?.[1]).toEqual({ kind: 'delay', channel: 'sms', language: 'fr', text: 't' });
  expect(asked[1]?.[1]).toEqual({ kind: 'delay', channel: 'mail', language: 'fr', text: 't', subject: 'x' });
  expect(asked[2]).toEqual(['PUT /templates/delay/sms/fr', { text: 't' }]);
});

test('a test goes to a number or to an address', async () => {
  const { asked, messages } = fake();
  expect(await messages.test('0639980010', 'fr')).toEqual([
    { taken: false, gateway: 'ovh', answer: 'HTTP 401', seconds: 0.2 },
  ]);
  await messages.test('a@example.org', 'fr');
  expect(asked.map(([, body]) => body)).toEqual([
    { phone: '0639980010', language: 'fr' },
    { mail: 'a@example.org', language: 'fr' },
  ]);
});
