import { useState } from 'preact/hooks';
import { type Means, passkeyStep, type Request, refusalOf } from '../../session/entering';
import { passkeysKnown, showPasskey } from '../../session/passkey';
import { enteringWords } from '../i18n/entering';
import { useApp } from '../parts/app';
import { TextField } from '../parts/field';
import { Notice } from '../parts/screen';
import { wordsFor } from './refusals';

interface ProofProps {
  readonly request: Request;
  /** Null while it is not known how this account signs in: then every way is offered. */
  readonly means: Pick<Means, 'password' | 'passkeys' | 'providers' | 'ways'> | null;
  readonly label: string;
  readonly onProven: () => void;
}

/** Showing that it is still the same person: with a passkey, with the password, or at another service. */
export function Proof({ request, means, label, onProven }: ProofProps) {
  const { t, announcer } = useApp(enteringWords);
  const [password, setPassword] = useState('');
  const [working, setWorking] = useState(false);
  const [problem, setProblem] = useState('');
  const attempt = async (prove: () => Promise<void>, failed: string): Promise<void> => {
    setWorking(true);
    setProblem('');
    try {
      await prove();
      onProven();
    } catch (error) {
      const code = refusalOf(error);
      const words = code === 'internal' || code === 'conflict' ? failed : wordsFor(code, t);
      setProblem(words);
      announcer.interrupt(words);
    }
    setWorking(false);
  };
  const withPasskey = async (): Promise<void> => {
    const { options, step } = await passkeyStep(request, '/me/confirm/passkey/options');
    const credential = await showPasskey(options);
    await request('POST', '/me/confirm/passkey', { step, credential });
  };
  const withPassword = async (): Promise<void> => {
    await request('POST', '/me/confirm/password', { password });
  };
  const passkeys = passkeysKnown() && (means === null || means.passkeys.length > 0);
  const providers = means === null ? [] : means.ways.providers.filter(({ id }) => means.providers.includes(id));
  return (
    <div class="stack">
      {problem !== '' && (
        <Notice kind="bad">
          <p>{problem}</p>
        </Notice>
      )}
      {passkeys && (
        <button
          type="button"
          class="button primary"
          disabled={working}
          onClick={() => void attempt(withPasskey, t.entering.passkeyFailed)}
        >
          {t.entering.passkey}
        </button>
      )}
      {providers.map(({ id, name }) => (
        <a key={id} class="button" href={`/provider/${encodeURIComponent(id)}?for=confirm`}>
          {t.entering.withProvider(name)}
        </a>
      ))}
      {(means === null || means.password) && (
        <form
          class="stack"
          onSubmit={event => {
            event.preventDefault();
            void attempt(withPassword, t.entering.wrong);
          }}
        >
          <TextField
            label={t.entering.password}
            type="password"
            autocomplete="current-password"
            required
            value={password}
            maxLength={200}
            onInput={setPassword}
          />
          <button type="submit" class={passkeys ? 'button' : 'button primary'} disabled={working}>
            {label}
          </button>
        </form>
      )}
    </div>
  );
}
