import { useEffect, useState } from 'preact/hooks';
import { refusalOf, type Token, tokensOf } from '../../session/entering';
import { field } from '../../session/http';
import { wordsFor } from '../entering/refusals';
import { useProof } from '../entering/useproof';
import { enteringWords } from '../i18n/entering';
import type { EnteringWords } from '../i18n/entering/words';
import { useApp } from '../parts/app';
import { CopyLink } from '../parts/copy';
import { CheckField, SelectField, TextField } from '../parts/field';
import { usePart } from '../parts/hooks';
import { useShell } from '../shell/context';

type Days = '30' | '90' | '365';

/** The tokens with which programs do something in one's name. */
export function ProgramsSection() {
  const { desk, toasts } = useShell();
  const { t, format } = useApp(enteringWords);
  const mine = usePart(desk, snapshot => snapshot.me?.scopes ?? []);
  const [tokens, setTokens] = useState<readonly Token[] | null>(null);
  const [name, setName] = useState('');
  const [days, setDays] = useState<Days>('90');
  const [scopes, setScopes] = useState<readonly string[]>([]);
  const [made, setMade] = useState('');
  const { proof, proven } = useProof(null);
  const request = desk.request.bind(desk);
  const words = (error: unknown): string => wordsFor(refusalOf(error), t);

  const load = async (): Promise<void> => setTokens(await tokensOf(request));
  useEffect(() => {
    load().catch(error => toasts.warn(words(error)));
  }, []);
  const make = async (): Promise<void> => {
    try {
      const body = { name: name.trim(), scopes, days: Number(days) };
      const answer = await proven(() => request('POST', '/me/tokens', body));
      setMade(field(answer, 'secret') ?? '');
      setName('');
      setScopes([]);
      await load();
    } catch (error) {
      toasts.warn(words(error));
    }
  };
  const revoke = async (id: string): Promise<void> => {
    try {
      await request('DELETE', `/me/tokens/${encodeURIComponent(id)}`);
      await load();
    } catch (error) {
      toasts.warn(words(error));
    }
  };
  if (tokens === null) {
    return <p class="soon quiet">{t.common.loading}</p>;
  }
  return (
    <div class="stack">
      <section class="card stack" aria-labelledby="tokens">
        <h2 id="tokens">{t.means.programs}</h2>
        <p class="quiet">{t.means.programsMore}</p>
        {tokens.length === 0 && <p>{t.means.programsNone}</p>}
        <ul class="means">
          {tokens.map(one => (
            <li key={one.id}>
              <p>
                <b>{one.name}</b>
                <br />
                <span class="quiet">
                  {one.scopes.map(scope => scopeWords(scope, t)).join(', ')}. {t.means.expires(format.date(one.until))}
                </span>
              </p>
              <button
                type="button"
                class="button small"
                aria-label={t.means.removePasskey(one.name)}
                onClick={() => void revoke(one.id)}
              >
                {t.means.remove}
              </button>
            </li>
          ))}
        </ul>
      </section>
      {made !== '' && (
        <section class="card stack" aria-labelledby="made">
          <h2 id="made">{t.means.programMade}</h2>
          <p>{t.means.programOnce}</p>
          <CopyLink link={made} label={t.means.programMade} primary />
        </section>
      )}
      <form
        class="card stack"
        onSubmit={event => {
          event.preventDefault();
          void make();
        }}
      >
        <TextField
          label={t.means.programName}
          required
          value={name}
          maxLength={60}
          autocomplete="off"
          onInput={setName}
        />
        <fieldset class="field">
          <legend>{t.means.programScopes}</legend>
          <div class="options">
            {mine.map(scope => (
              <CheckField
                key={scope}
                label={scopeWords(scope, t)}
                checked={scopes.includes(scope)}
                onCheck={on => setScopes(on ? [...scopes, scope] : scopes.filter(one => one !== scope))}
              />
            ))}
          </div>
        </fieldset>
        <SelectField<Days>
          label={t.means.programDays}
          value={days}
          choices={(['30', '90', '365'] as const).map(value => ({ value, label: value }))}
          onChoose={setDays}
        />
        <button type="submit" class="button primary" disabled={scopes.length === 0}>
          {t.means.programMake}
        </button>
      </form>
      {proof}
    </div>
  );
}

/** consultations:read is consultationsRead in the words. */
function scopeWords(scope: string, t: EnteringWords): string {
  const key = scope.replace(/:(.)/, (_, first: string) => first.toUpperCase());
  const words: { readonly [scope: string]: string } = t.means.scopes;
  return words[key] ?? scope;
}
