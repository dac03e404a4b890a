import { useEffect, useMemo, useState } from 'preact/hooks';
import { Schedules } from '../../session/schedules';
import { Services } from '../../session/services';
import { localeOf } from '../i18n/languages';
import { servicesWords } from '../i18n/services';
import { useApp } from '../parts/app';
import { useShell } from '../shell/context';

/** The server's operations, for as long as the screen is there. */
export function useServer(): { readonly services: Services; readonly schedules: Schedules } {
  const { desk } = useShell();
  return useMemo(() => ({ services: new Services(desk), schedules: new Schedules(desk) }), [desk]);
}

/** What is read when a screen opens, or `again` changes; null until it is there, 'failed' when it cannot be read. */
export function useRead<T>(
  read: () => Promise<T>,
  again: unknown,
): [T | null | 'failed', (value: T | 'failed') => void] {
  const [value, setValue] = useState<T | null | 'failed'>(null);
  useEffect(() => {
    let gone = false;
    setValue(null);
    read().then(
      found => {
        if (!gone) {
          setValue(found);
        }
      },
      () => {
        if (!gone) {
          setValue('failed');
        }
      },
    );
    return () => {
      gone = true;
    };
  }, [again]);
  return [value, setValue];
}

/** Does what changes something on the server, and says how it went. False: it did not. */
export function useAttempt(): (does: () => Promise<unknown>, said?: string) => Promise<boolean> {
  const { toasts } = useShell();
  const { t } = useApp(servicesWords);
  return async (does, said = t.common.saved) => {
    try {
      await does();
      toasts.say(said);
      return true;
    } catch {
      toasts.warn(t.services.failed);
      return false;
    }
  };
}

/** A length of time in words: 20 minutes, 1 hour 30 minutes, 2 days. */
export function lengthIn(language: string): (minutes: number) => string {
  const word = (count: number, unit: string): string =>
    new Intl.NumberFormat(localeOf(language), { style: 'unit', unit, unitDisplay: 'long' }).format(count);
  return minutes => {
    if (minutes >= 1440 && minutes % 1440 === 0) {
      return word(minutes / 1440, 'day');
    }
    const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
    return [hours > 0 ? word(hours, 'hour') : '', rest > 0 || hours === 0 ? word(rest, 'minute') : '']
      .filter(Boolean)
      .join(' ');
  };
}

/** A time of day as it is read: 9:30, or as the reader's language has it. */
export function clockIn(language: string): (clock: string) => string {
  const format = new Intl.DateTimeFormat(localeOf(language), { hour: 'numeric', minute: '2-digit', timeZone: 'UTC' });
  return clock => format.format(new Date(`2026-11-01T${clock === '24:00' ? '00:00' : clock}:00Z`));
}
