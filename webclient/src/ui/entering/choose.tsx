import { useEffect, useState } from 'preact/hooks';
import { type NewPasskey, type NewPassword, type Offer, type PasskeyStep, refusalOf } from '../../session/entering';
import { makePasskey, passkeysKnown } from '../../session/passkey';
import { QrCode } from '../desk/qr';
import { enteringWords } from '../i18n/entering';
import { useApp } from '../parts/app';
import { TextField } from '../parts/field';
import { Notice } from '../parts/screen';
import { wordsFor } from './refusals';

/** Gives an account a passkey: asks the server what to ask for, the person for the passkey, and sends it. */
export function MakePasskey({
  begin,
  finish,
}: {
  readonly begin: () => Promise<PasskeyStep>;
  readonly finish: (made: NewPasskey) => Promise<void>;
}) {
  const { t } = useApp(enteringWords);
  const [name, setName] = useState('');
  const [state, setState] = useState<'ready' | 'working'>('ready');
  const [problem, setProblem] = useState('');
  const make = async (): Promise<void> => {
    setState('working');
    setProblem('');
    try {
      const { options, step } = await begin();
      const credential = await makePasskey(options).catch(() => null);
      if (credential === null) {
        setProblem(t.entering.passkeyFailed);
      } else {
        await finish({ name: name.trim() === '' ? t.entering.choosePasskey : name.trim(), step, credential });
      }
    } catch (error) {
      setProblem(wordsFor(refusalOf(error), t));
    }
    setState('ready');
  };
  return (
    <form
      class="stack"
      onSubmit={event => {
        event.preventDefault();
        void make();
      }}
    >
      <p class="quiet">{t.entering.choosePasskeyMore}</p>
      <TextField
        label={t.entering.passkeyName}
        hint={t.entering.passkeyNameHint}
        value={name}
        maxLength={60}
        autocomplete="off"
        onInput={setName}
      />
      {problem !== '' && (
        <Notice kind="bad">
          <p role="alert">{problem}</p>
        </Notice>
      )}
      <button type="submit" class="button primary" disabled={state === 'working'}>
        {t.entering.makePasskey}
      </button>
    </form>
  );
}

/** A password with an authenticator app: address, password, picture to scan, first code. */
export function MakePassword({
  mail: known,
  begin,
  finish,
}: {
  readonly mail: string;
  readonly begin: () => Promise<Offer>;
  readonly finish: (made: NewPassword) => Promise<void>;
}) {
  const { t } = useApp(enteringWords);
  const [mail, setMail] = useState(known);
  const [password, setPassword] = useState('');
  const [code, setCode] = useState('');
  const [offer, setOffer] = useState<Offer | null>(null);
  const [tried, setTried] = useState(false);
  const [working, setWorking] = useState(false);
  const [problem, setProblem] = useState('');
  const mailError = tried && !/^\S+@\S+\.\S+$/.test(mail.trim()) ? t.entering.mailWrong : '';
  const passwordError = tried && [...password].length < 12 ? t.entering.passwordShort : '';
  const codeError = tried && !/^\d{6}$/.test(code.replaceAll(' ', '')) ? t.entering.wrongCode : '';
  useEffect(() => {
    begin().then(setOffer, error => setProblem(wordsFor(refusalOf(error), t)));
  }, []);
  const send = async (): Promise<void> => {
    setTried(true);
    const good =
      /^\S+@\S+\.\S+$/.test(mail.trim()) && [...password].length >= 12 && /^\d{6}$/.test(code.replaceAll(' ', ''));
    if (!good || offer === null) {
      return;
    }
    setWorking(true);
    setProblem('');
    try {
      await finish({ mail: mail.trim(), password, step: offer.step, code });
    } catch (error) {
      setProblem(wordsFor(refusalOf(error), t));
    }
    setWorking(false);
  };
  return (
    <form
      class="stack"
      noValidate
      onSubmit={event => {
        event.preventDefault();
        void send();
      }}
    >
      <TextField
        label={t.entering.mail}
        error={mailError}
        type="email"
        autocomplete="username"
        dir="ltr"
        value={mail}
        maxLength={254}
        onInput={setMail}
      />
      <TextField
        label={t.entering.newPassword}
        hint={t.entering.newPasswordHint}
        error={passwordError}
        type="password"
        autocomplete="new-password"
        value={password}
        maxLength={200}
        onInput={setPassword}
      />
      <h3>{t.entering.appHeading}</h3>
      {offer !== null && (
        <>
          <p>{t.entering.appScan}</p>
          <div class="qr-frame">
            <QrCode text={offer.url} label={t.entering.appScan} />
          </div>
          <p class="quiet">
            {t.entering.appType} <code dir="ltr">{offer.secret.replace(/(.{4})/g, '$1 ').trim()}</code>
          </p>
        </>
      )}
      <TextField
        label={t.entering.code}
        hint={t.entering.codeHint}
        error={codeError}
        inputMode="numeric"
        autocomplete="one-time-code"
        dir="ltr"
        value={code}
        maxLength={10}
        onInput={setCode}
      />
      {problem !== '' && (
        <Notice kind="bad">
          <p role="alert">{problem}</p>
        </Notice>
      )}
      <button type="submit" class="button primary" disabled={working || offer === null}>
        {t.common.continue}
      </button>
    </form>
  );
}

export interface ChooseProps {
  readonly mail: string;
  /** Passkeys work at this server's address. */
  readonly passkeys: boolean;
  readonly beginPasskey: () => Promise<PasskeyStep>;
  readonly finishPasskey: (made: NewPasskey) => Promise<void>;
  readonly beginPassword: () => Promise<Offer>;
  readonly finishPassword: (made: NewPassword) => Promise<void>;
}

/** How somebody will sign in: a passkey, or a password with codes. */
export function ChooseMeans({
  mail,
  passkeys,
  beginPasskey,
  finishPasskey,
  beginPassword,
  finishPassword,
}: ChooseProps) {
  const { t } = useApp(enteringWords);
  const possible = passkeys && passkeysKnown();
  const [choice, setChoice] = useState<'passkey' | 'password'>(possible ? 'passkey' : 'password');
  return (
    <div class="stack">
      <fieldset class="field">
        <legend>{t.entering.chooseHeading}</legend>
        <div class="options">
          {(['passkey', 'password'] as const).map(one => (
            <label key={one} class="option">
              <input
                type="radio"
                name="means"
                checked={one === choice}
                disabled={one === 'passkey' && !possible}
                onChange={() => setChoice(one)}
              />
              {one === 'passkey' ? t.entering.choosePasskey : t.entering.choosePassword}
            </label>
          ))}
        </div>
      </fieldset>
      {!possible && <p class="quiet">{t.entering.noPasskeys}</p>}
      {choice === 'passkey' ? (
        <MakePasskey begin={beginPasskey} finish={finishPasskey} />
      ) : (
        <>
          <p class="quiet">{t.entering.choosePasswordMore}</p>
          <MakePassword mail={mail} begin={beginPassword} finish={finishPassword} />
        </>
      )}
    </div>
  );
}
