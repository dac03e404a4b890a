import { capital } from '../grammar';
import { plurals } from '../plural';
import { english } from '../typeset';
import type { StripWords } from './strip.words';

const plural = plurals('en');

export const strip = english<StripWords>({
  needs: { hearing: 'hard of hearing', sight: 'low vision', interpreter: 'interpreter', carer: 'carer' },
  born: date => `born ${date}`,
  twoDevices: 'Link open on 2 devices: the first one is being asked.',
  passedBy: who => `Passed on by ${who}`,
  tested: day => `device tested ${day}`,
  lastMessage: text => `Your message: ${text}`,
  message: 'Message',
  messageTo: who => `Message to ${who}`,
  messageAll: 'Message to all',
  messageAllHeading: 'Message to all who wait',
  messageLabel: 'Your message',
  messageHint:
    'No medical word: a relative may read it. Shown on the page, or sent by SMS or mail to somebody who has left.',
  messageQuick: [
    'I will be there in a few minutes.',
    'I am finishing an urgent call, thank you for waiting.',
    'We are expecting you: are you there?',
  ],
  send: 'Send',
  toldShown: 'The message is shown on the page.',
  toldSent: 'The message goes out by SMS or mail.',
  toldKept: 'The message will be shown on arrival.',
  pass: 'Pass on',
  passFromCall: 'Pass on to a colleague',
  passFromCallMore: 'The patient waits for them, with their place kept; you leave the call.',
  passLabel: who => `Pass ${who} on to a colleague`,
  passHeading: who => `Pass ${who} on to whom?`,
  passMore: 'They keep their place and read the new name on their page.',
  passNobody: 'There is no other practitioner.',
  states: { available: 'there', 'in-consultation': 'in a consultation', away: 'not there' },
  passed: (who, to) => `${capital(who)} now waits for ${to}.`,
  undo: 'Undo',
  undoTooLate: 'Too late: your colleague has let them in already.',
  lateHeading: 'Not here yet',
  late: (minutes, time) => `Expected at ${time}, ${plural(minutes, { one: '# minute late', other: '# minutes late' })}`,
  call: 'Call',
  callLabel: who => `Call ${who}`,
  absent: 'Mark absent',
  absentLabel: who => `Mark ${who} as absent`,
  isAbsent: time => `Marked absent at ${time}. The link stays good.`,
  expected: 'Undo',
  nextHeading: who => `Let ${who} in`,
  nextMore: 'You are in a consultation. What about the one under way?',
  nextEnd: 'End it for everybody',
  nextLeave: 'Leave it, and keep it open',
  nextStay: 'Stay in it',
});
