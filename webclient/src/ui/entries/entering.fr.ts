import { startEntering } from '../entering/start';
import { fr as own } from '../i18n/entering/fr';
import { fr } from '../i18n/fr';

startEntering('fr', fr, own);
