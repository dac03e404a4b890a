import { dialledPhone, shownPhone } from './format';

/** The server writes the number as the practice configured it; here it becomes what people read and what phones dial. */
export function dressPhones(root: ParentNode): void {
  for (const link of root.querySelectorAll<HTMLAnchorElement>('a[data-phone]')) {
    const number = link.dataset.phone ?? '';
    link.href = `tel:${dialledPhone(number)}`;
    const shown = link.querySelector('b');
    if (shown !== null) {
      shown.textContent = shownPhone(number);
    }
  }
}
