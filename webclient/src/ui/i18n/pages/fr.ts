import { french } from '../typeset';
import type { PagesWords } from './words';

export const fr = french<PagesWords>({
  home: {
    title: 'Consultations vidéo',
    heading: 'Consultations vidéo',
    intro: 'Ce site sert aux consultations vidéo du cabinet.',
    patient:
      "Vous avez une consultation ? Ouvrez le lien que le cabinet vous a donné. Il vous amène directement à la salle d'attente.",
    practitioner:
      'Vous travaillez ici ? Connectez-vous, ou ouvrez le lien que vous a donné la personne qui gère ce site.',
    operator:
      "Vous venez d'installer ce site ? Le lien de connexion est affiché dans la fenêtre où vous l'avez démarré.",
    free: 'Colloque est un logiciel libre (AGPL). Son code source :',
    lost: "J'ai perdu mon lien",
    code: "J'ai un code sur papier",
  },
  signedOut: {
    title: 'Connexion nécessaire',
    heading: 'Cette page est réservée à ceux qui travaillent ici',
    intro: "Ce navigateur n'est pas connecté, ou ne l'est plus.",
    how: 'Connectez-vous à nouveau, ou ouvrez un nouveau lien : la personne qui gère ce site peut vous en donner un.',
  },
  signIn: {
    title: 'Connexion',
    heading: 'Se connecter sur cet appareil',
    intro: "Ce navigateur restera connecté. Ne le faites pas sur un ordinateur que d'autres utilisent.",
    button: 'Me connecter',
    working: 'Connexion en cours…',
    failed: 'Ce lien de connexion ne fonctionne plus.',
    failedHow: 'Il a déjà servi, ou il est trop ancien. Demandez-en un nouveau à la personne qui gère ce site.',
    note: "Ce lien ne sert qu'une fois.",
    noScript: 'Ce navigateur bloque les scripts, et la connexion en a besoin.',
  },
  linkGone: {
    title: 'Ce lien ne fonctionne pas',
    heading: 'Ce lien ne fonctionne pas',
    intro: "Vous n'avez rien fait de mal. Cela arrive quand :",
    why: 'la consultation est terminée',
    whyOpened: 'le lien a été remplacé par un autre',
    whyOld: 'le lien est ancien, ou il en manque un morceau',
    what: 'Reprenez le dernier message du cabinet et ouvrez son lien en entier, ou appelez le cabinet.',
    again: 'Recevoir un nouveau lien',
  },
  lostLink: {
    title: "J'ai perdu mon lien",
    heading: "J'ai perdu mon lien",
    intro:
      'Le cabinet vous a envoyé un message avec un lien. Vous ne le trouvez plus ? Nous vous en envoyons un autre.',
    label: 'Votre numéro de téléphone ou votre adresse e-mail',
    hint: 'Celui ou celle où vous avez reçu le message.',
    button: "M'envoyer un nouveau lien",
    known: 'Le lien part seulement vers un numéro ou une adresse que le cabinet connaît déjà.',
    paper: "J'ai un code sur papier",
    sentHeading: "C'est noté",
    sent: 'Si le cabinet connaît ce numéro ou cette adresse, un nouveau lien arrive dans une minute.',
    sentNothing: "Rien n'arrive ? Vérifiez le numéro, regardez dans les indésirables, ou appelez le cabinet.",
    again: 'Essayer un autre numéro ou une autre adresse',
  },
  enterCode: {
    title: 'Entrer mon code',
    heading: 'Entrez le code de votre feuille',
    label: 'Code à six chiffres',
    hint: 'Il est imprimé en grand sur la feuille que le cabinet vous a donnée.',
    button: 'Continuer',
    wrong: 'Ce code ne fonctionne pas.',
    wrongHow: 'Vérifiez chaque chiffre. Si le rendez-vous est passé, le code ne sert plus.',
    wait: 'Trop de codes faux ont été essayés.',
    waitHow: "Attendez un quart d'heure, ou appelez le cabinet : on vous fera entrer.",
    lost: "J'ai reçu un message, mais j'ai perdu mon lien",
  },
  later: {
    title: 'Vos documents',
    heading: 'Vos documents de la consultation',
    noScript: 'Cette page a besoin de JavaScript. Activez-le, ou demandez vos documents au cabinet.',
  },
  entry: {
    title: 'Votre consultation vidéo',
    someone: 'votre praticien',
    someoneFirst: 'Votre praticien',
    seesYou: 'vous recevra en vidéo',
    next: 'Comment cela se passe',
    nextCheck: 'Vous essayez votre image et votre son, en une minute.',
    nextWait: 'Vous attendez ici, sur cette page.',
    nextCall: "L'appel commence tout seul.",
    enter: "Entrer en salle d'attente",
    test: 'Tester mon appareil',
    planned: 'Votre rendez-vous :',
    opens: "La salle d'attente ouvre :",
    early: "D'ici là, essayez votre appareil : cela prend une minute, et le résultat est transmis.",
    noAccount: 'Sans compte et sans application.',
    notRecorded: "Rien n'est enregistré : ni l'image, ni le son.",
    stuck:
      'Il ne se passe rien ? Votre connexion est peut-être lente, ou ce navigateur est trop ancien. Attendez un peu, essayez un autre téléphone, ou appelez le cabinet.',
    noScript:
      "Ce navigateur bloque les scripts, et l'appel vidéo en a besoin. Ouvrez ce lien dans un autre navigateur, ou appelez le cabinet.",
  },
});
