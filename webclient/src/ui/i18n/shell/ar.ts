import { plurals } from '../plural';
import { arabic } from '../typeset';
import type { ShellWords } from './words';

const plural = plurals('ar');

export const ar = arabic<ShellWords>({
  shell: {
    unsaved: 'المغادرة دون حفظ؟',
    unsavedMore: 'سيضيع ما كتبتموه هنا.',
    unsavedStay: 'متابعة الكتابة',
    unsavedLeave: 'المغادرة دون حفظ',
    navigation: 'التنقّل',
    agenda: 'المواعيد',
    requests: 'الطلبات',
    today: 'اليوم',
    patients: 'المرضى',
    team: 'الفريق',
    settings: 'الإعدادات',
    nothingHere: 'لا شيء في هذا العنوان',
    nothingHereMore: 'ربما كُتب العنوان خطأً، أو أن هذه الصفحة ليست لحسابكم.',
    waiting: 'غرفة الانتظار',
    others: count =>
      plural(count, {
        zero: 'ولا أحد غيره',
        one: 'وشخص آخر',
        two: 'وشخصان آخران',
        few: 'و# آخرون',
        many: 'و# آخرون',
        other: 'و# آخرون',
      }),
  },
});
