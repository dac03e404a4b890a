import { useEffect, useState } from 'preact/hooks';
import {
  passkeyStep,
  type Request,
  refusalOf,
  signInWithPassword,
  signInWithRecoveryCode,
  type Ways,
} from '../../session/entering';
import { passkeysKnown, showPasskey } from '../../session/passkey';
import { enteringWords } from '../i18n/entering';
import { useApp } from '../parts/app';
import { TextField } from '../parts/field';
import { Heading, Notice } from '../parts/screen';
import { wordsFor } from './refusals';

interface EnterProps {
  readonly request: Request;
  readonly loadWays: () => Promise<Ways>;
  /** What went wrong at an identity provider: '', 'provider' or 'stranger'. */
  readonly came: string;
  readonly onIn: () => void;
}

/** The sign-in page: a passkey first, then other services, then a password; at the end the way for who lost everything. */
export function EnterPage({ request, loadWays, came, onIn }: EnterProps) {
  const { t, announcer } = useApp(enteringWords);
  const [ways, setWays] = useState<Ways>({ passkeys: false, providers: [] });
  const [working, setWorking] = useState(false);
  const [problem, setProblem] = useState(
    came === 'stranger' ? t.entering.stranger : came === 'provider' ? t.entering.provider : '',
  );
  useEffect(() => {
    loadWays().then(setWays, error => setProblem(wordsFor(refusalOf(error), t)));
  }, []);
  const attempt = async (enter: () => Promise<void>): Promise<void> => {
    setWorking(true);
    setProblem('');
    try {
      await enter();
      onIn();
    } catch (error) {
      const words = error instanceof PasskeyUnused ? t.entering.passkeyFailed : wordsFor(refusalOf(error), t);
      setProblem(words);
      announcer.interrupt(words);
      setWorking(false);
    }
  };
  const withPasskey = async (): Promise<void> => {
    const { options, step } = await passkeyStep(request, '/sign-in/passkey/options');
    const credential = await showPasskey(options).catch(() => {
      throw new PasskeyUnused();
    });
    await request('POST', '/sign-in/passkey', { step, credential });
  };
  const passkeys = ways.passkeys && passkeysKnown();
  return (
    <div class="screen">
      <Heading>{t.entering.heading}</Heading>
      {problem !== '' && (
        <Notice kind="bad">
          <p>{problem}</p>
        </Notice>
      )}
      {passkeys && (
        <div class="stack">
          <button type="button" class="button primary" disabled={working} onClick={() => void attempt(withPasskey)}>
            {t.entering.passkey}
          </button>
          <p class="quiet">{t.entering.passkeyMore}</p>
        </div>
      )}
      {ways.providers.map(({ id, name }) => (
        <a key={id} class="button" href={`/provider/${encodeURIComponent(id)}`}>
          {t.entering.withProvider(name)}
        </a>
      ))}
      <PasswordForm
        working={working}
        onSend={(mail, password, code) => void attempt(() => signInWithPassword(request, mail, password, code))}
      />
      <details>
        <summary>{t.entering.recoveryHeading}</summary>
        <RecoveryForm working={working} onSend={code => void attempt(() => signInWithRecoveryCode(request, code))} />
      </details>
      <p class="quiet">{t.entering.link}</p>
    </div>
  );
}

/** The person did not show a passkey, or has none. */
class PasskeyUnused extends Error {}

function PasswordForm({
  working,
  onSend,
}: {
  readonly working: boolean;
  readonly onSend: (mail: string, password: string, code: string) => void;
}) {
  const { t } = useApp(enteringWords);
  const [mail, setMail] = useState('');
  const [password, setPassword] = useState('');
  const [code, setCode] = useState('');
  return (
    <form
      class="card stack"
      onSubmit={event => {
        event.preventDefault();
        onSend(mail.trim(), password, code);
      }}
    >
      <h2>{t.entering.passwordHeading}</h2>
      <TextField
        label={t.entering.mail}
        type="email"
        autocomplete="username"
        dir="ltr"
        required
        value={mail}
        maxLength={254}
        onInput={setMail}
      />
      <TextField
        label={t.entering.password}
        type="password"
        autocomplete="current-password"
        required
        value={password}
        maxLength={200}
        onInput={setPassword}
      />
      <TextField
        label={t.entering.code}
        hint={t.entering.codeHint}
        inputMode="numeric"
        autocomplete="one-time-code"
        dir="ltr"
        required
        value={code}
        maxLength={10}
        onInput={setCode}
      />
      <button type="submit" class="button" disabled={working}>
        {t.entering.signIn}
      </button>
    </form>
  );
}

function RecoveryForm({ working, onSend }: { readonly working: boolean; readonly onSend: (code: string) => void }) {
  const { t } = useApp(enteringWords);
  const [code, setCode] = useState('');
  return (
    <form
      class="stack"
      onSubmit={event => {
        event.preventDefault();
        onSend(code);
      }}
    >
      <TextField
        label={t.entering.recovery}
        hint={t.entering.recoveryHint}
        autocomplete="off"
        dir="ltr"
        required
        value={code}
        maxLength={40}
        onInput={setCode}
      />
      <button type="submit" class="button" disabled={working}>
        {t.entering.signIn}
      </button>
    </form>
  );
}
