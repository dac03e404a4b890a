/** How the days are shown. */
export type View = 'day' | 'week';

/** What an address of the agenda says: /desk/agenda/week/2026-11-23?who=a_1&appointment=ap_1. */
export interface Place {
  readonly view: View;
  /** YYYY-MM-DD: the day, or one of the week. */
  readonly date: string;
  /** Whose books; none: whose one sees without asking. */
  readonly who: readonly string[];
  /** The appointment that is open; '' for none. */
  readonly appointment: string;
}

export function addressOf({ view, date, who, appointment }: Place): string {
  const query = new URLSearchParams(who.map(one => ['who', one]));
  if (appointment !== '') {
    query.set('appointment', appointment);
  }
  return `/desk/agenda/${view}/${date}${query.size === 0 ? '' : `?${query}`}`;
}

/** What of a place its query says. */
export function queried(query: string): Pick<Place, 'who' | 'appointment'> {
  const read = new URLSearchParams(query);
  return { who: read.getAll('who'), appointment: read.get('appointment') ?? '' };
}
