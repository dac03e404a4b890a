import { startLater } from '../documents/later';
import { fr } from '../i18n/fr';

void startLater(fr, 'fr');
