import { startDesk } from '../desk/start';
import { ar } from '../i18n/ar';
import { ar as desk } from '../i18n/desk/ar';
import { ar as shell } from '../i18n/shell/ar';

startDesk('ar', ar, { desk, shell });
