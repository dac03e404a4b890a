import { useEffect, useRef, useState } from 'preact/hooks';
import { DeskError } from '../../session/http';
import { type Channel, Messages, type NoticeKind, type Preview, type Template } from '../../session/messages';
import { languageCodes, languages } from '../i18n';
import { messagesWords } from '../i18n/messages';
import { CheckIcon, WarningIcon } from '../icons';
import { useApp } from '../parts/app';
import { SelectField, TextArea, TextField } from '../parts/field';
import { useSnapshot } from '../parts/hooks';
import { useShell } from '../shell/context';
import { TestMessage } from './testmessage';

/** The texts that people are sent, each with a preview that follows what is typed, and a test message. */
export function MessagesSection() {
  const { desk } = useShell();
  const { t } = useApp(messagesWords);
  const [messages] = useState(() => new Messages((method, path, body) => desk.request(method, path, body)));
  const { templates, failed } = useSnapshot(messages);
  useEffect(() => void messages.load(), [messages]);
  if (templates === null) {
    return failed ? <p class="notice bad">{t.common.loadFailed}</p> : <p class="soon quiet">{t.common.loading}</p>;
  }
  return (
    <div class="stack">
      <p class="quiet">{t.messages.intro}</p>
      <Editor messages={messages} templates={templates} />
      <TestMessage messages={messages} />
    </div>
  );
}

function Editor({ messages, templates }: { readonly messages: Messages; readonly templates: readonly Template[] }) {
  const { t, language: own } = useApp(messagesWords);
  const [kind, setKind] = useState<NoticeKind>('invitation');
  const [channel, setChannel] = useState<Channel>('sms');
  const [language, setLanguage] = useState<string>(own);
  const shown = templates.find(one => one.kind === kind && one.channel === channel && one.language === language);
  const kinds = [...new Set(templates.map(one => one.kind))];
  return (
    <div class="card stack">
      <div class="stack">
        <SelectField
          label={t.messages.kind}
          value={kind}
          choices={kinds.map(value => ({ value, label: t.messages.kinds[value] ?? value }))}
          onChoose={setKind}
        />
        <SelectField<Channel>
          label={t.messages.channel}
          value={channel}
          choices={[
            { value: 'sms', label: t.messages.channels.sms },
            { value: 'mail', label: t.messages.channels.mail },
          ]}
          onChoose={setChannel}
        />
        <SelectField<string>
          label={t.messages.language}
          value={language}
          choices={languageCodes.map(value => ({ value, label: languages[value].name }))}
          onChoose={setLanguage}
        />
      </div>
      {shown !== undefined && (
        <Text key={`${kind} ${channel} ${language} ${shown.own}`} messages={messages} template={shown} />
      )}
    </div>
  );
}

const PAUSE = 300; // milliseconds without a key before the preview follows

/** What the server says about a text as it stands: filled in, or what to change. */
function usePreview(messages: Messages, template: Template) {
  const [preview, setPreview] = useState<Preview | null>(null);
  const [wrong, setWrong] = useState('');
  const newest = useRef(0);
  useEffect(() => {
    newest.current += 1;
    const asked = newest.current;
    const look = async (): Promise<void> => {
      try {
        const filled = await messages.preview(template);
        if (asked === newest.current) {
          setPreview(filled);
          setWrong('');
        }
      } catch (error) {
        if (asked === newest.current && error instanceof DeskError) {
          setWrong(error.detail || error.code);
        }
      }
    };
    const timer = setTimeout(() => void look(), PAUSE);
    return () => clearTimeout(timer);
  }, [template.subject, template.text]);
  return { preview, wrong };
}

function Text({ messages, template }: { readonly messages: Messages; readonly template: Template }) {
  const { toasts } = useShell();
  const { t } = useApp(messagesWords);
  const { fields } = useSnapshot(messages);
  const [subject, setSubject] = useState(template.subject);
  const [text, setText] = useState(template.text);
  const edited = { ...template, subject, text };
  const changed = subject !== template.subject || text !== template.text;
  const { preview, wrong } = usePreview(messages, edited);
  const direction = template.language === 'ar' ? 'rtl' : 'ltr';

  const act = async (what: () => Promise<void>): Promise<void> => {
    try {
      await what();
      toasts.say(t.common.saved);
    } catch (error) {
      toasts.warn(error instanceof DeskError && error.detail !== '' ? error.detail : t.common.failed);
    }
  };
  return (
    <form
      class="stack"
      noValidate
      onSubmit={event => {
        event.preventDefault();
        void act(() => messages.save(edited));
      }}
    >
      {template.channel === 'mail' && (
        <TextField
          label={t.messages.subject}
          hint={t.messages.subjectHint}
          value={subject}
          maxLength={200}
          dir="auto"
          onInput={setSubject}
        />
      )}
      <TextArea
        label={t.messages.text}
        error={wrong === '' ? '' : `${t.messages.wrong} ${wrong}`}
        value={text}
        rows={template.channel === 'mail' ? 12 : 4}
        dir="auto"
        spellcheck={false}
        onInput={setText}
      />
      <details>
        <summary>{t.messages.fieldsIntro}</summary>
        <ul class="bullets">
          {fields.map(name => (
            <li key={name}>
              <code dir="ltr">{`{{.${name}}}`}</code> {t.messages.fields[name] ?? name}
            </li>
          ))}
        </ul>
      </details>
      {preview !== null && wrong === '' && (
        <section class="stack" aria-label={t.messages.preview}>
          <p class="quiet">{t.messages.previewOf}</p>
          <div class="said" lang={template.language} dir={direction}>
            {preview.subject !== '' && (
              <p>
                <b>{preview.subject}</b>
              </p>
            )}
            <p class="as-written">{preview.text}</p>
          </div>
          {preview.length !== null && <Room {...preview.length} />}
        </section>
      )}
      <div class="row">
        <button type="submit" class="button primary" disabled={!changed || wrong !== ''}>
          {t.common.save}
        </button>
        {template.own && (
          <button type="button" class="button" onClick={() => void act(() => messages.reset(template))}>
            {t.messages.reset}
          </button>
        )}
      </div>
      {changed && <p class="quiet">{t.messages.leave}</p>}
      {template.own && !changed && <p class="quiet">{t.messages.own}</p>}
    </form>
  );
}

/** How much room a text message takes. */
function Room({ encoding, places, segments, left }: NonNullable<Preview['length']>) {
  const { t } = useApp(messagesWords);
  const one = segments <= 1;
  return (
    <p class={one ? 'row quiet' : 'trouble'}>
      {one ? <CheckIcon /> : <WarningIcon />}
      <span>
        <b>{t.messages.segments(segments)}</b> · {t.messages.places(places, left)}
        <br />
        {encoding === 'gsm-7' ? t.messages.gsm : t.messages.ucs2}
      </span>
    </p>
  );
}
