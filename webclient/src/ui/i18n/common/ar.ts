import { plurals } from '../plural';
import { arabic } from '../typeset';
import type { CommonWords } from './words';

const plural = plurals('ar');

export const ar = arabic<CommonWords>({
  frame: {
    skip: 'الانتقال إلى المحتوى',
    language: 'اللغة',
    help: 'هل من مشكلة؟',
    callPractice: 'اتصلوا بالعيادة',
  },
  common: {
    continue: 'متابعة',
    cancel: 'إلغاء',
    close: 'إغلاق',
    retry: 'إعادة المحاولة',
    yes: 'نعم',
    no: 'لا',
    pair: (name, value) => `${name}: ${value}`,
    copyLink: 'نسخ الرابط',
    copied: 'نُسخ الرابط',
    copyFailed: 'لم ينجح النسخ. حدّدوا الرابط ثم انسخوه.',
    you: 'أنتم',
    roles: { practitioner: 'المعالج', patient: 'المريض', interpreter: 'المترجم', guest: 'ضيف' },
    minutes: count =>
      plural(count, {
        zero: 'أقل من دقيقة',
        one: 'دقيقة واحدة',
        two: 'دقيقتان',
        few: '# دقائق',
        many: '# دقيقة',
        other: '# دقيقة',
      }),
    lessThanAMinute: 'أقل من دقيقة',
    loading: 'لحظة من فضلكم…',
    loadFailed: 'لم يكتمل تحميل الصفحة. تحقّقوا من الاتصال ثم أعيدوا المحاولة.',
    save: 'حفظ',
    saved: 'تمّ الحفظ.',
    failed: 'لم ينجح ذلك. أعيدوا المحاولة.',
    found: count =>
      plural(count, {
        zero: 'لا نتائج',
        one: 'نتيجة واحدة',
        two: 'نتيجتان',
        few: '# نتائج',
        many: '# نتيجة',
        other: '# نتيجة',
      }),
    given: { checking: 'يجري فحص الملف', refused: 'رفضه برنامج مكافحة الفيروسات', gone: 'لم يعد محفوظًا' },
    searchFailed: 'لم ينجح البحث. أعيدوا المحاولة.',
  },
  obstacles: {
    inApp: app => (app === '' ? 'هذه الصفحة مفتوحة داخل تطبيق' : `هذه الصفحة مفتوحة داخل ${app}`),
    inAppHow: 'قد تُمنع فيه الصورة أو الصوت. انسخوا الرابط وافتحوه في متصفحكم المعتاد، مثل Chrome.',
    inAppHowApple: 'قد تُمنع فيه الصورة أو الصوت. انسخوا الرابط وافتحوه في Safari.',
    tooOldTitle: 'لا يستطيع هذا المتصفح إجراء مكالمة فيديو',
    tooOld: 'إمّا أنه قديم جدًا، أو أن مكالمات الفيديو معطّلة فيه. حدّثوه، أو افتحوا الرابط على هاتف آخر أو على حاسوب.',
    insecureTitle: 'هذا العنوان غير محمي',
    insecure: 'يرفض المتصفح الكاميرا والميكروفون على عنوان لا يبدأ بـ«https». أخبروا العيادة: ليس هذا خطأكم.',
    callInstead: 'يمكنكم أيضًا الاتصال بالعيادة.',
  },
  problems: {
    link: 'لم يعد هذا الرابط صالحًا. ربما انتهت الاستشارة.',
    full: 'الخدمة مشغولة أو يُعاد تشغيلها. أعيدوا المحاولة بعد دقيقة.',
    media: 'تعذّر تشغيل الصورة والصوت. جرّبوا متصفحًا آخر أو اتصالًا آخر، مثل شبكة الهاتف بدل الواي فاي.',
    other: 'حدث خلل من جهتنا. أعيدوا المحاولة، أو اتصلوا بالعيادة.',
  },
});
