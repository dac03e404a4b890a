import { plurals } from '../plural';
import { french } from '../typeset';
import type { CommonWords } from './words';

const plural = plurals('fr');

export const fr = french<CommonWords>({
  frame: {
    skip: 'Aller au contenu',
    language: 'Langue',
    help: 'Un souci ?',
    callPractice: 'Appelez le cabinet',
  },
  common: {
    continue: 'Continuer',
    cancel: 'Annuler',
    close: 'Fermer',
    retry: 'Réessayer',
    yes: 'Oui',
    no: 'Non',
    pair: (name, value) => `${name} : ${value}`,
    copyLink: 'Copier le lien',
    copied: 'Lien copié',
    copyFailed: "La copie n'a pas marché. Sélectionnez le lien et copiez-le.",
    you: 'Vous',
    roles: { practitioner: 'Praticien', patient: 'Patient', interpreter: 'Interprète', guest: 'Invité' },
    minutes: count => plural(count, { one: '# minute', other: '# minutes' }),
    lessThanAMinute: "moins d'une minute",
    loading: 'Un instant…',
    loadFailed: "La page n'a pas pu se charger en entier. Vérifiez votre connexion, puis réessayez.",
    save: 'Enregistrer',
    saved: "C'est enregistré.",
    failed: "Cela n'a pas marché. Réessayez.",
    found: count => (count === 0 ? 'Aucun résultat' : plural(count, { one: '# résultat', other: '# résultats' })),
    given: { checking: 'examen du fichier en cours', refused: 'refusé par l’antivirus', gone: 'n’est plus gardé' },
    searchFailed: "La recherche n'a pas marché. Réessayez.",
  },
  obstacles: {
    inApp: app => `Cette page est ouverte dans ${app === '' ? 'une application' : app}`,
    inAppHow:
      "L'image ou le son peuvent y être bloqués. Copiez le lien et ouvrez-le dans votre navigateur habituel, par exemple Chrome.",
    inAppHowApple: "L'image ou le son peuvent y être bloqués. Copiez le lien et ouvrez-le dans Safari.",
    tooOldTitle: "Ce navigateur ne peut pas faire d'appel vidéo",
    tooOld:
      "Il est trop ancien, ou l'appel vidéo y est désactivé. Mettez-le à jour, ou ouvrez ce lien sur un autre téléphone ou un ordinateur.",
    insecureTitle: "Cette adresse n'est pas protégée",
    insecure:
      "Le navigateur refuse la caméra et le micro sur une adresse qui ne commence pas par « https ». Prévenez le cabinet : ce n'est pas de votre faute.",
    callInstead: 'Vous pouvez aussi appeler le cabinet.',
  },
  problems: {
    link: 'Ce lien ne fonctionne plus. La consultation est peut-être terminée.',
    full: 'Le service est occupé ou redémarre. Réessayez dans une minute.',
    media:
      "L'image et le son n'ont pas pu s'établir. Essayez un autre navigateur ou une autre connexion, par exemple la 4G au lieu du Wi-Fi.",
    other: "Quelque chose n'a pas marché de notre côté. Réessayez, ou appelez le cabinet.",
  },
});
