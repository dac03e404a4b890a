import { useMemo, useState } from 'preact/hooks';
import { DeskError } from '../../session/desk';
import { type Forgotten, Patients } from '../../session/patients';
import { patientsWords } from '../i18n/patients';
import type { PatientsWords } from '../i18n/patients/words';
import { useApp } from '../parts/app';
import { Question } from '../parts/dialog';
import { TextField } from '../parts/field';
import { Notice } from '../parts/screen';
import { useShell } from '../shell/context';
import { ScreenHeading } from '../shell/heading';

/** Who was booked with a phone number or a mail address only, and asks to be erased: counted first. */
export function Forget() {
  const { desk, toasts } = useShell();
  const { t } = useApp(patientsWords);
  const words = t.patients.forget;
  const patients = useMemo(() => new Patients(desk), [desk]);
  const [contact, setContact] = useState('');
  const [found, setFound] = useState<Forgotten | null>(null);
  const [working, setWorking] = useState(false);
  const [wrong, setWrong] = useState('');
  const [asking, setAsking] = useState(false);
  const ask = async (dryRun: boolean): Promise<void> => {
    setWorking(true);
    setWrong('');
    try {
      const answer = await patients.forgetContact(contact.trim(), dryRun);
      if (dryRun) {
        setFound(answer);
      } else {
        toasts.say(words.done);
        setContact('');
        setFound(null);
      }
    } catch (error) {
      const code = error instanceof DeskError ? error.code : '';
      setFound(null);
      setWrong(code === 'bad-message' ? words.wrong : code === 'conflict' ? words.ahead(1) : t.common.failed);
    }
    setWorking(false);
  };
  return (
    <>
      <p class="back">
        <a href="/desk/patients">{t.patients.back}</a>
      </p>
      <ScreenHeading>{words.heading}</ScreenHeading>
      <form
        class="patient-form stack"
        onSubmit={event => {
          event.preventDefault();
          if (contact.trim() === '') {
            setWrong(words.wrong);
          } else {
            void ask(true);
          }
        }}
      >
        <div class="card stack">
          <p>{words.how}</p>
          <p class="quiet">{words.stays}</p>
          <TextField
            label={words.contact}
            error={wrong}
            value={contact}
            maxLength={256}
            autocomplete="off"
            spellcheck={false}
            dir="ltr"
            onInput={text => {
              setContact(text);
              setFound(null);
              setWrong('');
            }}
          />
          <div class="row">
            <button type="submit" class="button primary" disabled={working}>
              {words.count}
            </button>
          </div>
        </div>
      </form>
      {found !== null && <Counted found={found} working={working} onErase={() => setAsking(true)} />}
      {asking && found !== null && (
        <Question
          heading={words.question(contact.trim())}
          yes={t.patients.eraseYes}
          no={words.keep}
          danger
          onYes={() => {
            setAsking(false);
            void ask(false);
          }}
          onNo={() => setAsking(false)}
        >
          <p>{listOf(found, words).join(', ')}.</p>
        </Question>
      )}
    </>
  );
}

type Words = PatientsWords['patients']['forget'];

const listOf = ({ appointments, requests, waiting, notices }: Forgotten, words: Words): readonly string[] =>
  [
    appointments > 0 ? words.appointments(appointments) : '',
    requests > 0 ? words.requests(requests) : '',
    waiting > 0 ? words.waiting(waiting) : '',
    notices > 0 ? words.notices(notices) : '',
  ].filter(text => text !== '');

/** What there is, before anything is erased. */
export function Counted({
  found,
  working,
  onErase,
}: {
  readonly found: Forgotten;
  readonly working: boolean;
  readonly onErase: () => void;
}) {
  const words = useApp(patientsWords).t.patients.forget;
  const list = listOf(found, words);
  const erasable = list.length > 0 && found.ahead === 0;
  return (
    <div class="patient-form stack">
      <Notice kind={erasable ? 'good' : 'bad'}>
        <div role="status">
          <p>{list.length > 0 ? words.found(list.join(', ')) : words.nothing}</p>
          {found.ahead > 0 && <p>{words.ahead(found.ahead)}</p>}
          {found.recorded > 0 && <p>{words.recorded(found.recorded)}</p>}
        </div>
      </Notice>
      {erasable && (
        <div class="row">
          <button type="button" class="button danger" disabled={working} onClick={onErase}>
            {words.erase}
          </button>
        </div>
      )}
    </div>
  );
}
