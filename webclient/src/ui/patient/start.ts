import { type Catalogue, type Language, Words } from '../i18n';
import { Announcer } from '../parts/announcer';
import { newFormat } from '../parts/format';
import { dressPhones } from '../parts/phones';
import type { PatientApp } from './app';
import { showObstacles } from './obstacles';
import { readPage } from './page';
import { isEarly, showPlanned } from './planned';
import { SeatMemory } from './seat';

/**
 * The patient page comes to life. The first screen is plain html and its buttons are links to #wait and #test, so that
 * a tap that comes before this script is not lost, and the phone's back button does what one expects.
 */
export function startPatient(t: Catalogue, language: Language): void {
  const main = document.getElementById('app');
  const first = document.getElementById('first');
  const screen = document.getElementById('screen');
  if (main === null || first === null || screen === null) {
    return;
  }
  document.documentElement.classList.add('alive');
  dressPhones(document);
  const page = readPage(main);
  const memory = new SeatMemory(page.participant);
  showPlanned(first, page, t, language);
  const blocked = showObstacles(first, t, page.phone);
  if (blocked) {
    return;
  }

  const surroundings = {
    t,
    language,
    words: new Words(language, t),
    format: newFormat(language, t, navigator.languages),
    announcer: new Announcer(document.body),
    phone: page.phone,
  };
  let app: PatientApp | null = null;
  // Fetched at once, so that it is there by the time of the first tap.
  let code = import('./app');
  code.catch(() => undefined);

  const follow = async (): Promise<void> => {
    // Before the waiting room opens, whatever was asked for is a test.
    const early = isEarly(page, Date.now()) && memory.read() === null;
    const aim =
      location.hash === '#wait' && !early
        ? 'enter'
        : location.hash === '#wait'
          ? 'test'
          : location.hash === '#test'
            ? 'test'
            : null;
    if (aim === null) {
      if (app?.back()) {
        history.pushState(null, '', '#wait');
        return;
      }
      app?.close();
      app = null;
      screen.hidden = true;
      first.hidden = false;
      return;
    }
    if (app !== null) {
      return;
    }
    try {
      const { openApp } = await code;
      first.hidden = true;
      screen.hidden = false;
      app = openApp(screen, { page, surroundings, memory, aim, seat: aim === 'enter' ? memory.read() : null });
    } catch {
      history.replaceState(null, '', location.pathname + location.search);
      surroundings.announcer.interrupt(t.common.loadFailed);
      showFailure(first, t.common.loadFailed);
      code = import('./app');
      code.catch(() => undefined);
    }
  };
  addEventListener('hashchange', () => void follow());
  if (memory.read() !== null && location.hash === '') {
    history.replaceState(null, '', '#wait');
  }
  void follow();
}

function showFailure(first: HTMLElement, text: string): void {
  first.querySelector('#failure')?.remove();
  const notice = document.createElement('p');
  notice.id = 'failure';
  notice.className = 'notice bad';
  notice.textContent = text;
  first.prepend(notice);
}
