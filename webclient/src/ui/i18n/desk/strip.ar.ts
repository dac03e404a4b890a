import { plurals } from '../plural';
import { arabic } from '../typeset';
import type { StripWords } from './strip.words';

const plural = plurals('ar');

export const strip = arabic<StripWords>({
  needs: { hearing: 'ضعف السمع', sight: 'ضعف البصر', interpreter: 'مترجم', carer: 'مرافق' },
  born: date => `الميلاد: ${date}`,
  twoDevices: 'الرابط مفتوح على جهازين: يُطرح السؤال على الأول.',
  passedBy: who => `إحالة من ${who}`,
  tested: day => `تجربة الجهاز: ${day}`,
  lastMessage: text => `رسالتكم: ${text}`,
  message: 'رسالة',
  messageTo: who => `رسالة إلى ${who}`,
  messageAll: 'رسالة إلى الجميع',
  messageAllHeading: 'رسالة إلى كل من ينتظر',
  messageLabel: 'رسالتكم',
  messageHint: 'بلا كلمات طبية: قد يقرؤها أحد الأقارب. تظهر في الصفحة، أو تُرسَل برسالة قصيرة أو بالبريد إلى من غادر.',
  messageQuick: ['سأكون معكم بعد دقائق.', 'أُنهي مكالمة عاجلة، شكرًا على انتظاركم.', 'نحن في انتظاركم: هل أنتم هنا؟'],
  send: 'إرسال',
  toldShown: 'الرسالة ظاهرة في الصفحة.',
  toldSent: 'تُرسَل الرسالة برسالة قصيرة أو بالبريد.',
  toldKept: 'ستظهر الرسالة عند الوصول.',
  pass: 'إحالة إلى زميل',
  passLabel: who => `إحالة إلى زميل: ${who}`,
  passHeading: who => `إلى من يُحال ${who}؟`,
  passMore: 'يبقى المكان محفوظًا ويظهر الاسم الجديد في الصفحة.',
  passNobody: 'لا يوجد معالج آخر.',
  states: { available: 'حاضر', 'in-consultation': 'في استشارة', away: 'غائب' },
  passed: (who, to) => `${who}: الانتظار الآن عند ${to}.`,
  undo: 'تراجع',
  undoTooLate: 'فات الأوان: بدأ الزميل الاستشارة.',
  lateHeading: 'لم يحضروا بعد',
  late: (minutes, time) =>
    `الموعد ${time}، ${plural(minutes, { zero: 'بلا تأخير', one: 'تأخير دقيقة واحدة', two: 'تأخير دقيقتين', few: 'تأخير # دقائق', many: 'تأخير # دقيقة', other: 'تأخير # دقيقة' })}`,
  call: 'اتصال',
  callLabel: who => `اتصال بـ ${who}`,
  absent: 'تسجيل غياب',
  absentLabel: who => `تسجيل غياب: ${who}`,
  isAbsent: time => `سُجّل الغياب الساعة ${time}. يبقى الرابط صالحًا.`,
  expected: 'تراجع',
  nextHeading: who => `إدخال ${who}`,
  nextMore: 'أنتم في استشارة. ماذا عن الاستشارة الجارية؟',
  nextEnd: 'إنهاؤها للجميع',
  nextLeave: 'مغادرتها وتركها مفتوحة',
  nextStay: 'البقاء فيها',
});
