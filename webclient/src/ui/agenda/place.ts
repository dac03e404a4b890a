import type { Span } from './layout';

/** Where something stands in a column: minutes, which styles/agenda.css makes into lengths. */
export const placed = ({ from, to }: Span, hours: Span): { [property: string]: number } => ({
  '--from': from - hours.from,
  '--to': to - hours.from,
});
