import { capital } from '../grammar';
import { plurals } from '../plural';
import { french } from '../typeset';
import type { StripWords } from './strip.words';

const plural = plurals('fr');

export const strip = french<StripWords>({
  needs: { hearing: 'entend mal', sight: 'voit mal', interpreter: 'interprète', carer: 'accompagnant' },
  born: date => `naissance : ${date}`,
  twoDevices: 'Lien ouvert sur 2 appareils : la question est posée sur le premier.',
  passedBy: who => `Passé par ${who}`,
  tested: day => `appareil essayé ${day}`,
  lastMessage: text => `Votre message : ${text}`,
  message: 'Message',
  messageTo: who => `Message à ${who}`,
  messageAll: 'Message à tous',
  messageAllHeading: 'Message à tous ceux qui attendent',
  messageLabel: 'Votre message',
  messageHint:
    "Sans mot médical : un proche peut le lire. S'affiche sur la page, ou part par SMS ou par e-mail si la personne est partie.",
  messageQuick: [
    "J'arrive dans quelques minutes.",
    'Je termine un appel urgent, merci de patienter.',
    'Nous vous attendons : êtes-vous là ?',
  ],
  send: 'Envoyer',
  toldShown: 'Le message est affiché sur la page.',
  toldSent: 'Le message part par SMS ou par e-mail.',
  toldKept: "Le message s'affichera à l'arrivée.",
  pass: 'Passer à…',
  passFromCall: 'Passer à un collègue',
  passFromCallMore: 'Le patient l’attend, sa place est gardée ; vous sortez de l’appel.',
  passLabel: who => `Passer à un collègue : ${who}`,
  passHeading: who => `À qui passer ${who} ?`,
  passMore: 'La personne garde sa place et lit le nouveau nom sur sa page.',
  passNobody: "Il n'y a pas d'autre praticien.",
  states: { available: 'là', 'in-consultation': 'en consultation', away: 'pas là' },
  passed: (who, to) => `${capital(who)} attend maintenant ${to}.`,
  undo: 'Annuler',
  undoTooLate: "Trop tard : le collègue l'a déjà fait entrer.",
  lateHeading: 'Pas encore là',
  late: (minutes, time) =>
    `Attendu à ${time}, ${plural(minutes, { one: '# minute de retard', other: '# minutes de retard' })}`,
  call: 'Appeler',
  callLabel: who => `Appeler ${who}`,
  absent: 'Noter absent',
  absentLabel: who => `Noter absent : ${who}`,
  isAbsent: time => `Noté absent à ${time}. Le lien reste valable.`,
  expected: 'Annuler',
  nextHeading: who => `Faire entrer ${who}`,
  nextMore: 'Vous êtes en consultation. Que faire de celle qui est en cours ?',
  nextEnd: 'La terminer pour tous',
  nextLeave: 'La quitter en la laissant ouverte',
  nextStay: 'Y rester',
});
