import { plurals } from '../plural';
import { english } from '../typeset';
import type { TodayWords } from './words';

const plural = plurals('en');

export const en = english<TodayWords>({
  today: {
    nobodyLets: 'Nobody has let you work for them yet.',
    nobodyLetsHow: 'A practitioner does that under Team, My secretaries.',
    dayOf: 'The day of',
    waitingAt: (practitioner, count) =>
      plural(count, { one: `# person waits for ${practitioner}`, other: `# people wait for ${practitioner}` }),
    heading: 'Today',
    headingOf: day => day,
    previous: 'Previous day',
    next: 'Next day',
    backToToday: 'Back to today',
    choose: 'Choose a day',
    none: 'No consultation today so far.',
    noneOther: 'No consultation on that day.',
    failed: 'This list may be out of date: the server does not answer.',
    caption: day => `Consultations: ${day}`,
    columns: { time: 'Time', who: 'Patient', state: 'State', ready: 'Link and test', actions: 'Actions' },
    atOnce: 'no appointment',
    calledOff: 'cancelled',
    state: {
      expected: 'expected',
      notOpened: 'link not opened yet',
      waiting: 'in the waiting room',
      call: 'in the call',
      left: 'has left the call',
      ended: 'over',
      absent: 'noted as absent',
    },
    testedFine: 'test passed',
    notTested: 'no test yet',
    needs: {
      hearing: 'hard of hearing',
      sight: 'poor sight',
      interpreter: 'interpreter',
      carer: 'comes with somebody',
    },
    handed: 'link to hand over',
    contactHint: 'The link goes out at once. Leave it empty to hand it over yourself.',
    send: 'Send the link',
    sending: 'Sending the link…',
    sentBySms: 'The link goes out by SMS.',
    sentByMail: 'The link goes out by mail.',
    notSent: 'The link could not be sent from here. Copy it and send it yourself.',
    otherOpen: 'Still open',
  },
});
