import { signIn } from '../../session/signin';
import { dressPhones } from '../parts/phones';

// One button; nothing is used up before it is pressed (mail scanners open links too).
const form = document.querySelector('form');
const failed = document.getElementById('failed');
const button = form?.querySelector('button');
document.documentElement.classList.add('alive');
dressPhones(document);

form?.addEventListener('submit', async event => {
  event.preventDefault();
  if (!button || button.disabled) {
    return;
  }
  const before = button.textContent;
  button.disabled = true;
  button.textContent = form.dataset.working ?? before;
  const done = await signIn(form.dataset.ticket ?? '');
  if (done) {
    location.replace('/desk');
    return;
  }
  button.disabled = false;
  button.textContent = before;
  if (failed !== null) {
    failed.hidden = false;
    failed.focus();
  }
});
