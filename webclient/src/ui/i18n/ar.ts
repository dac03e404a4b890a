import { ar as call } from './call/ar';
import type { Catalogue } from './catalogue';
import { ar as common } from './common/ar';
import { ar as patient } from './patient/ar';

export const ar: Catalogue = { ...common, ...patient, ...call };
