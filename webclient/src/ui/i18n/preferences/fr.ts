import { french } from '../typeset';
import type { PreferencesWords } from './words';

export const fr = french<PreferencesWords>({
  preferences: {
    all: 'Tous les réglages',
    groups: { you: 'Pour vous', booking: 'Rendez-vous', practice: 'Le cabinet' },
    me: 'Vous',
    messages: 'Messages',
    interpreters: 'Interprètes',
    services: 'Motifs de rendez-vous',
    hours: "Horaires d'ouverture",
    rooms: 'Salles',
    bookingPage: 'Page de réservation',
    name: 'Votre nom pour les patients',
    nameHint: "Il s'affiche sur leur page et pendant l'appel. Par exemple : Dr Claire Moreau",
    nameMissing: 'Écrivez le nom que vos patients verront.',
    language: 'Langue de ces pages',
    languageHint: 'Sur cet ordinateur seulement.',
    bookMail: 'Un e-mail quand mon agenda change',
    bookMailHint: "Avec un fichier pour votre logiciel d'agenda. Le nom du patient n'y figure pas.",
    bookMailNoAddress: "Il faut d'abord une adresse e-mail : demandez-la à qui gère les comptes.",
    signOut: 'Se déconnecter',
    signIn: 'Ma connexion',
    programs: 'Programmes',
    calendars: "Mes logiciels d'agenda",
    arrivals: 'Arrivées',
    outside: 'Agendas externes',
    bell: {
      heading: "Quand quelqu'un arrive",
      ring: 'Sonner sur cet ordinateur',
      more: 'Le titre de la page et la liste disent toujours qui attend. Rien ne sonne pendant un appel.',
    },
    push: {
      heading: 'Être averti même quand la page est fermée',
      more: "Cet ordinateur affiche le nom de la personne qui arrive en salle d'attente, sauf pendant un appel. Le message passe, chiffré, par le service de l'éditeur de votre navigateur.",
      turnOn: 'Activer sur cet ordinateur',
      turnOff: 'Désactiver',
      states: {
        unable: "Ce cabinet n'utilise pas ces avertissements, ou ce navigateur ne les connaît pas.",
        denied: 'Ce navigateur les interdit : autorisez les notifications pour ce site.',
        off: 'Désactivé sur cet ordinateur.',
        on: 'Activé sur cet ordinateur.',
      },
    },
  },
});
