import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Agenda, DateInSeries, WholeAppointment } from '../../session/agenda';
import { DeskError } from '../../session/http';
import { textIn } from '../../session/texts';
import { agendaWords } from '../i18n/agenda';
import { AnswerText } from '../parts/answer';
import { useApp } from '../parts/app';
import { CopyLink } from '../parts/copy';
import { Dialog, Question } from '../parts/dialog';
import { usePart } from '../parts/hooks';
import { useMay, useShell } from '../shell/context';
import { CancelDialog } from './cancel';
import { ModalityMark } from './card';
import { byOf, changeOf, forPatient, isAhead, isNear, stateOf, timesOf, whenOf } from './say';
import { CancelFollowingDialog, followingOf, MoveFollowingDialog, Series } from './series';

interface DetailProps {
  readonly agenda: Agenda;
  readonly id: string;
  /** When it was last changed, as the list has it: it is read again then. */
  readonly changedAt: string;
  /** Where another date of its series is opened. */
  readonly linkOf: (date: DateInSeries) => string;
  readonly onMove: (appointment: WholeAppointment) => void;
  readonly onClose: () => void;
}

/** What is asked before it is done. */
type Asking = 'cancel' | 'following' | 'move-following' | 'mistake';

/** One appointment: who, when, how far, what happened to it, and everything that can be done with it. */
export function AppointmentDialog({ agenda, id, changedAt, linkOf, onMove, onClose }: DetailProps) {
  const { toasts } = useShell();
  const { t } = useApp(agendaWords);
  const [one, setOne] = useState<WholeAppointment | null>(null);
  const [trouble, setTrouble] = useState('');
  const [working, setWorking] = useState(false);
  const [asking, setAsking] = useState<Asking | null>(null);
  const read = async (): Promise<void> => {
    try {
      setOne(await agenda.read(id));
    } catch (error) {
      const gone = error instanceof DeskError && error.code === 'not-found';
      setTrouble(gone ? t.agenda.gone : t.common.failed);
    }
  };
  useEffect(() => {
    if (one === null || (changedAt !== '' && one.changedAt !== changedAt)) {
      void read();
    }
  }, [id, changedAt]);

  const act = async (what: () => Promise<WholeAppointment>): Promise<void> => {
    setWorking(true);
    setTrouble('');
    try {
      setOne(await what());
    } catch (error) {
      if (error instanceof DeskError && error.code === 'conflict') {
        await read();
        setTrouble(t.agenda.conflict);
      } else {
        setTrouble(t.common.failed);
      }
    }
    setWorking(false);
  };
  if (one !== null && asking === 'cancel') {
    return (
      <CancelDialog
        agenda={agenda}
        appointment={one}
        onKeep={() => setAsking(null)}
        onCancelled={() => {
          toasts.say(t.agenda.cancelled(one.name));
          onClose();
        }}
      />
    );
  }
  if (one !== null && asking === 'following') {
    return (
      <CancelFollowingDialog
        agenda={agenda}
        appointment={one}
        onKeep={() => setAsking(null)}
        onCancelled={count => {
          toasts.say(t.agenda.inSeries.cancelled(count, one.name));
          onClose();
        }}
      />
    );
  }
  if (one !== null && asking === 'move-following') {
    return (
      <MoveFollowingDialog
        agenda={agenda}
        appointment={one}
        onKeep={() => setAsking(null)}
        onMoved={count => {
          toasts.say(t.agenda.inSeries.moved(count, one.name));
          onClose();
        }}
      />
    );
  }
  if (one !== null && asking === 'mistake') {
    return (
      <Question
        heading={t.agenda.mistakeQuestion}
        no={t.agenda.keep}
        yes={t.agenda.mistake}
        danger
        onNo={() => setAsking(null)}
        onYes={() => {
          setAsking(null);
          void act(() => agenda.act(one.id, 'mistake'));
        }}
      >
        <p>{t.agenda.mistakeMore}</p>
      </Question>
    );
  }
  return (
    <Dialog heading={one === null ? t.agenda.heading : one.name} onClose={onClose}>
      {trouble !== '' && (
        <p class="notice bad" role="alert">
          {trouble}
        </p>
      )}
      {one === null ? (
        trouble === '' && <p class="soon quiet">{t.common.loading}</p>
      ) : (
        <>
          <Facts one={one} />
          <Series one={one} linkOf={linkOf} />
          <Steps agenda={agenda} one={one} working={working} act={what => void act(what)} />
          <Rest agenda={agenda} one={one} onMove={() => onMove(one)} onAsk={setAsking} onTrouble={setTrouble} />
          <History one={one} />
        </>
      )}
      <div class="choices">
        <button type="button" class="button" onClick={onClose}>
          {t.common.close}
        </button>
      </div>
    </Dialog>
  );
}

