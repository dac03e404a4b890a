import type { CallWords } from './call/words';
import type { CommonWords } from './common/words';
import type { PatientWords } from './patient/words';

/**
 * The words that are there wherever something is drawn. Every other area's are fetched with its screens: area.ts. A language is one object of
 * an area's type, so that a forgotten sentence stops the build.
 */
export type Catalogue = CommonWords & PatientWords & CallWords;
