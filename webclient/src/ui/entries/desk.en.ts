import { startDesk } from '../desk/start';
import { en } from '../i18n/en';

startDesk(en, 'en');
