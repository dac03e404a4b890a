import type { SheetWords } from './words';

export const en: SheetWords = {
  sheet: {
    heading: 'Your video appointment',
    at: when => when,
    zone: zone => `${zone} time`,
    first: 'On a computer, a tablet or a phone with a camera, type this address at the top of the screen:',
    second: 'Type this code:',
    third: 'Tap “Enter the waiting room”. The call begins by itself.',
    or: 'Or point the camera of a phone at this square:',
    qr: 'QR code that leads to the appointment',
    help: 'Any trouble? Call us:',
    goodUntil: when => `The address and the code are good until ${when}.`,
    keep: 'This sheet is yours alone: do not lend it.',
    make: 'Sheet to print',
    print: 'Print',
    failed: 'The sheet could not be made.',
  },
};
