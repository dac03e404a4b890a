import { useEffect, useState } from 'preact/hooks';
import {
  codesFrom,
  type Means,
  meansOf,
  offerOf,
  passkeyStep,
  refusalOf,
  type SignIn,
  signInsOf,
} from '../../session/entering';
import { ChooseMeans, MakePasskey, MakePassword } from '../entering/choose';
import { RecoveryCodes } from '../entering/codes';
import { wordsFor } from '../entering/refusals';
import { useProof } from '../entering/useproof';
import { enteringWords } from '../i18n/entering';
import { useApp } from '../parts/app';
import { Dialog } from '../parts/dialog';
import { useShell } from '../shell/context';

type Open = 'nothing' | 'passkey' | 'password';

/** How one signs in, and where one is signed in. */
export function SignInSection() {
  const { desk, toasts } = useShell();
  const { t, format } = useApp(enteringWords);
  const [means, setMeans] = useState<Means | null>(null);
  const [signIns, setSignIns] = useState<readonly SignIn[]>([]);
  const [open, setOpen] = useState<Open>('nothing');
  const [codes, setCodes] = useState<readonly string[]>([]);
  const request = desk.request.bind(desk);

  const load = async (): Promise<void> => {
    setMeans(await meansOf(request));
    setSignIns(await signInsOf(request));
  };
  const again = async (): Promise<void> => {
    await Promise.all([load(), desk.me()]);
  };
  useEffect(() => {
    load().catch(error => toasts.warn(wordsFor(refusalOf(error), t)));
  }, []);
  const { proof, proven } = useProof(means);

  /** What changes who gets in: shows words when it is refused, asks for a proof when one is wanted. */
  const change = async (what: () => Promise<unknown>): Promise<void> => {
    try {
      await proven(what);
      await again();
      toasts.say(t.common.saved);
    } catch (error) {
      toasts.warn(wordsFor(refusalOf(error), t));
    }
  };
  const finish = async (path: string, body: object): Promise<void> => {
    const fresh = await proven(() => codesFrom(request, 'POST', path, body));
    setOpen('nothing');
    await again();
    setCodes(fresh);
    toasts.say(t.common.saved);
  };
  if (means === null) {
    return <p class="soon quiet">{t.common.loading}</p>;
  }
  if (codes.length > 0) {
    return (
      <div class="card stack">
        <RecoveryCodes codes={codes} onKept={() => setCodes([])} />
      </div>
    );
  }
  const none = !means.password && means.passkeys.length === 0 && means.providers.length === 0;
  const beginPasskey = () => proven(() => passkeyStep(request, '/me/passkeys/options'));
  const beginPassword = () => proven(() => offerOf(request, '/me/codes'));
  return (
    <div class="stack">
      {none ? (
        <div class="card stack">
          <p>{t.means.none}</p>
          <ChooseMeans
            mail={means.mail}
            passkeys={means.ways.passkeys}
            beginPasskey={beginPasskey}
            finishPasskey={made => finish('/me/passkeys', made)}
            beginPassword={beginPassword}
            finishPassword={made => finish('/me/password', made)}
          />
        </div>
      ) : (
        <>
          <section class="card stack" aria-labelledby="passkeys">
            <h2 id="passkeys">{t.means.passkeys}</h2>
            {means.passkeys.length === 0 && <p class="quiet">{t.means.passkeysNone}</p>}
            <ul class="means">
              {means.passkeys.map(one => (
                <li key={one.id}>
                  <p>
                    <b>{one.name}</b>
                    <br />
                    <span class="quiet">
                      {one.used === '' ? t.means.made(format.date(one.made)) : t.means.used(format.date(one.used))}
                    </span>
                  </p>
                  <button
                    type="button"
                    class="button small"
                    aria-label={t.means.removePasskey(one.name)}
                    onClick={() => void change(() => request('DELETE', `/me/passkeys/${encodeURIComponent(one.id)}`))}
                  >
                    {t.means.remove}
                  </button>
                </li>
              ))}
            </ul>
            {means.ways.passkeys && (
              <button type="button" class="button small" onClick={() => setOpen('passkey')}>
                {t.means.add}
              </button>
            )}
          </section>
          <section class="card stack" aria-labelledby="password">
            <h2 id="password">{t.means.password}</h2>
            <p>{means.password ? t.means.passwordOn(means.mail) : t.means.passwordOff}</p>
            <div class="row">
              <button type="button" class="button small" onClick={() => setOpen('password')}>
                {means.password ? t.means.passwordChange : t.means.passwordSet}
              </button>
              {means.password && (
                <button
                  type="button"
                  class="button small"
                  onClick={() => void change(() => request('DELETE', '/me/password'))}
                >
                  {t.means.remove}
                </button>
              )}
            </div>
          </section>
          <section class="card stack" aria-labelledby="recovery">
            <h2 id="recovery">{t.means.recovery}</h2>
            <p>{t.means.recoveryCount(means.recoveryCodes)}</p>
            <button
              type="button"
              class="button small"
              onClick={() =>
                void change(async () => setCodes(await codesFrom(request, 'POST', '/me/recovery-codes', {})))
              }
            >
              {t.means.recoveryNew}
            </button>
          </section>
        </>
      )}
      {means.ways.providers.length > 0 && (
        <section class="card stack" aria-labelledby="providers">
          <h2 id="providers">{t.means.providers}</h2>
          <div class="row">
            {means.ways.providers.map(({ id, name }) =>
              means.providers.includes(id) ? (
                <button
                  key={id}
                  type="button"
                  class="button small"
                  onClick={() => void change(() => request('DELETE', `/me/providers/${encodeURIComponent(id)}`))}
                >
                  {t.means.disconnect(name)}
                </button>
              ) : (
                <a key={id} class="button small" href={`/provider/${encodeURIComponent(id)}?for=connect`}>
                  {t.means.connect(name)}
                </a>
              ),
            )}
          </div>
        </section>
      )}
      <SignInList
        signIns={signIns}
        onEnd={id => void change(() => request('DELETE', `/me/sign-ins/${encodeURIComponent(id)}`))}
        onEndOthers={() => void change(() => request('DELETE', '/me/sign-ins'))}
      />
      {!none && (
        <div class="row">
          <button
            type="button"
            class="button small"
            onClick={() => desk.lock().catch(error => toasts.warn(wordsFor(refusalOf(error), t)))}
          >
            {t.means.lock}
          </button>
        </div>
      )}
      {open === 'passkey' && (
        <Dialog heading={t.means.add} onClose={() => setOpen('nothing')}>
          <MakePasskey begin={beginPasskey} finish={made => finish('/me/passkeys', made)} />
          <button type="button" class="button" onClick={() => setOpen('nothing')}>
            {t.common.cancel}
          </button>
        </Dialog>
      )}
      {open === 'password' && (
        <Dialog heading={t.means.password} onClose={() => setOpen('nothing')}>
          <MakePassword mail={means.mail} begin={beginPassword} finish={made => finish('/me/password', made)} />
          <button type="button" class="button" onClick={() => setOpen('nothing')}>
            {t.common.cancel}
          </button>
        </Dialog>
      )}
      {proof}
    </div>
  );
}

