import type { Catalogue } from '../i18n';
import { appAround, systemOf } from '../parts/browser';

/** Puts what stands in the way on the first screen, in words. True: there is no point in going on. */
export function showObstacles(first: HTMLElement, t: Catalogue, phone: string): boolean {
  const words = t.obstacles;
  const call = phone === '' ? '' : ` ${words.callInstead}`;
  if (!window.isSecureContext) {
    block(first, words.insecureTitle, words.insecure + call);
    return true;
  }
  if (typeof RTCPeerConnection !== 'function' || typeof navigator.mediaDevices?.getUserMedia !== 'function') {
    block(first, words.tooOldTitle, words.tooOld + call);
    return true;
  }
  const app = appAround(navigator.userAgent);
  if (app !== null) {
    const apple = systemOf(navigator.userAgent, navigator.maxTouchPoints) === 'ios';
    const notice = note(words.inApp(app), apple ? words.inAppHowApple : words.inAppHow);
    notice.append(copyButton(t));
    first.prepend(notice);
  }
  return false;
}

function block(first: HTMLElement, title: string, text: string): void {
  const notice = note(title, text);
  notice.classList.add('bad');
  notice.setAttribute('role', 'alert');
  first.prepend(notice);
  for (const part of first.querySelectorAll<HTMLElement>('[data-needs-call]')) {
    part.hidden = true;
  }
}

function note(title: string, text: string): HTMLElement {
  const notice = document.createElement('section');
  notice.className = 'notice';
  const heading = document.createElement('h2');
  heading.textContent = title;
  const words = document.createElement('p');
  words.textContent = text;
  notice.append(heading, words);
  return notice;
}

function copyButton(t: Catalogue): HTMLElement {
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'button small';
  button.textContent = t.common.copyLink;
  button.addEventListener('click', () => {
    const link = location.href.split('#')[0] ?? '';
    navigator.clipboard?.writeText(link).then(
      () => {
        button.textContent = t.common.copied;
      },
      () => showLink(button, link, t.common.copyFailed),
    ) ?? showLink(button, link, t.common.copyFailed);
  });
  return button;
}

function showLink(button: HTMLElement, link: string, label: string): void {
  const field = document.createElement('input');
  field.className = 'link';
  field.readOnly = true;
  field.value = link;
  field.setAttribute('aria-label', label);
  button.replaceWith(field);
  field.focus();
  field.select();
}
