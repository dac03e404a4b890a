import { useEffect, useState } from 'preact/hooks';
import { Requests } from '../../session/requests';
import type { Format } from '../parts/format';
import { useShell } from '../shell/context';

/** The operations, over the desk's own requests. */
export function useRequests(): Requests {
  const { desk } = useShell();
  const [requests] = useState(() => new Requests((method, path, body) => desk.request(method, path, body)));
  return requests;
}

/** A list that is read when its screen appears, and again when that is asked for. */
export function useList<T>(read: () => Promise<readonly T[]>): {
  readonly list: readonly T[] | null;
  readonly failed: boolean;
  again(): Promise<void>;
} {
  const [list, setList] = useState<readonly T[] | null>(null);
  const [failed, setFailed] = useState(false);
  const again = async (): Promise<void> => {
    try {
      setList(await read());
      setFailed(false);
    } catch {
      setFailed(true);
    }
  };
  useEffect(() => void again(), []);
  return { list, failed, again };
}

/** "Tuesday 24 November, 09:00", with the zone when it is another one than the reader's. */
export function whenIn(
  start: string,
  timeZone: string,
  format: Format,
  inZone: (time: string, zone: string) => string,
): string {
  const there = timeZone === '' ? format : format.inZone(timeZone);
  const said = `${there.day(start)}, ${there.time(start)}`;
  return there.elsewhere ? inZone(said, timeZone.slice(timeZone.lastIndexOf('/') + 1).replaceAll('_', ' ')) : said;
}
