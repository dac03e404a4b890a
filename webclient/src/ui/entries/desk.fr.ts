import { startDesk } from '../desk/start';
import { fr } from '../i18n/fr';

startDesk(fr, 'fr');
