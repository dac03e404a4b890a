import { useEffect, useState } from 'preact/hooks';
import { isTaken } from '../../session/agenda';
import { dayAfter } from '../../session/day';
import type { AppointmentRequest, FreeTime, Giver, Requests } from '../../session/requests';
import { requestsWords } from '../i18n/requests';
import { useApp } from '../parts/app';
import { Dialog } from '../parts/dialog';
import { DateField, SelectField } from '../parts/field';
import { OtherTime } from './other';

interface OfferProps {
  readonly requests: Requests;
  readonly one: AppointmentRequest;
  readonly onClose: () => void;
  /** Gives them a time, over others with a reason (''; not). Rejects with DeskError. */
  readonly onTake: (time: Pick<FreeTime, 'start' | 'practitioner'>, overbook: string) => Promise<void>;
}

/** Free times that would do, by day; a tap gives one. Or any other time. */
export function OfferDialog({ requests, one, onClose, onTake }: OfferProps) {
  const { t, format } = useApp(requestsWords);
  const today = format.dayOf(new Date());
  const [from, setFrom] = useState(today);
  const [who, setWho] = useState('');
  const [times, setTimes] = useState<readonly FreeTime[] | null>(null);
  const [givers, setGivers] = useState<readonly Giver[]>([]);
  const [trouble, setTrouble] = useState('');
  const [working, setWorking] = useState(false);
  const [asked, ask] = useState(0);
  useEffect(() => {
    let gone = false; // another day or practitioner was chosen meanwhile
    setTimes(null);
    requests.times(one.id, from, who).then(
      found => {
        if (!gone) {
          setTimes(found.times);
          setGivers(was => (who === '' || was.length === 0 ? found.givers : was));
        }
      },
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
    try {
      await onTake(time, '');
    } catch (error) {
      setTrouble(isTaken(error) ? t.requests.taken : t.common.failed);
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
                ...givers.map(({ id, name }) => ({ value: id, label: name })),
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
        </div>
        {givers.length > 0 && <OtherTime one={one} givers={givers} onGive={onTake} />}
        <div class="choices">
          <button type="button" class="button" onClick={onClose}>
            {t.common.cancel}
          </button>
        </div>
      </div>
    </Dialog>
  );
}
