import { french } from '../typeset';
import type { CalendarsWords } from './words';

export const fr = french<CalendarsWords>({
  calendars: {
    intro:
      "Vos rendez-vous dans le logiciel d'agenda de votre ordinateur ou de votre téléphone. Ce que vous y ajoutez (congé, réunion…) n'est plus proposé aux patients. Les rendez-vous eux-mêmes se déplacent et s'annulent ici, où le patient est prévenu.",
    titlesHeading: 'Titre des rendez-vous',
    titlesHint: "D'autres que vous voient parfois votre agenda : sur une montre, un écran partagé, une sauvegarde.",
    titles: { name: 'Nom du patient et motif', initials: 'Initiales', neutral: 'Seulement « Rendez-vous »' },
    saved: 'Enregistré',
    programs: "Logiciels d'agenda reliés",
    none: 'Aucun pour le moment.',
    usedAt: when => `Utilisé le ${when}`,
    neverUsed: 'Pas encore utilisé',
    remove: 'Retirer',
    removeOf: name => `Retirer ${name}`,
    removeMore: "Ce logiciel n'aura plus accès à vos rendez-vous. Ce qu'il a déjà copié y reste.",
    name: 'Relier un logiciel ou un appareil',
    nameHint: 'Un nom pour le reconnaître. Par exemple : iPhone, Thunderbird du bureau',
    make: 'Créer un mot de passe pour lui',
    made: 'À recopier dans le logiciel',
    madeMore: "Ce mot de passe ne sera plus montré. Il n'ouvre que vos agendas.",
    address: 'Adresse du serveur',
    user: 'Identifiant',
    password: 'Mot de passe',
    copy: 'Copier',
    how: {
      thunderbird: {
        name: 'Thunderbird',
        steps: [
          'Agenda › Nouvel agenda › Sur le réseau.',
          "Collez l'identifiant, puis l'adresse du serveur.",
          'Chercher les agendas, coller le mot de passe, choisir, et S’abonner.',
        ],
      },
      apple: {
        name: 'iPhone, iPad et Mac',
        steps: [
          'Réglages › Apps › Calendrier › Comptes Calendrier › Ajouter un compte › Autre › Compte CalDAV.',
          "Serveur : l'adresse. Nom d'utilisateur : l'identifiant. Puis le mot de passe.",
          'Sur Mac : Calendrier › Ajouter un compte › Autre compte CalDAV, type « Avancé » ou « Manuel ».',
        ],
      },
      davx5: {
        name: 'Android (DAVx⁵)',
        steps: [
          "Installez DAVx⁵, puis + › Connexion avec une URL et un nom d'utilisateur.",
          "Collez l'adresse du serveur, l'identifiant et le mot de passe.",
          "Cochez l'agenda sous CalDAV et synchronisez : il apparaît dans l'application Agenda.",
        ],
      },
    },
    feed: "Lien d'abonnement (lecture seule)",
    feedMore:
      'Pour un agenda qui ne sait que lire (Google Agenda, Outlook). Qui a ce lien voit vos rendez-vous, avec les titres choisis plus haut.',
    feedMake: 'Créer le lien',
    feedEnd: 'Supprimer le lien',
    feedEndMore: 'Les agendas abonnés ne recevront plus rien. Ce qu’ils ont déjà copié y reste.',
    feedSince: when => `Un lien existe depuis le ${when}. Pour en avoir un autre, supprimez-le d'abord.`,
    feedOnce: 'Copiez-le maintenant : il ne sera plus montré.',
  },
});
