import { plurals } from '../plural';
import { french } from '../typeset';
import type { OutsideWords } from './words';

const plural = plurals('fr');

export const fr = french<OutsideWords>({
  outside: {
    heading: 'Agendas externes',
    intro:
      'Quand vous êtes pris dans un autre agenda (privé, hôpital…), ce moment n’est pas proposé aux patients. Nous ne gardons que les heures : ni les titres, ni les lieux.',
    whose: 'Agendas de',
    none: 'Aucun agenda externe pour le moment.',
    add: 'Ajouter un agenda',
    address: 'Adresse de l’agenda ou du serveur',
    addressHint: 'Un lien .ics (Google, Outlook, Doctolib…) ou l’adresse d’un serveur CalDAV (Nextcloud, iCloud…).',
    user: 'Identifiant (CalDAV seulement)',
    password: 'Mot de passe',
    passwordHint: 'Si votre agenda le permet, créez-y un mot de passe d’application plutôt que de donner le vôtre.',
    look: 'Chercher l’agenda',
    looking: 'Recherche…',
    choose: 'Quel agenda ?',
    name: 'Son nom ici',
    take: 'Tenir compte de cet agenda',
    readAt: when => `Lu à ${when}.`,
    notYet: 'Lecture en cours…',
    since: (trouble, when) => `${trouble} Depuis le ${when}. Ce qui a été lu avant reste bloqué.`,
    skipped: count =>
      plural(count, {
        one: `${count} événement illisible : il ne bloque rien.`,
        other: `${count} événements illisibles : ils ne bloquent rien.`,
      }),
    again: 'Relire',
    againOf: name => `Relire ${name}`,
    remove: 'Retirer',
    removeOf: name => `Retirer ${name}`,
    removeMore: 'Ses heures occupées seront de nouveau proposées aux patients.',
    failed: 'Cela n’a pas marché. Réessayez dans un instant.',
    known: 'Cet agenda est déjà dans la liste.',
    tooMany: 'Dix agendas au plus : retirez-en un d’abord.',
    troubles: {
      unreachable: 'Le serveur ne répond pas.',
      refused: 'Identifiant ou mot de passe refusé.',
      'not-found': 'Il n’y a rien à cette adresse.',
      'no-calendar': 'Il n’y a pas d’agenda lisible à cette adresse.',
      'too-large': 'Cet agenda est trop grand.',
      'forbidden-address':
        'Cette adresse n’est pas permise : il faut une adresse publique, et https pour un mot de passe.',
    },
  },
});
