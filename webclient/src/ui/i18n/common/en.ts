import { plurals } from '../plural';
import { english } from '../typeset';
import type { CommonWords } from './words';

const plural = plurals('en');

export const en = english<CommonWords>({
  frame: {
    skip: 'Skip to the content',
    language: 'Language',
    help: 'A problem?',
    callPractice: 'Call the practice',
  },
  common: {
    continue: 'Continue',
    cancel: 'Cancel',
    close: 'Close',
    retry: 'Try again',
    yes: 'Yes',
    no: 'No',
    pair: (name, value) => `${name}: ${value}`,
    copyLink: 'Copy the link',
    copied: 'Link copied',
    copyFailed: 'Copying did not work. Select the link and copy it.',
    you: 'You',
    roles: { practitioner: 'Practitioner', patient: 'Patient', interpreter: 'Interpreter', guest: 'Guest' },
    minutes: count => plural(count, { one: '# minute', other: '# minutes' }),
    lessThanAMinute: 'less than a minute',
    loading: 'One moment…',
    loadFailed: 'The page could not load completely. Check your connection, then try again.',
    save: 'Save',
    saved: 'Saved.',
    failed: 'That did not work. Try again.',
    found: count => (count === 0 ? 'No result' : plural(count, { one: '# result', other: '# results' })),
    given: { checking: 'the file is being checked', refused: 'refused by the virus scanner', gone: 'no longer kept' },
    searchFailed: 'The search did not work. Try again.',
  },
  obstacles: {
    inApp: app => `This page is open inside ${app === '' ? 'an app' : app}`,
    inAppHow:
      'Picture or sound may be blocked there. Copy the link and open it in your usual browser, for example Chrome.',
    inAppHowApple: 'Picture or sound may be blocked there. Copy the link and open it in Safari.',
    tooOldTitle: 'This browser cannot make video calls',
    tooOld:
      'It is too old, or video calls are switched off in it. Update it, or open this link on another phone or a computer.',
    insecureTitle: 'This address is not protected',
    insecure:
      'The browser refuses camera and microphone on an address that does not begin with “https”. Tell the practice: it is not your fault.',
    callInstead: 'You can also call the practice.',
  },
  problems: {
    link: 'This link no longer works. The consultation may be over.',
    full: 'The service is busy or restarting. Try again in a minute.',
    media:
      'Picture and sound could not be set up. Try another browser or another connection, for example mobile data instead of Wi-Fi.',
    other: 'Something did not work on our side. Try again, or call the practice.',
  },
});
