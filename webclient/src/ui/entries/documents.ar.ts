import { startLater } from '../documents/later';
import { ar } from '../i18n/ar';

void startLater(ar, 'ar');
