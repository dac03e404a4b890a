import type { Catalogue, Language } from '../i18n';
import { newFormat } from '../parts/format';
import type { PageData } from './page';

const longestTimer = 2 ** 31 - 1; // ms that setTimeout takes

/** The waiting room is not open yet. */
export function isEarly(page: PageData, now: number): boolean {
  return page.opensAt !== '' && now < Date.parse(page.opensAt);
}

/**
 * A planned visit on the first screen: its times in the participant's own zone, which is named; and, until the waiting room opens,
 * the device test instead of the way in. The screen changes by itself at that moment.
 */
export function showPlanned(first: HTMLElement, page: PageData, t: Catalogue, language: Language): void {
  if (page.scheduledAt === '') {
    return;
  }
  const format = newFormat(language, t, navigator.languages, page.zone === '' ? undefined : page.zone);
  for (const time of first.querySelectorAll('time')) {
    const at = time.dateTime;
    time.textContent = `${format.day(at)}, ${format.time(at)} (${format.zone})`;
  }
  const early = first.querySelector<HTMLElement>('#early');
  const enter = first.querySelector<HTMLElement>('#enter');
  const test = first.querySelector<HTMLElement>('a[href="#test"]');
  const show = (): void => {
    const now = Date.now();
    const waits = isEarly(page, now);
    if (early !== null && enter !== null) {
      early.hidden = !waits;
      enter.hidden = waits;
      test?.classList.toggle('primary', waits);
    }
    if (waits) {
      setTimeout(show, Math.min(Date.parse(page.opensAt) - now + 500, longestTimer));
    }
  };
  show();
}
