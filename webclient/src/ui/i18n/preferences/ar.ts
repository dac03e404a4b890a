import { arabic } from '../typeset';
import type { PreferencesWords } from './words';

export const ar = arabic<PreferencesWords>({
  preferences: {
    me: 'أنتم',
    messages: 'الرسائل',
    name: 'اسمكم أمام المرضى',
    nameHint: 'يظهر في صفحتهم وخلال المكالمة. مثلًا: Dr Claire Moreau',
    nameMissing: 'اكتبوا الاسم الذي سيراه مرضاكم.',
    language: 'لغة هذه الصفحات',
    languageHint: 'على هذا الحاسوب فقط.',
    signOut: 'تسجيل الخروج',
    signIn: 'طريقة دخولي',
    programs: 'البرامج',
  },
});
