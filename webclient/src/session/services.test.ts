import { expect, test } from 'vitest';
import { languageCodes } from '../ui/i18n/languages';
import { type Choice, firstService, keptChoices, type Question, Services, withText } from './services';

test('what is offered by one press has a name in every language of the pages', () => {
  expect(Object.keys(firstService.label).sort()).toEqual([...languageCodes].sort());
});

test('a choice is kept as its first text for ever, however its texts change', () => {
  const choices: readonly Choice[] = [
    { value: 'Suivi', label: { fr: 'Contrôle', en: 'Follow-up' } },
    { value: '', label: { fr: ' Suivi ', en: '' } },
    { value: '', label: { fr: 'Autre' } },
    { value: 'Résultats', label: { fr: ' ' } },
    { value: 'Ordonnance', label: {} },
    { value: '', label: { fr: '' } },
  ];
  expect(keptChoices(choices)).toEqual([
    { value: 'Suivi', label: { fr: 'Contrôle', en: 'Follow-up' } },
    { value: 'Suivi (2)', label: { fr: ' Suivi ' } },
    { value: 'Autre', label: { fr: 'Autre' } },
    { value: 'Ordonnance', label: {} },
  ]);
});

test('a choice of one text only is read, written as it was, and said in the language of who edits it', async () => {
  let sent: unknown;
  const services = new Services({
    request: async (_method, _path, body) => {
      sent = body;
      return {
        id: 's_1',
        services: [
          {
            id: 's_1',
            questions: [
              { id: 'q', kind: 'choice', choices: [{ value: 'gauche' }, { value: 'b', label: { en: 'Right' } }] },
            ],
          },
        ],
      };
    },
  });
  const [one] = await services.list();
  const [question] = one?.questions ?? [];
  expect(question?.choices.map(choice => withText(choice, 'fr').label)).toEqual([{ fr: 'gauche' }, { en: 'Right' }]);
  await services.create({ ...firstService, questions: [question as Question] });
  expect(sent).toMatchObject({
    questions: [
      {
        choices: [
          { value: 'gauche', label: {} },
          { value: 'b', label: { en: 'Right' } },
        ],
      },
    ],
  });
});
