import { plurals } from '../plural';
import { french } from '../typeset';
import type { TodayWords } from './words';

const plural = plurals('fr');

export const fr = french<TodayWords>({
  today: {
    nobodyLets: 'Personne ne vous a encore confié son secrétariat.',
    nobodyLetsHow: 'Un praticien le fait sous Équipe, Mon secrétariat.',
    dayOf: 'La journée de',
    waitingAt: (practitioner, count) =>
      plural(count, { one: `# personne attend ${practitioner}`, other: `# personnes attendent ${practitioner}` }),
    heading: "Aujourd'hui",
    headingOf: day => day,
    previous: 'Jour précédent',
    next: 'Jour suivant',
    backToToday: "Revenir à aujourd'hui",
    choose: 'Choisir un jour',
    none: "Aucune consultation aujourd'hui pour l'instant.",
    noneOther: 'Aucune consultation ce jour-là.',
    failed: "La liste n'est peut-être plus à jour : le serveur ne répond pas.",
    caption: day => `Consultations : ${day}`,
    columns: {
      time: 'Heure',
      who: 'Patient',
      state: 'État',
      ready: 'Lien et essai',
      actions: 'Actions',
    },
    atOnce: 'sans rendez-vous',
    calledOff: 'annulée',
    state: {
      expected: 'attendu',
      notOpened: 'lien pas encore ouvert',
      waiting: "en salle d'attente",
      call: 'en consultation',
      left: "a quitté l'appel",
      ended: 'terminée',
      absent: 'noté absent',
    },
    testedFine: 'essai réussi',
    notTested: "pas encore d'essai",
    needs: { hearing: 'entend mal', sight: 'voit mal', interpreter: 'interprète', carer: 'vient avec un proche' },
    handed: 'lien à donner',
    contactHint: 'Le lien part aussitôt. Laissez vide pour le donner vous-même.',
    send: 'Envoyer le lien',
    sending: 'Envoi du lien…',
    sentBySms: 'Le lien part par SMS.',
    sentByMail: 'Le lien part par e-mail.',
    notSent: "Le lien n'a pas pu partir d'ici. Copiez-le et envoyez-le vous-même.",
    otherOpen: 'Encore ouvertes',
  },
});
