/** What the program says in FHIR, read by somebody else's validator of R4's definitions. */
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { offer } from './harness/bookable.mjs';
import { api } from './harness/colleague.mjs';
import { scenario } from './harness/scenario.mjs';
import { desktop } from './harness/stage.mjs';
import { signIn } from './harness/steps.mjs';

const { Fhir } = createRequire(import.meta.url)('fhir');
const validator = new Fhir();

/** What is wrong with a resource, in words. */
function faults(resource) {
  const { valid, messages } = validator.validate(resource, { errorOnUnexpected: true });
  return valid ? [] : messages.filter(one => one.severity !== 'info').map(one => `${one.location}: ${one.message}`);
}

scenario('record software finds, holds and books a time in FHIR, and all that it is told is valid R4', async stage => {
  const { program } = stage;
  const doctor = await stage.tab('doctor', { context: desktop });
  await signIn(doctor, program);
  await offer(doctor, { label: { fr: 'Consultation vidéo' } }, { closed: [{ from: '2090-01-01', to: '2090-01-02' }] });
  const token = await api(doctor, 'POST', '/me/tokens', {
    name: 'record software',
    scopes: ['appointments:read', 'appointments:write'],
    days: 1,
  });
  assert.equal(token.status, 201, JSON.stringify(token.body));
  program.keepSecret(token.body.secret, 'Jeanne Martin');

  const ask = async (path, body) => {
    const answer = await fetch(`${program.base}/fhir/${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { Authorization: `Bearer ${token.body.secret}`, Accept: 'application/fhir+json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const resource = await answer.json();
    assert.deepEqual(faults(resource), [], `${path}: ${JSON.stringify(resource)}`);
    for (const { resource: one } of resource.entry ?? []) {
      assert.deepEqual(faults(one), [], `${path}: ${JSON.stringify(one)}`);
    }
    return { status: answer.status, resource, found: (resource.entry ?? []).map(one => one.resource) };
  };
  assert.notDeepEqual(faults({ resourceType: 'Slot', status: 'whatever' }), [], 'the validator looks');
  assert.equal((await ask('metadata')).resource.fhirVersion, '4.0.1');
  for (const type of ['Practitioner', 'PractitionerRole', 'HealthcareService', 'Schedule', 'Slot?_count=5']) {
    const { found } = await ask(type);
    assert.notEqual(found.length, 0, type);
    assert.equal((await ask(`${found[0].resourceType}/${found[0].id}`)).resource.id, found[0].id);
  }
  const [proposed] = (await ask('Appointment/$find?_count=1')).found;
  const parameters = resource => ({ resourceType: 'Parameters', parameter: [{ name: 'appt-resource', resource }] });
  const [held] = (await ask('Appointment/$hold', parameters(proposed))).found;
  assert.equal(held.status, 'pending');
  assert.equal((await ask('Appointment/$hold', parameters(proposed))).status, 409);
  const patient = {
    resourceType: 'Patient',
    id: 'patient',
    name: [{ family: 'Martin', given: ['Jeanne'] }],
    telecom: [{ system: 'phone', value: '+33639980010' }],
    birthDate: '1957-03-09',
  };
  const [booked] = (await ask('Appointment/$book', parameters({ ...held, contained: [patient] }))).found;
  assert.equal(booked.status, 'booked');
  const { found } = await ask(`Appointment?date=${booked.start.slice(0, 10)}&status=booked`);
  assert.deepEqual(
    found.map(one => one.id),
    [booked.id],
  );
  assert.equal((await ask(`Slot/${proposed.id}`)).resource.status, 'busy');
  assert.equal((await ask('Slot?patient=1')).status, 400);
});
