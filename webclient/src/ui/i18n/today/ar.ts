import { plurals } from '../plural';
import { arabic } from '../typeset';
import type { TodayWords } from './words';

const plural = plurals('ar');

export const ar = arabic<TodayWords>({
  today: {
    nobodyLets: 'لم يسمح لكم أحد بعد بالعمل معه.',
    nobodyLetsHow: 'يفعل المعالج ذلك في صفحة الفريق، تحت سكرتاريتي.',
    dayOf: 'يوم',
    waitingAt: (practitioner, count) =>
      plural(count, {
        zero: `لا أحد ينتظر ${practitioner}`,
        one: `شخص واحد ينتظر ${practitioner}`,
        two: `شخصان ينتظران ${practitioner}`,
        few: `# أشخاص ينتظرون ${practitioner}`,
        many: `# شخصًا ينتظرون ${practitioner}`,
        other: `# شخص ينتظرون ${practitioner}`,
      }),
    heading: 'اليوم',
    headingOf: day => `يوم ${day}`,
    previous: 'اليوم السابق',
    next: 'اليوم التالي',
    backToToday: 'العودة إلى اليوم',
    choose: 'اختيار يوم',
    none: 'لا استشارة اليوم حتى الآن.',
    noneOther: 'لا استشارة في ذلك اليوم.',
    failed: 'ربما لم تعد القائمة محدَّثة: الخادم لا يجيب.',
    caption: day => `الاستشارات: ${day}`,
    columns: {
      time: 'الساعة',
      who: 'المريض',
      state: 'الحالة',
      ready: 'الرابط والتجربة',
      actions: 'الإجراءات',
    },
    atOnce: 'بلا موعد',
    calledOff: 'أُلغيت',
    state: {
      expected: 'منتظَر',
      notOpened: 'لم يُفتح الرابط بعد',
      waiting: 'في غرفة الانتظار',
      call: 'في المكالمة',
      left: 'غادر المكالمة',
      ended: 'انتهت',
      absent: 'سُجّل غائبًا',
    },
    testedFine: 'نجحت التجربة',
    notTested: 'لا تجربة بعد',
    needs: { hearing: 'ضعيف السمع', sight: 'ضعيف البصر', interpreter: 'مترجم', carer: 'يرافقه قريب' },
    handed: 'رابط يُسلَّم باليد',
    contactHint: 'يُرسَل الرابط فورًا. اتركوه فارغًا لتسلّموا الرابط بأنفسكم.',
    send: 'إرسال الرابط',
    sending: 'جارٍ إرسال الرابط…',
    sentBySms: 'يُرسَل الرابط برسالة نصّية.',
    sentByMail: 'يُرسَل الرابط بالبريد الإلكتروني.',
    notSent: 'تعذّر إرسال الرابط من هنا. انسخوه وأرسلوه بأنفسكم.',
    otherOpen: 'ما زالت مفتوحة',
  },
});
