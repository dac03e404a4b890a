/** The instant at which clocks in Paris show a time on a date, in summer and in winter. */
export const inParis = (date, time) =>
  ['+01:00', '+02:00']
    .map(offset => new Date(`${date}T${time}:00${offset}`))
    .find(at => at.toLocaleTimeString('fr-FR', { timeZone: 'Europe/Paris' }) === `${time}:00`);
