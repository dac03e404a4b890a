import { startLater } from '../documents/later';
import { en } from '../i18n/en';

void startLater(en, 'en');
