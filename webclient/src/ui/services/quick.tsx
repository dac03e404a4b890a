import { useState } from 'preact/hooks';
import { type ScheduleFields, withUsualWeek } from '../../session/schedules';
import { firstService } from '../../session/services';
import { servicesWords } from '../i18n/services';
import { useApp } from '../parts/app';
import { useOwner } from '../patients/owner';
import { useAttempt, useServer } from './use';

/** One press for hours that most begin with. */
export function TakeUsualWeek({
  onTake,
}: {
  readonly onTake: (edit: (now: ScheduleFields) => ScheduleFields) => Promise<boolean>;
}) {
  const { t } = useApp(servicesWords);
  const words = t.services.quick;
  return (
    <div class="card stack quick">
      <h3>{words.heading}</h3>
      <p>{words.hours}</p>
      <div class="row">
        <button type="button" class="button primary" onClick={() => void onTake(withUsualWeek)}>
          {words.hoursButton}
        </button>
      </div>
    </div>
  );
}

/** One press from nothing to a service that can be booked. */
export function QuickStart({ onDone }: { readonly onDone: () => void }) {
  const { t } = useApp(servicesWords);
  const { services, schedules } = useServer();
  const attempt = useAttempt();
  const [owner] = useOwner();
  const words = t.services.quick;
  const [working, setWorking] = useState(false);
  const take = async (): Promise<void> => {
    setWorking(true);
    const done = await attempt(async () => {
      const schedule = await schedules.read(owner);
      if (schedule.weekly.length === 0) {
        await schedules.change(owner, withUsualWeek);
      }
      await services.create({ ...firstService, practitioners: [owner] });
    }, words.done);
    setWorking(false);
    if (done) {
      onDone();
    }
  };
  return owner === '' ? null : (
    <div class="card stack quick">
      <h3>{words.heading}</h3>
      <p>{words.what}</p>
      <div class="row">
        <button type="button" class="button primary" disabled={working} onClick={() => void take()}>
          {words.button}
        </button>
      </div>
    </div>
  );
}
