import { en } from '../i18n/en';
import { startPatient } from '../patient/start';

startPatient(en, 'en');
