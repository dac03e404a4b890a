import type { Catalogue, Language } from '../i18n';
import { localeOf } from '../i18n/languages';

/** How times, durations, names and telephone numbers are shown. Times are in the reader's own zone, unless it says otherwise. */
export interface Format {
  /** 14:22; in the hour that comes twice also which one: "02:30 (UTC+2)" */
  time(iso: string): string;
  /** "Saturday 21 November", with the year when it is another one than this. Of an instant, or of a day (YYYY-MM-DD) as it is. */
  day(iso: string): string;
  /** 21/11/2026 */
  date(iso: string): string;
  /** "Saturday 21 November, 14:22", with the language's own comma */
  when(iso: string): string;
  /** 14:22 when that is today, else "Saturday 21 November, 14:22" */
  moment(iso: string): string;
  /** "9 minutes", "less than a minute" */
  wait(minutes: number): string;
  /** "15 minutes", "4 hours", "3 days": a whole number of the largest that fits */
  span(minutes: number): string;
  /** 12:41 or 1:02:41, for a running call */
  clock(seconds: number): string;
  /** CM for Claire Moreau */
  initials(name: string): string;
  phone(number: string): string;
  /** "Arabic" for ar, in the page's language. */
  language(tag: string): string;
  /** The zone that times are shown in, in words: "Central European Standard Time". */
  readonly zone: string;
  /** The browser is in another zone than the practice: say the zone beside times. */
  readonly elsewhere: boolean;
  /** YYYY-MM-DD of an instant, in the zone that times are shown in. */
  dayOf(at: Date): string;
  /** The same with times in another zone: an IANA name. */
  inZone(zone: string): Format;
}

const MANY = 5000; // times that are remembered as they are shown

