import { startEntering } from '../entering/start';
import { en } from '../i18n/en';
import { en as own } from '../i18n/entering/en';

startEntering('en', en, own);
