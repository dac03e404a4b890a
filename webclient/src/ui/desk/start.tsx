import { render } from 'preact';
import { newCall, newLocalMedia } from '../../session/browser';
import { newDesk } from '../../session/browserdesk';
import type { Catalogue, Language } from '../i18n';
import { Announcer } from '../parts/announcer';
import { AppContext } from '../parts/app';
import { Chime } from '../parts/chime';
import { newFormat } from '../parts/format';
import { DeskApp } from './app';

/** The desk page comes to life. */
export function startDesk(t: Catalogue, language: Language): void {
  const page = document.getElementById('page');
  if (page === null) {
    return;
  }
  document.documentElement.classList.add('alive');
  const { practice = '', phone = '' } = page.dataset;
  const local = newLocalMedia();
  const desk = newDesk();
  desk.open();
  void desk.me();
  addEventListener('online', () => desk.retryNow());
  page.replaceChildren();
  render(
    <AppContext.Provider
      value={{
        t,
        language,
        format: newFormat(language, t, navigator.languages),
        announcer: new Announcer(document.body),
        phone,
      }}
    >
      <DeskApp
        desk={desk}
        local={local}
        chime={new Chime()}
        practice={practice}
        loadCallPage={async () => (await import('../call/page')).CallPage}
        openCall={consultation => {
          const call = newCall(local);
          void local.openMicrophone();
          void local.openCamera();
          call.join({ consultation, language }, { camera: 'skipped', microphone: 'skipped', sound: 'skipped' });
          return call;
        }}
      />
    </AppContext.Provider>,
    page,
  );
}
