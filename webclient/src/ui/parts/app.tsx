import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Area, Catalogue, Language, Words } from '../i18n';
import type { Announcer } from './announcer';
import type { Format } from './format';

/** What every component may need and none should have handed down by hand. */
export interface Surroundings {
  readonly t: Catalogue;
  readonly language: Language;
  readonly words: Words;
  readonly format: Format;
  readonly announcer: Announcer;
  /** The practice's telephone as configured; empty when there is none. */
  readonly phone: string;
}

export const AppContext = createContext<Surroundings | null>(null);

/** The surroundings. With an area, t says that area's words too: `const { t } = useApp(patientsWords)`. */
export function useApp(): Surroundings;
export function useApp<W extends object>(area: Area<W>): Surroundings & { readonly t: Catalogue & W };
export function useApp<W extends object>(area?: Area<W>): Surroundings {
  const app = useContext(AppContext);
  if (app === null) {
    throw new Error('no AppContext above this component');
  }
  return area === undefined ? app : { ...app, t: app.words.of(area) };
}
