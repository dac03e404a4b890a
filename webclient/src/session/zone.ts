// What clocks in a zone show, and back.

const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(zone: string): Intl.DateTimeFormat {
  let format = formats.get(zone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('sv-SE', {
      timeZone: zone,
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    });
    formats.set(zone, format);
  }
  return format;
}

/** The day (YYYY-MM-DD) and time (HH:MM) of an instant in a zone. */
export function wallOf(instant: string, zone: string): { readonly date: string; readonly time: string } {
  const [date = '', time = ''] = formatOf(zone).format(new Date(instant)).split(' ');
  return { date, time };
}

/** The first instant at which clocks in a zone show this; null when they skip it, or when it is no time. */
export function instantAt(date: string, time: string, zone: string): string | null {
  const wall = Date.parse(`${date}T${time}:00Z`);
  if (Number.isNaN(wall)) {
    return null;
  }
  const day = 24 * 3_600_000; // milliseconds: no zone is farther from UTC, and none changes twice within two days
  const offsets = [wall - day, wall + day].map(at => {
    const shown = wallOf(new Date(at).toISOString(), zone);
    return Date.parse(`${shown.date}T${shown.time}:00Z`) - at;
  });
  const fits = offsets
    .map(offset => wall - offset)
    .sort((a, b) => a - b)
    .map(at => new Date(at).toISOString())
    .find(at => {
      const shown = wallOf(at, zone);
      return shown.date === date && shown.time === time;
    });
  return fits ?? null;
}

/** What clocks show so many minutes later, as if none were ever changed: 2026-12-01T09:00. */
export function wallLater({ date, time }: { readonly date: string; readonly time: string }, minutes: number): string {
  return new Date(wallMinutes({ date, time }) * 60_000 + minutes * 60_000).toISOString().slice(0, 16);
}

/** The minutes of a time on the wall since 1970, as if clocks were never changed. */
export function wallMinutes({ date, time }: { readonly date: string; readonly time: string }): number {
  return Date.parse(`${date}T${time}:00Z`) / 60_000;
}
