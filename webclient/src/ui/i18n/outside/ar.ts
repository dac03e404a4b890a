import { plurals } from '../plural';
import type { OutsideWords } from './words';

const plural = plurals('ar');

export const ar: OutsideWords = {
  outside: {
    heading: 'تقاويم أخرى',
    intro:
      'عندما تكون مشغولًا في تقويم آخر (خاص أو في المستشفى…) لا يُعرض ذلك الوقت على المرضى. لا نحتفظ إلا بالأوقات: لا عناوين ولا أماكن.',
    whose: 'تقاويم',
    none: 'لا يوجد تقويم آخر حتى الآن.',
    add: 'إضافة تقويم',
    address: 'عنوان التقويم أو الخادم',
    addressHint: 'رابط ‎.ics (Google أو Outlook…) أو عنوان خادم CalDAV (Nextcloud أو iCloud…).',
    user: 'اسم المستخدم (لـ CalDAV فقط)',
    password: 'كلمة السر',
    passwordHint: 'إن أتاح تقويمك ذلك، فأنشئ فيه كلمة سر خاصة بالتطبيقات بدل إعطاء كلمتك.',
    look: 'البحث عن التقويم',
    looking: 'جارٍ البحث…',
    choose: 'أي تقويم؟',
    name: 'اسمه هنا',
    take: 'استخدام هذا التقويم',
    readAt: when => `قُرئ في ${when}.`,
    notYet: 'تجري قراءته…',
    since: (trouble, when) => `${trouble} منذ ${when}. ما قُرئ من قبل يبقى محجوزًا.`,
    skipped: count =>
      plural(count, {
        zero: 'قُرئت كل الأحداث.',
        one: 'حدث واحد لا يمكن قراءته: لا يحجز شيئًا.',
        two: 'حدثان لا يمكن قراءتهما: لا يحجزان شيئًا.',
        few: `${count} أحداث لا يمكن قراءتها: لا تحجز شيئًا.`,
        many: `${count} حدثًا لا يمكن قراءتها: لا تحجز شيئًا.`,
        other: `${count} حدث لا يمكن قراءتها: لا تحجز شيئًا.`,
      }),
    again: 'قراءة من جديد',
    againOf: name => `قراءة ${name} من جديد`,
    remove: 'إزالة',
    removeOf: name => `إزالة ${name}`,
    removeMore: 'ستُعرض أوقاته المشغولة على المرضى من جديد.',
    failed: 'لم ينجح ذلك. حاول بعد لحظات.',
    known: 'هذا التقويم في القائمة من قبل.',
    tooMany: 'عشرة تقاويم على الأكثر: أزل واحدًا أولًا.',
    troubles: {
      unreachable: 'الخادم لا يجيب.',
      refused: 'رُفض اسم المستخدم أو كلمة السر.',
      'not-found': 'لا يوجد شيء في هذا العنوان.',
      'no-calendar': 'لا يوجد تقويم يمكن قراءته في هذا العنوان.',
      'too-large': 'هذا التقويم أكبر من اللازم.',
      'forbidden-address': 'هذا العنوان غير مسموح به: يجب أن يكون عنوانًا عامًّا، وhttps حين توجد كلمة سر.',
    },
  },
};
