import { useState } from 'preact/hooks';
import { isTaken } from '../../session/agenda';
import { DeskError } from '../../session/desk';
import type { AppointmentRequest, FreeTime } from '../../session/requests';
import { textIn } from '../../session/texts';
import { requestsWords } from '../i18n/requests';
import { CheckIcon } from '../icons';
import { AnswerText } from '../parts/answer';
import { useApp } from '../parts/app';
import { EmptyState } from '../parts/empty';
import { type Format, minutesSince } from '../parts/format';
import { useKeptFocus, useNow } from '../parts/hooks';
import { Unread } from '../parts/kept';
import { useMay, useShell } from '../shell/context';
import { AskerName, Reach } from './asker';
import { answered } from './count';
import { OfferDialog } from './offer';
import { RefuseDialog } from './refuse';
import { LIVE, useList, useRequests, whenIn } from './use';

/** What somebody must say yes or no to, the oldest first; most answers are one tap. */
export function RequestList() {
  const { toasts } = useShell();
  const { t, format } = useApp(requestsWords);
  const requests = useRequests();
  const mayAnswer = useMay('appointments:write');
  const { known: list, failed, again } = useList(() => requests.list(), LIVE);
  const place = useKeptFocus<HTMLUListElement>(list);
  const [asked, setAsked] = useState<{ readonly how: 'offer' | 'refuse'; readonly one: AppointmentRequest } | null>(
    null,
  );
  const [trouble, setTrouble] = useState<{ readonly id: string; readonly text: string } | null>(null);
  const [working, setWorking] = useState('');
  const now = useNow(60_000);

  const over = async (words: string): Promise<void> => {
    setAsked(null);
    setTrouble(null);
    toasts.say(words);
    answered();
    await again();
  };
  /** Rejects with DeskError, unless somebody has answered meanwhile. */
  const approve = async (
    one: AppointmentRequest,
    time?: Pick<FreeTime, 'start' | 'practitioner'>,
    overbook = '',
  ): Promise<void> => {
    try {
      const { start, timeZone, told } = await requests.approve(one.id, time, overbook);
      const when = whenIn(start, timeZone, format, t.requests.inZone);
      await over(told ? t.requests.agreed(one.person.name, when) : t.requests.agreedTell(one.person.name, when));
    } catch (error) {
      if (!isGone(error)) {
        throw error;
      }
      await over(t.requests.gone);
    }
  };
  const agree = async (one: AppointmentRequest): Promise<void> => {
    setWorking(one.id);
    try {
      await approve(one);
    } catch {
      setTrouble({ id: one.id, text: t.common.failed });
    }
    setWorking('');
  };

  if (list === null) {
    return <Unread failed={failed} again={again} />;
  }
  return (
    <>
      {failed && <p class="notice">{t.requests.failed}</p>}
      {list.length === 0 && (
        <EmptyState icon={CheckIcon} heading={t.requests.none}>
          <p>{t.requests.noneMore}</p>
        </EmptyState>
      )}
      <ul ref={place} class="plain-list stack" tabIndex={-1}>
        {list.map(one => (
          <li key={one.id} class="card stack request">
            <RequestCard one={one} ago={agoOf(minutesSince(one.createdAt, now), format)} />
            {trouble?.id === one.id && (
              <p class="trouble error" role="alert">
                {trouble.text}
              </p>
            )}
            <div class="row">
              <Reach person={one.person} />
              {mayAnswer && one.start !== '' && (
                <button type="button" class="button primary" disabled={working !== ''} onClick={() => void agree(one)}>
                  <CheckIcon />
                  {t.requests.agree(whenIn(one.start, one.timeZone, format, t.requests.inZone))}
                </button>
              )}
              {mayAnswer && one.practitioners.length > 0 && (
                <button
                  type="button"
                  class={one.start === '' ? 'button primary' : 'button'}
                  onClick={() => setAsked({ how: 'offer', one })}
                >
                  {t.requests.offer}
                </button>
              )}
              {mayAnswer && (
                <button type="button" class="button" onClick={() => setAsked({ how: 'refuse', one })}>
                  {t.requests.refuse}
                </button>
              )}
            </div>
          </li>
        ))}
      </ul>
      {asked?.how === 'offer' && (
        <OfferDialog
          requests={requests}
          one={asked.one}
          onClose={() => setAsked(null)}
          onTake={(time, overbook) => approve(asked.one, time, overbook)}
        />
      )}
      {asked?.how === 'refuse' && (
        <RefuseDialog
          name={asked.one.person.name}
          onClose={() => setAsked(null)}
          onRefuse={async (reason, quiet) => {
            const { told } = await requests.refuse(asked.one.id, reason, quiet);
            const { refused, refusedTell, closed } = t.requests;
            await over((quiet ? closed : told ? refused : refusedTell)(asked.one.person.name));
          }}
        />
      )}
    </>
  );
}

/** Somebody else has answered: it is not there any more, or no request. */
function isGone(error: unknown): boolean {
  return error instanceof DeskError && (error.code === 'not-found' || (error.code === 'conflict' && !isTaken(error)));
}

/** "3 hours": as long ago as people count it. */
function agoOf(minutes: number, format: Format): string {
  const whole =
    minutes < 90 ? minutes : minutes < 36 * 60 ? Math.round(minutes / 60) * 60 : Math.round(minutes / 1440) * 1440;
  return whole < 90 ? format.wait(whole) : format.span(whole);
}

/** What is asked, by whom, and since when. */
function RequestCard({ one, ago }: { readonly one: AppointmentRequest; readonly ago: string }) {
  const { t, format, language } = useApp(requestsWords);
  const { requests } = t;
  const facts = [
    textIn(one.label, language),
    one.practitioner === '' ? requests.anybody : one.practitionerName,
    requests.modality[one.modality] ?? '',
    format.span(one.minutes),
  ].filter(fact => fact !== '');
  return (
    <>
      <div>
        <AskerName person={one.person} />
        <p>{facts.join(' · ')}</p>
        <p class="quiet">{requests.asked(ago)}</p>
      </div>
      <p>
        <b>{one.start === '' ? requests.callBack : whenIn(one.start, one.timeZone, format, requests.inZone)}</b>
      </p>
      {one.note !== '' && (
        <p class="said">
          <span class="quiet">{t.common.pair(requests.note, '')}</span>
          <bdi>{one.note}</bdi>
        </p>
      )}
      {one.answers.length > 0 && (
        <dl class="answers">
          {one.answers.map((answer, at) => (
            <div key={String(at)}>
              <dt dir="auto">{textIn(answer.question, language)}</dt>
              <dd>
                <AnswerText answer={answer} appointment={one.id} />
              </dd>
            </div>
          ))}
        </dl>
      )}
    </>
  );
}
