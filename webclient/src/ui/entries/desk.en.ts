import { startDesk } from '../desk/start';
import { en as desk } from '../i18n/desk/en';
import { en } from '../i18n/en';
import { en as shell } from '../i18n/shell/en';

startDesk('en', en, { desk, shell });
