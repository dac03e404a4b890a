import { english } from '../typeset';
import type { PreferencesWords } from './words';

export const en = english<PreferencesWords>({
  preferences: {
    me: 'You',
    messages: 'Messages',
    name: 'Your name for patients',
    nameHint: 'It is shown on their page and during the call. For example: Dr Claire Moreau',
    nameMissing: 'Write the name that your patients will see.',
    language: 'Language of these pages',
    languageHint: 'On this computer only.',
    signOut: 'Sign out',
    signIn: 'My sign-in',
    programs: 'Programs',
  },
});
