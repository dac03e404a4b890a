import { startDesk } from '../desk/start';
import { fr as desk } from '../i18n/desk/fr';
import { fr } from '../i18n/fr';
import { fr as shell } from '../i18n/shell/fr';

startDesk('fr', fr, { desk, shell });
