import { useEffect, useState } from 'preact/hooks';
import { dayAfter } from '../../session/day';
import type { AppointmentRequest, FreeTime, Requests } from '../../session/requests';
import { requestsWords } from '../i18n/requests';
import { useApp } from '../parts/app';
import { Dialog } from '../parts/dialog';
import { DateField, SelectField } from '../parts/field';
import { usePart } from '../parts/hooks';
import { useShell } from '../shell/context';

interface OfferProps {
  readonly requests: Requests;
  readonly one: AppointmentRequest;
  /** The time that was asked for has just been taken. */
  readonly taken: boolean;
  readonly onClose: () => void;
  /** False: it is not free any more. */
  readonly onTake: (time: FreeTime) => Promise<boolean>;
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
  const read = async (): Promise<void> => {
    try {
      setTimes(await requests.times(one.id, from, who));
    } catch {
      setTimes([]);
      setTrouble(t.common.failed);
    }
  };
  useEffect(() => void read(), [from, who]);
  const take = async (time: FreeTime): Promise<void> => {
    setWorking(true);
    if (!(await onTake(time))) {
      setTrouble(t.requests.taken);
      await read();
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
          <DateField label={t.requests.offerFrom} value={from} min={today} onInput={day => setFrom(day || today)} />
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
              onChoose={setWho}
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
          <p>{t.requests.offerNone}</p>
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
          <button type="button" class="button" onClick={() => setFrom(further)}>
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
