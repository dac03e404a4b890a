import type { Catalogue } from './catalogue';
import type { Language } from './languages';

/** The words of one part of the pages, fetched in one language, with the screens that say them. */
export interface Area<W extends object> {
  readonly name: string;
  readonly load: Readonly<Record<Language, () => Promise<W>>>;
}

/** area names the words of src/ui/i18n/<name>. A language without them does not compile. */
export function area<W extends object>(name: string, load: Readonly<Record<Language, () => Promise<W>>>): Area<W> {
  return { name, load };
}

/** The words of a page in its language: those that came with it, and those of the areas that were fetched since. */
export class Words {
  readonly language: Language;
  readonly #base: Catalogue;
  readonly #fetched = new Map<string, object>();

  constructor(language: Language, base: Catalogue) {
    this.language = language;
    this.#base = base;
  }

  /** Words that came with the page. */
  put<W extends object>(area: Area<W>, words: W): this {
    this.#fetched.set(area.name, { ...this.#base, ...words });
    return this;
  }

  /** Fetches what is not there yet. */
  async load(areas: readonly Area<object>[]): Promise<void> {
    const missing = areas.filter(one => !this.#fetched.has(one.name));
    await Promise.all(missing.map(async one => this.put(one, await one.load[this.language]())));
  }

  has(area: Area<object>): boolean {
    return this.#fetched.has(area.name);
  }

  /** The words of an area, and with them those that are always there. Throws when the area was not loaded: name it where its screen is. */
  of<W extends object>(area: Area<W>): Catalogue & W {
    const found = this.#fetched.get(area.name);
    if (found === undefined) {
      throw new Error(`the words of ${area.name} are not loaded: add them to the words of its screen`);
    }
    return found as Catalogue & W;
  }
}