/** zone is an IANA name; the browser's own when it is left out. */
export function newFormat(language: Language, t: Catalogue, preferred: readonly string[], zone?: string): Format {
  // The reader's own kind of English or French: 14:22 in London, 2:22 PM in Boston.
  const own = localeOf(preferred.find(tag => tag.toLowerCase().startsWith(language)) ?? language);
  const here = new Intl.DateTimeFormat().resolvedOptions().timeZone;
  const timeZone = zone ?? here;
  // Browsers take long to make these, and keep each for long: a week of appointments shows hundreds of times.
  const made = new Map<string, Intl.DateTimeFormat>();
  const formatOf = (options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat => {
    const key = JSON.stringify(options);
    const known = made.get(key) ?? new Intl.DateTimeFormat(own, options);
    made.set(key, known);
    return known;
  };
  const zones = new Map<string, Format>();
  const swedish = new Intl.DateTimeFormat('sv-SE', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' });
  const hourMinute = formatOf({ hour: 'numeric', minute: '2-digit', timeZone });
  const times = new Map<string, string>();
  // When clocks are set back, an hour comes twice: an hour apart, on Lord Howe Island half of one, they show the same.
  const twice = (at: Date, said: string): boolean =>
    [-60, -30, 30, 60].some(minutes => hourMinute.format(at.getTime() + minutes * 60_000) === said);
  const shortZone = (at: Date): string =>
    formatOf({ timeZone, timeZoneName: 'short' })
      .formatToParts(at)
      .find(part => part.type === 'timeZoneName')?.value ?? '';
  const shown = (iso: string, options: Intl.DateTimeFormatOptions): string => {
    const plain = /^\d{4}-\d\d-\d\d$/.test(iso);
    const at = new Date(plain ? `${iso}T12:00:00Z` : iso);
    const inYear = (day: string): string => day.slice(0, 4);
    const theirs = plain ? inYear(iso) : Number.isNaN(at.getTime()) ? '' : inYear(swedish.format(at));
    const year = theirs === inYear(swedish.format(new Date())) ? {} : { year: 'numeric' as const };
    return Number.isNaN(at.getTime())
      ? ''
      : ordinal(
          formatOf({
            ...(options.weekday === undefined ? {} : year),
            ...options,
            timeZone: plain ? 'UTC' : timeZone,
          }).format(at),
          language,
        );
  };
  const nameOfZone = (): string =>
    formatOf({ timeZone, timeZoneName: 'long' })
      .formatToParts(new Date())
      .find(part => part.type === 'timeZoneName')?.value ?? timeZone;
  const inFull = { weekday: 'long', day: 'numeric', month: 'long', hour: 'numeric', minute: '2-digit' } as const;
  const format: Format = {
    time(iso) {
      const known = times.get(iso);
      if (known !== undefined) {
        return known;
      }
      const at = new Date(iso);
      const said = Number.isNaN(at.getTime()) ? '' : hourMinute.format(at);
      const text = said === '' || !twice(at, said) ? said : `${said} (${shortZone(at)})`;
      if (times.size >= MANY) {
        times.clear();
      }
      times.set(iso, text);
      return text;
    },
    day: iso => shown(iso, { weekday: 'long', day: 'numeric', month: 'long' }),
    date: iso => shown(iso, { day: '2-digit', month: '2-digit', year: 'numeric' }),
    when: iso => `${format.day(iso)}${language === 'ar' ? '،' : ','} ${format.time(iso)}`,
    moment: iso =>
      shown(
        iso,
        iso !== '' && swedish.format(new Date(iso)) === swedish.format(new Date())
          ? { hour: 'numeric', minute: '2-digit' }
          : inFull,
      ),
    wait: minutes => (minutes < 1 ? t.common.lessThanAMinute : t.common.minutes(minutes)),
    span(minutes) {
      const [amount, unit] =
        minutes % 1440 === 0
          ? [minutes / 1440, 'day']
          : minutes % 60 === 0
            ? [minutes / 60, 'hour']
            : [minutes, 'minute'];
      return new Intl.NumberFormat(own, { style: 'unit', unit, unitDisplay: 'long' }).format(amount);
    },
    clock(seconds) {
      const whole = Math.max(0, Math.floor(seconds));
      const two = (n: number): string => String(n).padStart(2, '0');
      const hours = Math.floor(whole / 3600);
      const rest = `${two(Math.floor((whole % 3600) / 60))}:${two(whole % 60)}`;
      return hours > 0 ? `${hours}:${rest}` : rest;
    },
    initials,
    phone: shownPhone,
    language(tag) {
      try {
        return new Intl.DisplayNames([own], { type: 'language' }).of(tag) ?? tag;
      } catch {
        return tag;
      }
    },
    get zone() {
      return nameOfZone();
    },
    elsewhere: timeZone !== here,
    dayOf: at => swedish.format(at),
    inZone(other) {
      if (other === timeZone) {
        return format;
      }
      const there = zones.get(other) ?? newFormat(language, t, preferred, other);
      zones.set(other, there);
      return there;
    },
  };
  return format;
}

/** "mardi 1er décembre": French counts the first of a month, and browsers do not. */
export function ordinal(day: string, language: Language): string {
  return language === 'fr' ? day.replace(/(?<!\d)1 (?=\p{L}{3})/u, '1er ') : day;
}

const titles = /^(dr|pr|prof|m|mr|mrs|ms|mme|mlle|docteur|doctor)\.?$/i;

export function initials(name: string): string {
  const words = name.split(/[\s-]+/).filter(word => word !== '' && !titles.test(word));
  const first = words[0];
  const last = words.length > 1 ? words[words.length - 1] : undefined;
  return [first, last]
    .map(word => Array.from(word ?? '')[0] ?? '')
    .join('')
    .toLocaleUpperCase();
}

/** A French number as people write it, 01 23 45 67 89; others as the practice wrote them. */
export function shownPhone(number: string): string {
  const national = number.replace(/[\s.()-]/g, '').replace(/^(\+33|0033)/, '0');
  return /^0\d{9}$/.test(national) ? national.replace(/(\d\d)(?=\d)/g, '$1\u00a0') : number.trim();
}

/** The number for a tel: address: digits and a leading plus. */
export function dialledPhone(number: string): string {
  return number.replace(/(?!^\+)[^\d]/g, '');
}

/** Whole minutes since a time. */
export function minutesSince(iso: string, now: number): number {
  const at = Date.parse(iso);
  return Number.isNaN(at) ? 0 : Math.max(0, Math.floor((now - at) / 60_000));
}

/** The days of the week in words, Sunday first. */
export function weekdaysIn(language: string, style: 'long' | 'short' | 'narrow'): readonly string[] {
  const format = new Intl.DateTimeFormat(localeOf(language), { weekday: style, timeZone: 'UTC' });
  return [...Array(7).keys()].map(day => format.format(new Date(Date.UTC(2026, 10, 1 + day)))); // 1 November 2026 is a Sunday
}
