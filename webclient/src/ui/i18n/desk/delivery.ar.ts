import { plurals } from '../plural';
import { arabic } from '../typeset';
import type { DeliveryWords } from './delivery.words';

const plural = plurals('ar');

export const delivery = arabic<DeliveryWords>({
  states: {
    sms: {
      queued: 'رسالة نصّية في الانتظار',
      handing: 'رسالة نصّية قيد الإرسال',
      sent: 'أُرسلت رسالة نصّية',
      delivered: 'وصلت الرسالة النصّية',
      failed: 'فشلت الرسالة النصّية',
      uncertain: 'ربما أُرسلت رسالة نصّية',
      cancelled: 'أُلغيت الرسالة النصّية',
    },
    mail: {
      queued: 'بريد في الانتظار',
      handing: 'بريد قيد الإرسال',
      sent: 'أُرسل البريد',
      delivered: 'وصل البريد',
      failed: 'فشل البريد',
      uncertain: 'ربما أُرسل البريد',
      cancelled: 'أُلغي البريد',
    },
  },
  reasons: {
    expired: 'تعذّر إرسالها في الوقت المناسب',
    refused: 'رفضتها خدمة الإرسال',
    unreached: 'الهاتف مغلق أو الرقم لا يجيب',
    'no-gateway': 'لا خدمة إرسال لهذا الرقم',
    interrupted: 'انقطع الخط أثناء الإرسال',
    unreadable: 'تعذّرت قراءة نصّ الرسالة',
    'no-address': 'هذا العنوان غير موجود',
    'mailbox-full': 'صندوق المستلم ممتلئ',
    returned: 'عاد البريد',
  },
  because: (state, reason) => `${state}. السبب: ${reason}`,
  sendAgain: 'إعادة الإرسال',
  sendAgainLabel: who => `إعادة إرسال الرابط: ${who}`,
  sentAgain: who => `يُرسَل رابط جديد إلى ${who}.`,
  notSentAgain: 'تعذّر الإرسال. اتصلوا هاتفيًا أو سلّموا الرابط بأنفسكم.',
  headingCount: count =>
    plural(count, {
      zero: 'وصلت كل الرسائل',
      one: 'رسالة واحدة لم تصل',
      two: 'رسالتان لم تصلا',
      few: '# رسائل لم تصل',
      many: '# رسالة لم تصل',
      other: '# رسالة لم تصل',
    }),
  more: 'أعيدوا الإرسال أو اتصلوا هاتفيًا. العنوان الخاطئ يبقى خاطئًا: سلّموا الرابط بالهاتف أو في الاستقبال.',
  open: 'عرض',
  kinds: {
    invitation: 'دعوة',
    'starts-now': 'نحن في انتظاركم',
    delay: 'تأخير',
    message: 'رسالة من العيادة',
    'link-again': 'رابط جديد',
    document: 'وثيقة للقراءة',
    'interpreter-request': 'طلب مترجم',
    'account-invitation': 'دعوة لإنشاء حساب',
    appointment: 'تأكيد موعد',
    'appointment-asked': 'وصل طلب الموعد',
    'appointment-moved': 'موعد مؤجَّل',
    'appointment-cancelled': 'موعد ملغى',
    'appointment-refused': 'رُفض طلب الموعد',
    'appointment-reminder': 'تذكير بموعد',
    'appointment-offer': 'وقت شاغر معروض',
  },
  of: practitioner => `لدى ${practitioner}`,
  somebody: 'شخص بلا اسم',
  forWhen: when => `الموعد ${when}`,
  done: 'تمّت معالجتها',
  doneLabel: who => `تمّت معالجتها: ${who}`,
  failed: 'تعذّرت قراءة قائمة الرسائل.',
});
