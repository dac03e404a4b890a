import { fr as call } from './call/fr';
import type { Catalogue } from './catalogue';
import { fr as common } from './common/fr';
import { fr as patient } from './patient/fr';

export const fr: Catalogue = { ...common, ...patient, ...call };
