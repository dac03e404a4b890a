import { useEffect, useState } from 'preact/hooks';
import { codesFrom, type Invited, offerOf, passkeyStep, type Request, refusalOf } from '../../session/entering';
import { enteringWords } from '../i18n/entering';
import { useApp } from '../parts/app';
import { TextField } from '../parts/field';
import { Heading, Notice } from '../parts/screen';
import { ChooseMeans } from './choose';
import { RecoveryCodes } from './codes';
import { wordsFor } from './refusals';

interface InvitationProps {
  readonly request: Request;
  readonly ticket: string;
  readonly load: () => Promise<Invited>;
  readonly onIn: () => void;
}

/** Accepting an invitation: the name, how to sign in, recovery codes, and in. */
export function InvitationPage({ request, ticket, load, onIn }: InvitationProps) {
  const { t } = useApp(enteringWords);
  const [invited, setInvited] = useState<Invited | null>(null);
  const [name, setName] = useState('');
  const [codes, setCodes] = useState<readonly string[] | null>(null);
  const [problem, setProblem] = useState('');
  useEffect(() => {
    load().then(
      found => {
        setInvited(found);
        setName(found.name);
      },
      error => setProblem(wordsFor(refusalOf(error), t)),
    );
  }, []);
  const accept = async (choice: object): Promise<void> => {
    const body = { ticket, ...(name.trim() === '' ? {} : { name: name.trim() }), ...choice };
    setCodes(await codesFrom(request, 'POST', '/invitation/accept', body));
  };
  if (codes !== null) {
    return (
      <div class="screen">
        <RecoveryCodes codes={codes} onKept={onIn} />
      </div>
    );
  }
  if (invited === null) {
    return problem === '' ? (
      <p class="soon quiet">{t.common.loading}</p>
    ) : (
      <Notice kind="bad">
        <p role="alert">{problem}</p>
      </Notice>
    );
  }
  return (
    <div class="screen">
      <Heading>{t.entering.welcome(invited.name)}</Heading>
      <p>{t.entering.invited}</p>
      <TextField label={t.entering.yourName} autocomplete="name" value={name} maxLength={80} onInput={setName} />
      {invited.ways.providers.map(({ id, name: provider }) => (
        <a
          key={id}
          class="button"
          href={`/provider/${encodeURIComponent(id)}?for=accept&invitation=${encodeURIComponent(ticket)}`}
        >
          {t.entering.withProvider(provider)}
        </a>
      ))}
      <ChooseMeans
        mail={invited.mail}
        passkeys={invited.ways.passkeys}
        beginPasskey={() => passkeyStep(request, '/invitation/passkey/options', { ticket })}
        finishPasskey={passkey => accept({ passkey })}
        beginPassword={() => offerOf(request, '/invitation/codes', { ticket })}
        finishPassword={password => accept({ password })}
      />
    </div>
  );
}
