import { en as call } from './call/en';
import type { Catalogue } from './catalogue';
import { en as common } from './common/en';
import { en as patient } from './patient/en';

export const en: Catalogue = { ...common, ...patient, ...call };
