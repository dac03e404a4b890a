import { useState } from 'preact/hooks';
import type { DeskWaiting } from '../../session/desk';
import { deskWords } from '../i18n/desk';
import { DoorIcon, WarningIcon } from '../icons';
import { useApp } from '../parts/app';
import { Question } from '../parts/dialog';
import { minutesSince } from '../parts/format';
import { useNow, usePart } from '../parts/hooks';
import type { DeskPort } from '../parts/ports';
import { waiterName } from './names';

interface StripProps {
  readonly desk: DeskPort;
  /** The level of the names: 2 under a page's heading, 3 under a panel's. */
  readonly level: 2 | 3;
  /** The consultation that the practitioner is in; only its people can be admitted meanwhile. */
  readonly current: string | null;
  readonly onAdmit: (one: DeskWaiting) => void;
}

/** Who waits, in order of arrival. */
export function Strip({ desk, level, current, onAdmit }: StripProps) {
  const { t, format } = useApp(deskWords);
  const waiting = usePart(desk, snapshot => snapshot.waiting);
  const now = useNow(5000);
  const [declining, setDeclining] = useState<DeskWaiting | null>(null);
  if (waiting.length === 0) {
    return (
      <div class="nobody-waits">
        <DoorIcon />
        <p>
          <b>{t.desk.nobody}</b>
          <br />
          {t.desk.nobodyMore}
        </p>
      </div>
    );
  }
  const firstFree = waiting.findIndex(one => current === null || one.consultation === current);
  return (
    <>
      <ol class="strip">
        {waiting.map((one, index) => (
          <Waiter
            key={one.participant}
            one={one}
            level={level}
            minutes={minutesSince(one.since, now)}
            first={index === firstFree}
            free={current === null || one.consultation === current}
            onAdmit={() => onAdmit(one)}
            onDecline={() => setDeclining(one)}
          />
        ))}
      </ol>
      {declining !== null && (
        <Question
          heading={t.desk.notNowQuestion(waiterName(declining, t, format))}
          yes={t.desk.notNow}
          no={t.common.cancel}
          onNo={() => setDeclining(null)}
          onYes={() => {
            void desk.decline(declining.consultation, declining.participant);
            setDeclining(null);
          }}
        >
          <p>{t.desk.notNowMore}</p>
        </Question>
      )}
    </>
  );
}

interface WaiterProps {
  readonly one: DeskWaiting;
  readonly level: 2 | 3;
  readonly minutes: number;
  readonly first: boolean;
  readonly free: boolean;
  readonly onAdmit: () => void;
  readonly onDecline: () => void;
}

function Waiter({ one, level, minutes, first, free, onAdmit, onDecline }: WaiterProps) {
  const { t, format } = useApp(deskWords);
  const name = waiterName(one, t, format);
  const devices = one.devices;
  const found: readonly (readonly [boolean, string])[] =
    devices === null
      ? []
      : [
          [devices.camera === 'ok' || devices.camera === 'skipped', t.desk.deviceCamera[devices.camera]],
          [
            devices.microphone === 'ok' || devices.microphone === 'skipped',
            t.desk.deviceMicrophone[devices.microphone],
          ],
          [devices.sound !== 'not-heard', t.desk.deviceSound[devices.sound]],
        ];
  const fine = found.filter(([good]) => good).map(([, words]) => words);
  const troubles = found.filter(([good]) => !good).map(([, words]) => words);
  return (
    <li class={first ? 'card waiter first' : 'card waiter'}>
      {level === 2 ? <h2>{name}</h2> : <h3>{name}</h3>}
      {one.role !== 'patient' && one.name !== '' && <p class="chip">{t.common.roles[one.role]}</p>}
      <p>
        <b>{minutes < 1 ? t.desk.waitsNow : t.desk.waits(minutes)}</b>{' '}
        <span class="quiet">· {t.desk.arrivedAt(format.time(one.since))}</span>
      </p>
      {one.presence !== 'here' && (
        <p class="trouble">
          <WarningIcon />
          {t.desk.presence[one.presence]}
        </p>
      )}
      {troubles.map(words => (
        <p key={words} class="trouble">
          <WarningIcon />
          {words}
        </p>
      ))}
      {fine.length > 0 && <p class="quiet">{fine.join(' · ')}</p>}
      {free ? (
        <div class="answers">
          <button
            type="button"
            class={first ? 'button primary small' : 'button small'}
            aria-label={t.desk.admitLabel(name)}
            onClick={onAdmit}
          >
            {t.desk.admit}
          </button>
          <button type="button" class="button small" aria-label={t.desk.notNowLabel(name)} onClick={onDecline}>
            {t.desk.notNow}
          </button>
        </div>
      ) : (
        <p class="quiet">{t.desk.busy}</p>
      )}
    </li>
  );
}
