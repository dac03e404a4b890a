/** Somebody else of the practice, invited and signed in as the API has it. */
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';

/** Sends JSON from a tab's page, with its cookies, and reads JSON. */
export const api = (tab, method, path, body) =>
  tab.evaluate(
    async ([way, where, what]) => {
      const answer = await fetch(`/api/v1${where}`, {
        method: way,
        headers: what === undefined ? {} : { 'Content-Type': 'application/json' },
        ...(what === undefined ? {} : { body: JSON.stringify(what) }),
      });
      return { status: answer.status, body: answer.status === 204 ? null : await answer.json() };
    },
    [method, path, body],
  );

/** The figures that an authenticator app shows now: RFC 6238 with SHA-1, 30 s and six figures. */
function codeOf(secret) {
  const bits = [...secret.replace(/=+$/, '')]
    .map(letter => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0'))
    .join('');
  const key = Buffer.from(bits.match(/.{8}/g).map(byte => Number.parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000)));
  const hash = createHmac('sha1', key).update(counter).digest();
  const at = hash.at(-1) & 15;
  return String((hash.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}

/** `by` invites a practitioner, or somebody with another role, who sets up an account in `tab` and is at the desk. */
export async function joinPractice(
  by,
  tab,
  program,
  name,
  { role = 'practitioner', mail = 'colleague@example.org' } = {},
) {
  const invited = await api(by, 'POST', '/accounts', { name, roles: [role] });
  assert.equal(invited.status, 201, JSON.stringify(invited.body));
  const ticket = invited.body.link.split('/').at(-1);
  program.keepSecret(name, ticket);
  await tab.goto(`${program.base}/`);
  const offer = await api(tab, 'POST', '/invitation/codes', { ticket });
  assert.equal(offer.status, 200, JSON.stringify(offer.body));
  const accepted = await api(tab, 'POST', '/invitation/accept', {
    ticket,
    password: {
      mail,
      password: 'quatre tilleuls dans la cour',
      step: offer.body.step,
      code: codeOf(offer.body.secret),
    },
  });
  assert.equal(accepted.status, 200, JSON.stringify(accepted.body));
  await tab.goto(`${program.base}/desk`);
}
