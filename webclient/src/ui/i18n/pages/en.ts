import { english } from '../typeset';
import type { PagesWords } from './words';

export const en = english<PagesWords>({
  home: {
    title: 'Video consultations',
    heading: 'Video consultations',
    intro: 'This site is for the video consultations of the practice.',
    patient:
      'Do you have a consultation? Open the link that the practice gave you. It takes you straight to the waiting room.',
    practitioner: 'Do you see patients? Open the sign-in link that you got from whoever runs this site.',
    operator: 'Have you just installed this site? The sign-in link is shown in the window where you started it.',
    free: 'Colloque is free software (AGPL). Its source code:',
  },
  signedOut: {
    title: 'Sign-in needed',
    heading: 'This page is for practitioners who are signed in',
    intro: 'This browser is not signed in, or no longer.',
    how: 'To enter, open a new sign-in link. Whoever runs this site can give you one.',
  },
  signIn: {
    title: 'Sign in',
    heading: 'Sign in on this device',
    intro: 'This browser will stay signed in. Do not do this on a computer that other people use.',
    button: 'Sign in',
    working: 'Signing in…',
    failed: 'This sign-in link no longer works.',
    failedHow: 'It was already used, or it is too old. Ask whoever runs this site for a new one.',
    note: 'This link works once.',
    noScript: 'This browser blocks scripts, and signing in needs them.',
  },
  linkGone: {
    title: 'This link does not work',
    heading: 'This link does not work',
    intro: 'You did nothing wrong. This happens when:',
    why: 'the consultation is over',
    whyOpened: 'the link was replaced by another one',
    whyOld: 'the link is old, or a part of it is missing',
    what: 'Open the whole link from the last message of the practice again, or call the practice.',
  },
  entry: {
    title: 'Your video consultation',
    someone: 'your practitioner',
    someoneFirst: 'Your practitioner',
    seesYou: 'will see you by video',
    next: 'How it goes',
    nextCheck: 'You try your picture and your sound. It takes a minute.',
    nextWait: 'You wait here, on this page.',
    nextCall: 'The call starts by itself.',
    enter: 'Enter the waiting room',
    test: 'Test my device',
    noAccount: 'No account and no app.',
    notRecorded: 'Nothing is recorded, neither picture nor sound.',
    stuck:
      'Nothing happens? Your connection may be slow, or this browser too old. Wait a little, try another phone, or call the practice.',
    noScript:
      'This browser blocks scripts, and the video call needs them. Open this link in another browser, or call the practice.',
  },
});
