import { dressPhones } from '../parts/phones';

// The plain pages say everything without a script; this only writes the telephone number as people read it, and tells a form whose answer
// is a time where the reader's clock is.
dressPhones(document);
for (const input of document.querySelectorAll<HTMLInputElement>('input[data-time-zone]')) {
  input.value = Intl.DateTimeFormat().resolvedOptions().timeZone ?? '';
}
