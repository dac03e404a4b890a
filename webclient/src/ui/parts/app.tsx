import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Catalogue, Language } from '../i18n';
import type { Announcer } from './announcer';
import type { Format } from './format';

/** What every component may need and none should have handed down by hand. */
export interface Surroundings {
  readonly t: Catalogue;
  readonly language: Language;
  readonly format: Format;
  readonly announcer: Announcer;
  /** The practice's telephone as configured; empty when there is none. */
  readonly phone: string;
}

export const AppContext = createContext<Surroundings | null>(null);

export function useApp(): Surroundings {
  const app = useContext(AppContext);
  if (app === null) {
    throw new Error('no AppContext above this component');
  }
  return app;
}
