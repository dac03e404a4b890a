import { startEntering } from '../entering/start';
import { ar } from '../i18n/ar';
import { ar as own } from '../i18n/entering/ar';

startEntering('ar', ar, own);
