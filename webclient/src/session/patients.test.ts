import { expect, test } from 'vitest';
import { exportAddress, merge, nameOf, nobody, type PatientFields, Patients } from './patients';

const jeanne: PatientFields = {
  ...nobody,
  familyName: 'Martin',
  givenNames: 'Jeanne',
  phone: '+33639980010',
  needs: ['carer'],
};

class FakeDesk {
  readonly asked: { method: string; path: string; body: unknown }[] = [];
  answer: unknown = { id: 'pt_1', family_name: 'Martin' };
  async request(method: string, path: string, body?: unknown): Promise<unknown> {
    this.asked.push({ method, path, body });
    return this.answer;
  }
}

test('what is empty is not sent', async () => {
  const desk = new FakeDesk();
  await new Patients(desk).create(jeanne, false);
  expect(desk.asked).toEqual([
    {
      method: 'POST',
      path: '/patients',
      body: {
        family_name: 'Martin',
        given_names: 'Jeanne',
        contact: { phone: '+33639980010' },
        carer: {},
        needs: ['carer'],
        ids: [],
      },
    },
  ]);
});

test('a record is read, whatever is missing from it', async () => {
  const desk = new FakeDesk();
  desk.answer = {
    id: 'pt_1',
    practitioner: 'a_1',
    revision: 3,
    family_name: 'Martin',
    contact: { phone: '+33639980010', reach: 'sms' },
    carer: {},
    needs: ['hearing', 'unknown'],
    ids: [{ system: 'INS', value: '1' }],
  };
  expect(await new Patients(desk).read('pt_1')).toEqual({
    ...nobody,
    id: 'pt_1',
    practitioner: 'a_1',
    revision: 3,
    familyName: 'Martin',
    phone: '+33639980010',
    reach: 'sms',
    needs: ['hearing'],
    ids: [{ system: 'INS', value: '1' }],
  });
  desk.answer = { title: 'something else' };
  await expect(new Patients(desk).read('pt_1')).rejects.toMatchObject({ code: 'internal' });
});

test('no name stands in the address of a search', async () => {
  const desk = new FakeDesk();
  desk.answer = { patients: [], total: 0 };
  await new Patients(desk).search('martin', 0, 20);
  expect(desk.asked[0]?.path).toBe('/patients/search');
});

test.each<[string, Partial<PatientFields>, Partial<PatientFields>, Partial<PatientFields>, string[]]>([
  ['only mine', { mail: 'j@example.org' }, {}, { mail: 'j@example.org' }, []],
  ['only theirs', {}, { mail: 'j@example.org' }, { mail: 'j@example.org' }, []],
  ['different fields', { mail: 'j@example.org' }, { needs: [] }, { mail: 'j@example.org', needs: [] }, []],
  ['the same', { phone: '1' }, { phone: '1' }, { phone: '1' }, []],
  ['both', { phone: '1' }, { phone: '2' }, { phone: '1' }, ['phone']],
])('two tabs: %s', (_, mine, theirs, want, clashes) => {
  expect(merge(jeanne, { ...jeanne, ...mine }, { ...jeanne, ...theirs })).toEqual({
    fields: { ...jeanne, ...want },
    clashes,
  });
});

test('a name without given names', () => {
  expect(nameOf({ givenNames: '', familyName: 'Nemo' })).toBe('Nemo');
});

test("whose patients: said when it is not one's own", async () => {
  const desk = new FakeDesk();
  const patients = new Patients(desk);
  await patients.create(nobody, true, 'a_1');
  await patients.similar(nobody, 'a_1');
  await patients.search('mar', 0, 8, 'a_1').catch(() => null);
  await patients.import(new Blob(['x']), true, 'a_1').catch(() => null);
  await patients.import(new Blob(['x']), false).catch(() => null);
  expect(desk.asked.map(({ path, body }) => [path, Reflect.get(Object(body), 'practitioner')])).toEqual([
    ['/patients', 'a_1'],
    ['/patients/similar', 'a_1'],
    ['/patients/search', 'a_1'],
    ['/patients/import?practitioner=a_1&dry_run=true', undefined],
    ['/patients/import', undefined],
  ]);
  expect([exportAddress('a_1'), exportAddress('')]).toEqual([
    '/api/v1/patients/export?practitioner=a_1',
    '/api/v1/patients/export',
  ]);
});
