import { describe, expect, test } from 'vitest';
import { fill, include } from './pages';

const catalogue = {
  entry: { title: 'Votre consultation', sees: '{who} vous reçoit à {time}', sign: 'Vous & <nous> "ici"' },
  'flat.key': 'à plat',
  plural: (count: number) => `${count}`,
};

const languages = { fr: { name: 'Français', dir: 'ltr' }, ar: { name: 'العربية', dir: 'rtl' } };

describe('filling a page', () => {
  test.each([
    ['the language', '<html lang="%lang%"><script src="a.%lang%.ts">', '<html lang="fr"><script src="a.fr.ts">'],
    ['the direction', '<html dir="%dir%">', '<html dir="ltr">'],
    [
      'the other languages, by their own names',
      '<nav>%chooser%</nav>',
      '<nav><a href="?lang=ar" lang="ar" hreflang="ar" dir="rtl">العربية</a></nav>',
    ],
    ['a text', '<h1>%t:entry.title%</h1>', '<h1>Votre consultation</h1>'],
    ['a flat key', '%t:flat.key%', 'à plat'],
    ['two on one line', '%t:entry.title% %t:entry.title%', 'Votre consultation Votre consultation'],
    [
      'what html would read is escaped',
      '<p title="%t:entry.sign%">',
      '<p title="Vous &amp; &lt;nous&gt; &quot;ici&quot;">',
    ],
    [
      'placeholders become Go fields',
      '%t:entry.sees|who=.Practitioner|time=.At%',
      '{{.Practitioner}} vous reçoit à {{.At}}',
    ],
    [
      'Go actions stay',
      '<p>{{if .Ticket}}{{.Practice.Name}}{{end}} 100 % %d</p>',
      '<p>{{if .Ticket}}{{.Practice.Name}}{{end}} 100 % %d</p>',
    ],
  ])('%s', (_name, html, filled) => {
    expect(fill(html, 'fr', catalogue, languages)).toBe(filled);
  });

  test.each([
    ['a key that is not there', '%t:entry.nothing%', 'no text "entry.nothing" in the fr catalogue'],
    ['a key that is no text', '%t:entry%', 'no text "entry"'],
    ['a key that is a function', '%t:plural%', 'no text "plural"'],
    ['a key from the prototype', '%t:entry.toString%', 'no text "entry.toString"'],
    ['a placeholder without a value', '%t:entry.sees|who=.Practitioner%', 'needs {time}'],
  ])('%s ends the build', (_name, html, message) => {
    expect(() => fill(html, 'fr', catalogue, languages)).toThrow(message);
  });
});

test('what pages have in common stands once', () => {
  const part = (name: string): string => `<p>${name}</p>\n`;
  expect(include('<body>\n  %include:top%\n  <main>%include:top%</main>\n', part)).toBe(
    '<body>\n<p>top</p>\n  <main>%include:top%</main>\n',
  );
});