function SignInList({
  signIns,
  onEnd,
  onEndOthers,
}: {
  readonly signIns: readonly SignIn[];
  readonly onEnd: (id: string) => void;
  readonly onEndOthers: () => void;
}) {
  const { t, format } = useApp(enteringWords);
  const by: { readonly [means: string]: string } = t.means.by;
  return (
    <section class="card stack" aria-labelledby="sign-ins">
      <h2 id="sign-ins">{t.means.signIns}</h2>
      <ul class="means">
        {signIns.map(one => {
          const browser = one.browser === '' ? t.means.someBrowser : one.browser;
          return (
            <li key={one.id}>
              <p>
                <b>{one.here ? `${t.means.here} (${browser})` : browser}</b>
                <br />
                <span class="quiet">
                  {t.means.since(format.date(one.since), format.time(one.since))}, {by[one.means] ?? ''}
                </span>
              </p>
              {!one.here && (
                <button
                  type="button"
                  class="button small"
                  aria-label={t.means.endName(browser)}
                  onClick={() => onEnd(one.id)}
                >
                  {t.means.end}
                </button>
              )}
            </li>
          );
        })}
      </ul>
      {signIns.length > 1 && (
        <button type="button" class="button small" onClick={onEndOthers}>
          {t.means.endOthers}
        </button>
      )}
    </section>
  );
}