/** Whether the patient was told of the last change; null when it is none that concerns them. */
function wasTold({ history, told }: WholeAppointment): boolean | null {
  const last = history.at(-1)?.action ?? '';
  return ['book', 'approve', 'move', 'cancel', 'refuse'].includes(last) ? told : null;
}

function Fact({ name, children }: { readonly name: string; readonly children: ComponentChildren }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Facts({ one }: { readonly one: WholeAppointment }) {
  const { t, format, language } = useApp(agendaWords);
  const { facts } = t.agenda;
  const there = format.inZone(one.timeZone);
  const theirs = forPatient(one.start, one, t, format);
  return (
    <>
      <p class="row">
        <span class={`agenda-state ${one.state}`} role="status">
          {stateOf(one, t)}
        </span>
        {one.overbooked && <span class="agenda-state">{t.agenda.overbooked}</span>}
      </p>
      {one.declinedAt !== '' && <p class="notice">{t.agenda.declined.one}</p>}
      <dl class="agenda-facts">
        <Fact name={facts.when}>
          <b>
            {there.day(one.start)} {timesOf(one, format)}
          </b>
          {(there.elsewhere || theirs !== '') && <p class="quiet">{there.zone}</p>}
          {theirs !== '' && <p class="quiet">{theirs}</p>}
        </Fact>
        <Fact name={facts.with}>{one.practitionerName}</Fact>
        <Fact name={facts.how}>
          <ModalityMark modality={one.modality} /> {one.label} · {t.agenda.modality[one.modality]}
          {one.place !== '' && ` · ${one.place}`}
        </Fact>
        {one.birthDate !== '' && <Fact name={facts.born}>{format.date(one.birthDate)}</Fact>}
        {(one.phone !== '' || one.mail !== '') && (
          <Fact name={facts.contact}>
            {one.phone !== '' && (
              <a class="dial" href={`tel:${one.phone}`} dir="ltr">
                {format.phone(one.phone)}
              </a>
            )}{' '}
            {one.mail !== '' && (
              <a class="dial" href={`mailto:${one.mail}`} dir="ltr">
                {one.mail}
              </a>
            )}
          </Fact>
        )}
        {one.note !== '' && (
          <Fact name={facts.note}>
            <span class="as-written" dir="auto">
              {one.note}
            </span>
          </Fact>
        )}
        {one.answers.map((answer, at) => (
          <Fact key={String(at)} name={textIn(answer.question, language)}>
            <AnswerText answer={answer} appointment={one.id} />
          </Fact>
        ))}
      </dl>
      {one.patient !== '' && (
        <a class="dial" href={`/desk/patients/${one.patient}`}>
          {t.agenda.record}
        </a>
      )}
      {wasTold(one) !== null && <p class="quiet">{wasTold(one) ? t.agenda.told : t.agenda.notTold}</p>}
    </>
  );
}

interface StepsProps {
  readonly agenda: Agenda;
  readonly one: WholeAppointment;
  readonly working: boolean;
  act(what: () => Promise<WholeAppointment>): void;
}

/** What happens around the visit, each in one tap. */
function Steps({ agenda, one, working, act }: StepsProps) {
  const { desk, enter } = useShell();
  const { t } = useApp(agendaWords);
  const me = usePart(desk, snapshot => snapshot.me?.id);
  const mayCall = useMay('call');
  const mayChange = useMay('appointments:write');
  // What was pressed may be gone with the state that it led to: the focus stays here.
  const group = useRef<HTMLDivElement>(null);
  const state = useRef(one.state);
  useEffect(() => {
    if (state.current !== one.state && !document.activeElement?.closest('dialog')) {
      group.current?.focus();
    }
    state.current = one.state;
  }, [one.state]);
  const button = (words: string, what: () => Promise<WholeAppointment>, kind = '') => (
    <button key={words} type="button" class={`button small ${kind}`} disabled={working} onClick={() => act(what)}>
      {words}
    </button>
  );
  const { state: now, proposed } = one;
  const coming = (now === 'booked' || now === 'arrived') && isNear(one);
  const mayEnter =
    one.modality === 'video' &&
    mayCall &&
    me === one.practitioner &&
    (coming || now === 'in-visit' || now === 'interrupted');
  const video = async (): Promise<WholeAppointment> => {
    const opened = one.consultation === '' ? await agenda.act(one.id, 'open-now') : one;
    enter(opened.consultation);
    return opened;
  };
  if (!mayChange) {
    return null;
  }
  return (
    <div ref={group} class="row" tabIndex={-1}>
      {proposed !== null && (
        <div class="notice grow">
          <p>
            {t.agenda.seems[proposed.state === 'fulfilled' || proposed.absent === '' ? 'fulfilled' : proposed.absent]}
          </p>
          {button(t.agenda.confirm, () =>
            proposed.state === 'fulfilled' || proposed.absent === ''
              ? agenda.act(one.id, 'fulfil')
              : agenda.absent(one.id, proposed.absent),
          )}
        </div>
      )}
      {mayEnter && button(t.agenda.video, video, 'primary')}
      {((coming && now === 'booked') || now === 'noshow') && button(t.agenda.here, () => agenda.act(one.id, 'arrive'))}
      {(coming || now === 'noshow' || now === 'interrupted') &&
        button(t.agenda.fulfil, () => agenda.act(one.id, 'fulfil'))}
      {now === 'interrupted' && button(t.agenda.phone, () => agenda.act(one.id, 'phone'))}
      {now === 'interrupted' && button(t.agenda.rebook, () => agenda.act(one.id, 'rebook'))}
      {(coming || now === 'fulfilled' || (now === 'noshow' && one.absent !== 'patient')) &&
        button(t.agenda.absentPatient, () => agenda.absent(one.id, 'patient'))}
      {(coming || now === 'fulfilled' || (now === 'noshow' && one.absent !== 'practitioner')) &&
        button(t.agenda.absentPractitioner, () => agenda.absent(one.id, 'practitioner'))}
      {one.canUndo && button(t.agenda.undo, () => agenda.undo(one))}
    </div>
  );
}

interface RestProps extends Pick<StepsProps, 'agenda' | 'one'> {
  readonly onMove: () => void;
  readonly onAsk: (what: Asking) => void;
  readonly onTrouble: (words: string) => void;
}

/** Another time, no time, the patient's link. */
function Rest({ agenda, one, onMove, onAsk, onTrouble }: RestProps) {
  const { t } = useApp(agendaWords);
  const mayChange = useMay('appointments:write');
  const [link, setLink] = useState('');
  if (!mayChange) {
    return null;
  }
  const show = async (): Promise<void> => {
    onTrouble('');
    try {
      setLink(await agenda.link(one.id));
    } catch {
      onTrouble(t.common.failed);
    }
  };
  return (
    <>
      <div class="row">
        {isAhead(one) && (
          <>
            <button type="button" class="button small" onClick={onMove}>
              {t.agenda.move}
            </button>
            <button type="button" class="button small" onClick={() => onAsk('cancel')}>
              {t.agenda.cancel}
            </button>
            {followingOf(one).length > 1 && (
              <>
                <button type="button" class="button small" onClick={() => onAsk('move-following')}>
                  {t.agenda.inSeries.move}
                </button>
                <button type="button" class="button small" onClick={() => onAsk('following')}>
                  {t.agenda.inSeries.cancel}
                </button>
              </>
            )}
          </>
        )}
        {link === '' && isAhead(one) && (
          <button type="button" class="button small" onClick={() => void show()}>
            {t.agenda.link}
          </button>
        )}
        {one.state !== 'entered-in-error' && (
          <button type="button" class="button small plain" onClick={() => onAsk('mistake')}>
            {t.agenda.mistake}
          </button>
        )}
      </div>
      {link !== '' && (
        <div class="stack">
          <p class="quiet">{t.agenda.linkMore}</p>
          <CopyLink link={link} label={t.agenda.link} />
        </div>
      )}
    </>
  );
}

function History({ one }: { readonly one: WholeAppointment }) {
  const { t, format } = useApp(agendaWords);
  return (
    <details class="agenda-history">
      <summary>{t.agenda.history}</summary>
      <ol>
        {one.history.map(change => (
          <li key={`${change.at}${change.action}`}>
            <b>{changeOf(change, one.timeZone, t, format)}</b>{' '}
            <span class="quiet">
              {whenOf(change.at, '', format)} {byOf(change, t)}
            </span>
            {change.reason !== '' && <p dir="auto">{t.agenda.reason(change.reason)}</p>}
          </li>
        ))}
      </ol>
    </details>
  );
}
