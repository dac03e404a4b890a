import { render } from 'preact';
import { invitationOf, type Request, waysOf } from '../../session/entering';
import { fetchJson } from '../../session/environment';
import { send } from '../../session/http';
import { type Catalogue, type Language, Words } from '../i18n';
import { enteringWords } from '../i18n/entering';
import type { EnteringWords } from '../i18n/entering/words';
import { Announcer } from '../parts/announcer';
import { AppContext } from '../parts/app';
import { newFormat } from '../parts/format';
import { dressPhones } from '../parts/phones';
import { EnterPage } from './enter';
import { InvitationPage } from './invitation';

const request: Request = (method, path, body) => send(fetchJson, method, path, body);

/** The sign-in page or an invitation's comes to life, whichever this is. */
export function startEntering(language: Language, t: Catalogue, own: EnteringWords): void {
  const app = document.getElementById('app');
  if (app === null) {
    return;
  }
  document.documentElement.classList.add('alive');
  dressPhones(document);
  const { ticket = '' } = app.dataset;
  const onIn = (): void => location.replace('/desk');
  app.replaceChildren();
  render(
    <AppContext.Provider
      value={{
        t,
        language,
        words: new Words(language, t).put(enteringWords, own),
        format: newFormat(language, t, navigator.languages),
        announcer: new Announcer(document.body),
        phone: '',
      }}
    >
      {ticket === '' ? (
        <EnterPage
          request={request}
          loadWays={() => waysOf(request)}
          came={new URLSearchParams(location.search).get('problem') ?? ''}
          onIn={onIn}
        />
      ) : (
        <InvitationPage request={request} ticket={ticket} load={() => invitationOf(request, ticket)} onIn={onIn} />
      )}
    </AppContext.Provider>,
    app,
  );
}
