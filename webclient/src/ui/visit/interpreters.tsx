import '../styles/visit.css';
import { useEffect, useState } from 'preact/hooks';
import type { InterpreterRequest } from '../../protocol/messages';
import { askInterpreter, type Interpreter, interpreters, withdraw } from '../../session/interpreters';
import type { CallTabProps } from '../call/tabs';
import { visitWords } from '../i18n/visit';
import { useApp } from '../parts/app';
import { CopyLink } from '../parts/copy';
import { SelectField } from '../parts/field';
import { useNow } from '../parts/hooks';
import { useShell } from '../shell/context';
import { tongueChoices, tongueName } from './tongues';

const minutes = ['15', '60', '240', '1440', '4320'] as const;
/** Minutes within which one answers. */
export type Wait = (typeof minutes)[number];

/** In the call. */
export function InterpretersTab({ snapshot, consultation }: CallTabProps) {
  return (
    <div class="lines">
      <Interpreters consultation={consultation} requests={snapshot.visit?.requests ?? []} usual="15" />
    </div>
  );
}

interface InterpretersProps {
  readonly consultation: string;
  readonly requests: readonly InterpreterRequest[];
  /** What is proposed. */
  readonly usual: Wait;
  /** Something was asked or taken back; in the call the websocket says it. */
  readonly onChanged?: () => void;
}

/** Asking for an interpreter, and what became of it. */
export function Interpreters({ consultation, requests, usual, onChanged }: InterpretersProps) {
  const { t, format, language } = useApp(visitWords);
  const { desk } = useShell();
  const words = t.interpreters;
  const [who, setWho] = useState<readonly Interpreter[] | null>(null);
  const [of, setOf] = useState('');
  const [from, setFrom] = useState<string>(language);
  const [into, setInto] = useState('');
  const [within, setWithin] = useState<Wait>(usual);
  const [state, setState] = useState<'ready' | 'working' | 'sent' | 'failed'>('ready');
  const [link, setLink] = useState('');
  useEffect(() => {
    interpreters(desk.request.bind(desk)).then(
      all => {
        setWho(all);
        setOf(all[0]?.id ?? '');
      },
      () => setState('failed'),
    );
  }, []);
  const chosen = who?.find(one => one.id === of);
  const choices = tongueChoices(words.signs, format, chosen?.languages ?? []);
  const ask = async (): Promise<void> => {
    setState('working');
    try {
      const deadline = new Date(Date.now() + Number(within) * 60_000);
      setLink((await askInterpreter(desk.request.bind(desk), consultation, { of, from, into, deadline })) ?? '');
      setState('sent');
      onChanged?.();
    } catch {
      setState('failed');
    }
  };
  return (
    <div class="stack">
      {requests.length > 0 && (
        <ul class="plain-list" aria-label={words.requests}>
          {requests.map(one => (
            <Request key={one.id} one={one} consultation={consultation} onChanged={onChanged} />
          ))}
        </ul>
      )}
      {who !== null && who.length === 0 ? (
        <p>{words.nobody}</p>
      ) : (
        <form
          class="stack"
          onSubmit={event => {
            event.preventDefault();
            void ask();
          }}
        >
          <SelectField
            label={words.who}
            value={of}
            choices={(who ?? []).map(one => ({ value: one.id, label: one.name }))}
            onChoose={setOf}
          />
          <SelectField label={words.from} value={from} choices={choices} onChoose={setFrom} />
          <SelectField
            label={words.into}
            value={into}
            choices={[{ value: '', label: words.choose }, ...choices]}
            onChoose={setInto}
          />
          <SelectField
            label={words.within}
            value={within}
            choices={minutes.map(value => ({ value, label: format.span(Number(value)) }))}
            onChoose={setWithin}
          />
          {state === 'failed' && (
            <p class="notice bad" role="alert">
              {words.failed}
            </p>
          )}
          <button
            type="submit"
            class="button primary"
            disabled={state === 'working' || of === '' || into === '' || into === from}
          >
            {words.ask}
          </button>
        </form>
      )}
      {state === 'sent' && (
        <div class="notice" role="status">
          <p>{link === '' ? words.sent : words.handed}</p>
          {link !== '' && <CopyLink link={link} label={words.link} primary />}
        </div>
      )}
    </div>
  );
}

interface RequestProps {
  readonly one: InterpreterRequest;
  readonly consultation: string;
  readonly onChanged?: (() => void) | undefined;
}

function Request({ one, consultation, onChanged }: RequestProps) {
  const { t, format } = useApp(visitWords);
  const { desk, toasts } = useShell();
  const now = useNow(10_000);
  const words = t.interpreters;
  const state = one.state === 'asked' && Date.parse(one.deadline) <= now ? 'lapsed' : one.state;
  return (
    <li class="plain-row">
      <p>
        <b>{one.name}</b>, {tongueName(one.from, words.signs, format)} – {tongueName(one.into, words.signs, format)}
        <br />
        {words.states[state]}
        {state === 'asked' && <span class="quiet"> {words.until(format.moment(one.deadline))}</span>}
      </p>
      {state === 'asked' && (
        <button
          type="button"
          class="button small"
          onClick={() =>
            void withdraw(desk.request.bind(desk), consultation, one.id).then(onChanged, () =>
              toasts.warn(words.failed),
            )
          }
        >
          {words.withdraw}
        </button>
      )}
    </li>
  );
}
