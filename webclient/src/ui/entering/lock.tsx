import { useEffect, useState } from 'preact/hooks';
import { type Request, type Ways, waysOf } from '../../session/entering';
import { enteringWords } from '../i18n/entering';
import { useApp } from '../parts/app';
import { Heading } from '../parts/screen';
import { Proof } from './proof';

interface LockProps {
  readonly request: Request;
  readonly name: string;
  readonly onUnlocked: () => void;
  readonly onSignOut: () => void;
}

/** The locked screen: nothing of what was on it, and how to go on. */
export function LockScreen({ request, name, onUnlocked, onSignOut }: LockProps) {
  const { t } = useApp(enteringWords);
  const [ways, setWays] = useState<Ways>({ passkeys: false, providers: [] });
  useEffect(() => {
    waysOf(request).then(setWays, () => undefined);
  }, []);
  return (
    <main id="app" class="desk-main lock" tabIndex={-1}>
      <div class="card stack">
        <Heading>{t.entering.locked}</Heading>
        <p>{t.entering.lockedMore(name)}</p>
        <Proof request={request} means={null} label={t.entering.unlock} onProven={onUnlocked} />
        {ways.providers.map(({ id, name: provider }) => (
          <a key={id} class="button" href={`/provider/${encodeURIComponent(id)}?for=confirm`}>
            {t.entering.withProvider(provider)}
          </a>
        ))}
        <button type="button" class="button plain" onClick={onSignOut}>
          {t.entering.someoneElse}
        </button>
      </div>
    </main>
  );
}
