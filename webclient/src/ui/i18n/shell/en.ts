import { plurals } from '../plural';
import { english } from '../typeset';
import type { ShellWords } from './words';

const plural = plurals('en');

export const en = english<ShellWords>({
  shell: {
    unsaved: 'Leave without saving?',
    unsavedMore: 'What you wrote here will be lost.',
    unsavedStay: 'Go on writing',
    unsavedLeave: 'Leave without saving',
    navigation: 'Navigation',
    agenda: 'Appointments',
    requests: 'Requests',
    today: 'Today',
    patients: 'Patients',
    team: 'Team',
    settings: 'Settings',
    nothingHere: 'There is nothing at this address',
    nothingHereMore: 'It may be mistyped, or this page is not for your account.',
    waiting: 'Waiting room',
    others: count => plural(count, { one: 'and # other', other: 'and # others' }),
  },
});
