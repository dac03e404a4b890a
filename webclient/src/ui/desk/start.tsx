import { render } from 'preact';
import { newCall, newLocalMedia } from '../../session/browser';
import { newDesk } from '../../session/browserdesk';
import { type Catalogue, type Language, Words } from '../i18n';
import { deskWords } from '../i18n/desk';
import type { DeskWords } from '../i18n/desk/words';
import { shellWords } from '../i18n/shell';
import type { ShellWords } from '../i18n/shell/words';
import { Announcer } from '../parts/announcer';
import { AppContext } from '../parts/app';
import { Chime } from '../parts/chime';
import { newFormat } from '../parts/format';
import { Toasts } from '../parts/toast';
import { Router } from '../shell/router';
import { DeskApp } from './app';

/** The desk page comes to life. */
export function startDesk(
  language: Language,
  t: Catalogue,
  own: { readonly desk: DeskWords; readonly shell: ShellWords },
): void {
  const page = document.getElementById('page');
  if (page === null) {
    return;
  }
  document.documentElement.classList.add('alive');
  const { practice = '', phone = '', zone } = page.dataset;
  const local = newLocalMedia();
  const desk = newDesk();
  // A locked screen opens no websocket.
  const open = (): void => {
    if (!desk.snapshot.locked) {
      desk.open();
    }
  };
  desk.me().then(open, open);
  addEventListener('online', () => desk.retryNow());
  page.replaceChildren();
  const announcer = new Announcer(document.body);
  render(
    <AppContext.Provider
      value={{
        t,
        language,
        words: new Words(language, t).put(deskWords, own.desk).put(shellWords, own.shell),
        format: newFormat(language, t, navigator.languages, zone),
        announcer,
        phone,
      }}
    >
      <DeskApp
        desk={desk}
        local={local}
        router={new Router(window)}
        toasts={new Toasts(announcer)}
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
