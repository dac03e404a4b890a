// Every page of pages/<page>.html becomes one html file per language. In the html, before anything else sees it:
//
//   %include:name%                parts/name.html, which may hold all of the following
//   %lang%, %dir%                 the language, and which way it is written: fr, ltr
//   %chooser%                     links to the same page in the other languages, each by its own name
//   %t:key%                       the catalogue's text for key, escaped
//   %t:key|name=.Practitioner%    the same, with {name} of the text replaced by {{.Practitioner}}
//
// A key or a placeholder that nothing fills ends the build. Go's {{…}} passes untouched.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { type Plugin, runnerImport } from 'vite';

export interface PagesOptions {
  /** Where the pages are. */
  readonly dir: string;
  /** Where <area>/<language>.ts are, each exporting one object named as the language: texts by section and key. */
  readonly catalogues: string;
  readonly languages: Languages;
}

/** By code: the language's own name, and its direction. */
export type Languages = Readonly<Record<string, { readonly name: string; readonly dir: string }>>;

/** A catalogue as the plugin sees it: texts by key, perhaps nested. */
export type Catalogue = { readonly [key: string]: unknown };

export function pages(options: PagesOptions): Plugin {
  let root = process.cwd();
  const catalogues = new Map<string, Catalogue>();
  const virtual = new Map<string, { source: string; language: string }>();

  return {
    name: 'colloque:pages',
    enforce: 'pre',
    config(user) {
      root = resolve(user.root ?? process.cwd());
      const dir = join(root, options.dir);
      const input: Record<string, string> = {};
      const sources = existsSync(dir) ? readdirSync(dir).filter(name => name.endsWith('.html')) : [];
      for (const name of sources) {
        for (const language of Object.keys(options.languages)) {
          const page = `${basename(name, '.html')}.${language}`;
          const id = join(dir, `${page}.html`);
          virtual.set(id, { source: join(dir, name), language });
          input[page] = id;
        }
      }
      if (sources.length === 0) {
        throw new Error(`no pages in ${dir}`);
      }
      return { build: { rolldownOptions: { input } } };
    },
    async buildStart() {
      for (const language of Object.keys(options.languages)) {
        const whole: Record<string, unknown> = {};
        for (const area of areasOf(join(root, options.catalogues))) {
          const path = join(root, options.catalogues, area, `${language}.ts`);
          if (!existsSync(path)) {
            this.error(`no catalogue ${path}`);
          }
          for (const [section, texts] of Object.entries(await readCatalogue(path, language))) {
            if (Object.hasOwn(whole, section)) {
              this.error(`${path}: another area has the section "${section}" already`);
            }
            whole[section] = texts;
          }
          this.addWatchFile(path);
        }
        catalogues.set(language, whole);
      }
    },
    resolveId(id) {
      return virtual.has(id) ? id : null;
    },
    load(id) {
      const page = virtual.get(id);
      if (page === undefined) {
        return null;
      }
      this.addWatchFile(page.source);
      const html = include(readFileSync(page.source, 'utf8'), name => {
        const part = join(root, options.dir, 'parts', `${name}.html`);
        this.addWatchFile(part);
        return readFileSync(part, 'utf8');
      });
      return fill(html, page.language, catalogues.get(page.language) ?? {}, options.languages);
    },
  };
}

/** The areas' folders. */
function areasOf(dir: string): string[] {
  return readdirSync(dir, { withFileTypes: true })
    .filter(entry => entry.isDirectory())
    .map(entry => entry.name)
    .sort();
}

async function readCatalogue(path: string, language: string): Promise<Catalogue> {
  const { module } = await runnerImport<Record<string, unknown>>(path);
  const catalogue = module[language];
  if (typeof catalogue !== 'object' || catalogue === null) {
    throw new Error(`${path} does not export an object named ${language}`);
  }
  return catalogue as Catalogue;
}

/** Puts what pages have in common in its place: a line that holds only %include:name%. */
export function include(html: string, part: (name: string) => string): string {
  return html.replace(/^ *%include:([a-z]+)%\n/gm, (_line, name: string) => part(name));
}

/** Puts language and texts into a page. Throws for what the catalogue does not hold. */
export function fill(html: string, language: string, catalogue: Catalogue, languages: Languages): string {
  return html
    .replaceAll('%chooser%', chooser(language, languages))
    .replaceAll('%lang%', language)
    .replaceAll('%dir%', languages[language]?.dir ?? 'ltr')
    .replace(/%t:([^%|\s]+)((?:\|[^%|]+)*)%/g, (_whole, key: string, args: string) => {
      const text = lookUp(catalogue, key);
      if (text === null) {
        throw new Error(`no text "${key}" in the ${language} catalogue`);
      }
      const values = new Map(
        args
          .split('|')
          .filter(arg => arg !== '')
          .map(arg => {
            const at = arg.indexOf('=');
            return [arg.slice(0, at).trim(), arg.slice(at + 1).trim()] as const;
          }),
      );
      return escapeHtml(text).replace(/\{(\w+)\}/g, (_placeholder, name: string) => {
        const field = values.get(name);
        if (field === undefined) {
          throw new Error(`text "${key}" (${language}) needs {${name}}: write %t:${key}|${name}=.Field%`);
        }
        return `{{${field}}}`;
      });
    });
}

function chooser(language: string, languages: Languages): string {
  return Object.entries(languages)
    .filter(([code]) => code !== language)
    .map(
      ([code, { name, dir }]) => `<a href="?lang=${code}" lang="${code}" hreflang="${code}" dir="${dir}">${name}</a>`,
    )
    .join('');
}

function lookUp(catalogue: Catalogue, key: string): string | null {
  const flat = catalogue[key];
  if (typeof flat === 'string') {
    return flat;
  }
  let at: unknown = catalogue;
  for (const part of key.split('.')) {
    if (typeof at !== 'object' || at === null) {
      return null;
    }
    at = (at as Catalogue)[part];
  }
  return typeof at === 'string' ? at : null;
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, char => entities[char] ?? char);
}
