import { ar } from '../i18n/ar';
import { startPatient } from '../patient/start';

startPatient(ar, 'ar');
