/** de gives "de Jeanne" or "d’Ahmed". */
export const de = (who: string): string => (/^[aeiouyhàâäéèêëîïôöùûü]/i.test(who) ? `d'${who}` : `de ${who}`);

/** capital makes the first letter a capital one: a name may begin a sentence, and "your practitioner" stands for one. */
export const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
