import { plurals } from '../plural';
import { french } from '../typeset';
import type { ShellWords } from './words';

const plural = plurals('fr');

export const fr = french<ShellWords>({
  shell: {
    unsaved: 'Quitter sans enregistrer ?',
    unsavedMore: 'Ce que vous avez écrit ici sera perdu.',
    unsavedStay: 'Continuer la saisie',
    unsavedLeave: 'Quitter sans enregistrer',
    navigation: 'Navigation',
    agenda: 'Agenda',
    requests: 'Demandes',
    today: "Aujourd'hui",
    patients: 'Patients',
    team: 'Équipe',
    settings: 'Réglages',
    nothingHere: "Il n'y a rien à cette adresse",
    nothingHereMore: "Elle est peut-être mal recopiée, ou cette page n'est pas pour votre compte.",
    waiting: "Salle d'attente",
    others: count => plural(count, { one: 'et # autre', other: 'et # autres' }),
  },
});
