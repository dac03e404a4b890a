import { servicesWords } from '../i18n/services';
import { WarningIcon } from '../icons';
import { useApp } from '../parts/app';
import { useRead, useServer } from './use';

interface TakenProps {
  readonly account: string;
  readonly from: string;
  readonly to: string;
}

/** Appointments that stand on days that are closed: closing cancels nothing. */
export function Taken({ account, from, to }: TakenProps) {
  const { t } = useApp(servicesWords);
  const { schedules } = useServer();
  const [count] = useRead(() => schedules.taken(account, from, to), account + from + to);
  return typeof count !== 'number' || count === 0 ? null : (
    <p class="trouble">
      <WarningIcon />
      {t.services.hours.takenCount(count)}
    </p>
  );
}
