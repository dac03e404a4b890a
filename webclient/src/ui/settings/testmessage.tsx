import { useState } from 'preact/hooks';
import { DeskError } from '../../session/http';
import type { Messages, TestResult } from '../../session/messages';
import { messagesWords } from '../i18n/messages';
import { CheckIcon, WarningIcon } from '../icons';
import { useApp } from '../parts/app';
import { TextField } from '../parts/field';
import { useSnapshot } from '../parts/hooks';

/** Sends a test, and shows what the mail server or the gateway answered, word by word. */
export function TestMessage({ messages }: { readonly messages: Messages }) {
  const { t, language, announcer } = useApp(messagesWords);
  const { mail, gateways } = useSnapshot(messages);
  const [to, setTo] = useState('');
  const [state, setState] = useState<'ready' | 'sending'>('ready');
  const [results, setResults] = useState<readonly TestResult[]>([]);
  const [wrong, setWrong] = useState('');

  const send = async (): Promise<void> => {
    setState('sending');
    setWrong('');
    try {
      const answered = await messages.test(to.trim(), language);
      setResults(answered);
      announcer.say(answered.map(one => (one.taken ? t.messages.testTaken : t.messages.testNotTaken)).join(', '));
    } catch (error) {
      setResults([]);
      setWrong(error instanceof DeskError && error.detail !== '' ? error.detail : t.common.failed);
    }
    setState('ready');
  };
  return (
    <section class="card stack" aria-labelledby="test-heading">
      <h2 id="test-heading">{t.messages.testHeading}</h2>
      <p class="quiet">{t.messages.testIntro}</p>
      {!mail && <p class="notice">{t.messages.noMail}</p>}
      {gateways.length === 0 ? (
        <p class="notice">{t.messages.noSms}</p>
      ) : (
        <div>
          <p>{t.messages.gateways}</p>
          <ol class="bullets">
            {gateways.map(one => (
              <li key={one.name}>
                <b>{one.name}</b>{' '}
                {one.prefixes.length === 0
                  ? t.messages.gatewayAll
                  : t.messages.gatewayFor(`\u2066${one.prefixes.join(', ')}\u2069`)}
                {one.reportUrl !== '' && (
                  <details>
                    <summary>{t.messages.reports}</summary>
                    <code class="as-written" dir="ltr">
                      {one.reportUrl}
                    </code>
                  </details>
                )}
              </li>
            ))}
          </ol>
        </div>
      )}
      {(mail || gateways.length > 0) && (
        <form
          class="stack"
          noValidate
          onSubmit={event => {
            event.preventDefault();
            void send();
          }}
        >
          <TextField
            label={t.messages.testTo}
            hint={t.messages.testHint}
            error={wrong}
            value={to}
            maxLength={254}
            dir="ltr"
            onInput={setTo}
          />
          <div class="row">
            <button type="submit" class="button" disabled={state === 'sending' || to.trim() === ''}>
              {state === 'sending' ? t.messages.testing : t.messages.testSend}
            </button>
          </div>
        </form>
      )}
      {results.map(one => (
        <div key={one.gateway} class={one.taken ? 'notice' : 'notice bad'}>
          <p class="row">
            {one.taken ? <CheckIcon /> : <WarningIcon />}
            <b>
              {one.gateway} {one.taken ? t.messages.testTaken : t.messages.testNotTaken}
            </b>
            <span class="quiet">{t.messages.seconds(one.seconds.toFixed(1))}</span>
          </p>
          <p>
            {t.common.pair(t.messages.answered, '')}
            <code dir="ltr">{one.answer}</code>
          </p>
        </div>
      ))}
    </section>
  );
}
