import { french } from '../typeset';
import type { PreferencesWords } from './words';

export const fr = french<PreferencesWords>({
  preferences: {
    me: 'Vous',
    messages: 'Messages',
    name: 'Votre nom pour les patients',
    nameHint: "Il s'affiche sur leur page et pendant l'appel. Par exemple : Dr Claire Moreau",
    nameMissing: 'Écrivez le nom que vos patients verront.',
    language: 'Langue de ces pages',
    languageHint: 'Sur cet ordinateur seulement.',
    signOut: 'Se déconnecter',
    signIn: 'Ma connexion',
    programs: 'Programmes',
  },
});
