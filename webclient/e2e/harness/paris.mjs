/** The instant at which clocks in Paris show a time on a date, in summer and in winter. */
export const inParis = (date, time) =>
  ['+01:00', '+02:00']
    .map(offset => new Date(`${date}T${time}:00${offset}`))
    .find(at => at.toLocaleTimeString('fr-FR', { timeZone: 'Europe/Paris' }) === `${time}:00`);

/** The Tuesday of the week after next, as YYYY-MM-DD. */
export function tuesday() {
  const at = new Date(Date.now() + 14 * 86_400_000);
  at.setUTCDate(at.getUTCDate() - ((at.getUTCDay() + 6) % 7) + 1);
  return at.toISOString().slice(0, 10);
}
