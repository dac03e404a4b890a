import { fr } from '../i18n/fr';
import { startPatient } from '../patient/start';

startPatient(fr, 'fr');
