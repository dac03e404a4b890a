/** The instant at which clocks in a zone show a time on a date: in Paris, in summer and in winter, or in Fort-de-France. */
export const inZone = (zone, date, time) =>
  ['+01:00', '+02:00', '-04:00']
    .map(offset => new Date(`${date}T${time}:00${offset}`))
    .find(at => at.toLocaleTimeString('fr-FR', { timeZone: zone }) === `${time}:00`);

/** The instant at which clocks in Paris show a time on a date. */
export const inParis = (date, time) => inZone('Europe/Paris', date, time);

/** A zone of France in which today has two hours left at least, whenever a test runs. */
export const zoneWithTimeLeft = () =>
  new Date().toLocaleTimeString('fr-FR', { timeZone: 'Europe/Paris' }) < '22' ? 'Europe/Paris' : 'America/Martinique';

/** The Tuesday of the week after next, as YYYY-MM-DD. */
export function tuesday() {
  const at = new Date(Date.now() + 14 * 86_400_000);
  at.setUTCDate(at.getUTCDate() - ((at.getUTCDay() + 6) % 7) + 1);
  return at.toISOString().slice(0, 10);
}
