import { arabic } from '../typeset';
import type { PreferencesWords } from './words';

export const ar = arabic<PreferencesWords>({
  preferences: {
    all: 'كل الإعدادات',
    groups: { you: 'لك', booking: 'المواعيد', practice: 'العيادة' },
    me: 'أنتم',
    messages: 'الرسائل',
    interpreters: 'المترجمون',
    services: 'أنواع المواعيد',
    hours: 'أوقات العمل',
    rooms: 'الغرف',
    bookingPage: 'صفحة الحجز',
    name: 'اسمكم أمام المرضى',
    nameHint: 'يظهر في صفحتهم وخلال المكالمة. مثلًا: Dr Claire Moreau',
    nameMissing: 'اكتبوا الاسم الذي سيراه مرضاكم.',
    language: 'لغة هذه الصفحات',
    languageHint: 'على هذا الحاسوب فقط.',
    bookMail: 'رسالة بريد عند تغير جدول مواعيدي',
    bookMailHint: 'مع ملف لبرنامج التقويم. لا تذكر اسم المريض.',
    bookMailNoAddress: 'يلزم عنوان بريد أولا: اطلبه ممن يدير الحسابات.',
    signOut: 'تسجيل الخروج',
    signIn: 'طريقة دخولي',
    programs: 'البرامج',
    calendars: 'برامج التقويم لديّ',
    arrivals: 'الوصول',
    outside: 'تقاويم أخرى',
    bell: {
      heading: 'عندما يصل أحد',
      ring: 'الرنين على هذا الحاسوب',
      more: 'يذكر عنوان الصفحة والقائمة دائمًا من ينتظر. لا رنين في أثناء مكالمة.',
    },
    push: {
      heading: 'التنبيه حتى عندما تكون الصفحة مغلقة',
      more: 'يعرض هذا الحاسوب اسم من يصل إلى غرفة الانتظار، إلا في أثناء مكالمة. تمر الرسالة مشفّرة عبر خدمة الشركة المنتجة للمتصفح.',
      turnOn: 'تفعيل على هذا الحاسوب',
      turnOff: 'إيقاف',
      states: {
        unable: 'لا تستعمل هذه العيادة هذه التنبيهات، أو لا يعرفها هذا المتصفح.',
        denied: 'هذا المتصفح يمنعها: اسمحوا بالإشعارات لهذا الموقع.',
        off: 'متوقف على هذا الحاسوب.',
        on: 'مفعّل على هذا الحاسوب.',
      },
    },
  },
});
