import { useEffect, useState } from 'preact/hooks';
import { dayAfter } from '../../session/day';
import type { AppointmentRequest, FreeTime, Requests } from '../../session/requests';
import { requestsWords } from '../i18n/requests';
import { useApp } from '../parts/app';
import { Dialog } from '../parts/dialog';
import { DateField, SelectField } from '../parts/field';
import { usePart } from '../parts/hooks';
import { useShell } from '../shell/context';

/** What became of a time that was given. */
export type Agreed = 'done' | 'taken' | 'failed';

interface OfferProps {
  readonly requests: Requests;
  readonly one: AppointmentRequest;
  /** The time that was asked for has just been taken. */
  readonly taken: boolean;
  readonly onClose: () => void;
  readonly onTake: (time: FreeTime) => Promise<Agreed>;
}

/** Free times that would do, by day; a tap gives one. */
export function OfferDialog({ requests, one, taken, onClose, onTake }: OfferProps) {
  const { desk } = useShell();
  const { t, format } = useApp(requestsWords);
  const actsFor = usePart(desk, snapshot => snapshot.me?.actsFor ?? []);
  const today = format.dayOf(new Date());
  const [from, setFrom] = useState(today);
  const [who, setWho] = useState('');
  const [times, setTimes] = useState<readonly FreeTime[] | null>(null);
  const [trouble, setTrouble] = useState(taken ? t.requests.taken : '');
  const [working, setWorking] = useState(false);
  const [asked, ask] = useState(0);
  useEffect(() => {
    let gone = false; // another day or practitioner was chosen meanwhile
    setTimes(null);
    requests.times(one.id, from, who).then(
      found => !gone && setTimes(found),
      () => {
        if (!gone) {
          setTimes([]);
          setTrouble(t.common.failed);
        }
      },
    );
    return () => {
      gone = true;
    };
  }, [from, who, asked]);
  const look = (what: { readonly from?: string; readonly who?: string }): void => {
    setTrouble('');
    setFrom(what.from ?? from);
    setWho(what.who ?? who);
    ask(asked + 1);
  };
  const take = async (time: FreeTime): Promise<void> => {
    setWorking(true);
    const became = await onTake(time);
    if (became !== 'done') {
      setTrouble(became === 'taken' ? t.requests.taken : t.common.failed);
      ask(asked + 1);
      setWorking(false);
    }
  };
  const days = new Map<string, FreeTime[]>();
  for (const time of times ?? []) {
    const day = format.inZone(time.timeZone).dayOf(new Date(time.start));
    days.set(day, [...(days.get(day) ?? []), time]);
  }
  // The list ends with so many times, in the middle of a day perhaps: it goes on there.
  const last = [...days.keys()].sort().at(-1);
  const further = last === undefined ? dayAfter(from, 14) : last > from ? last : dayAfter(from, 1);
  const several = one.practitioner === '' && one.practitioners.length > 1;
  return (
    <Dialog heading={t.requests.offerHeading(one.person.name)} onClose={onClose}>
      <div class="stack offer">
        <div class="row">
          <DateField
            label={t.requests.offerFrom}
            value={from}
            min={today}
            onInput={day => look({ from: day || today })}
          />
          {several && (
            <SelectField
              label={t.requests.offerWho}
              value={who}
              choices={[
                { value: '', label: t.requests.anybody },
                ...actsFor
                  .filter(({ id }) => one.practitioners.includes(id))
                  .map(({ id, name }) => ({ value: id, label: name })),
              ]}
              onChoose={chosen => look({ who: chosen })}
            />
          )}
        </div>
        {trouble !== '' && (
          <p class="trouble error" role="alert">
            {trouble}
          </p>
        )}
        {times === null ? (
          <p class="quiet">{t.common.loading}</p>
        ) : times.length === 0 ? (
          trouble === '' && <p>{t.requests.offerNone}</p>
        ) : (
          [...days].map(([day, some]) => (
            <section key={day}>
              <h3>{format.day(day)}</h3>
              <ul class="plain-list times">
                {some.map(time => {
                  const there = format.inZone(time.timeZone);
                  return (
                    <li key={`${time.start}${time.practitioner}`}>
                      <button type="button" class="button" disabled={working} onClick={() => void take(time)}>
                        {there.time(time.start)}
                        {several && who === '' && <span class="quiet"> {time.practitionerName}</span>}
                      </button>
                    </li>
                  );
                })}
              </ul>
            </section>
          ))
        )}
        <div class="row">
          <button type="button" class="button" onClick={() => look({ from: further })}>
            {t.requests.offerMore}
          </button>
          <button type="button" class="button" onClick={onClose}>
            {t.common.cancel}
          </button>
        </div>
      </div>
    </Dialog>
  );
}
