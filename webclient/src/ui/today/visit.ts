import type { Devices } from '../../protocol/messages';
import { type Delivery, type Visit, type Visitor, visitorOf } from '../../session/day';
import type { DeskConsultation } from '../../session/desk';
import type { Catalogue } from '../i18n';
import type { DeskWords } from '../i18n/desk/words';
import type { TodayWords } from '../i18n/today/words';
import type { Format } from '../parts/format';

export type VisitState = keyof TodayWords['today']['state'];

/** The visits as the desk's websocket last said them: it hears who arrives before the day is asked for again. */
export function asHeard(visits: readonly Visit[], heard: readonly DeskConsultation[]): readonly Visit[] {
  return visits.map(visit => {
    const now = heard.find(one => one.id === visit.id);
    if (now === undefined || visit.state === 'ended') {
      return visit;
    }
    return {
      ...visit,
      state: now.state,
      people: visit.people.map(person => {
        const here = now.participants.find(one => one.id === person.id);
        return here === undefined
          ? person
          : {
              ...person,
              place: here.place,
              since: here.since,
              devices: here.devices ?? person.devices,
              testedAt: here.about.testedAt,
              absentAt: here.about.absentAt,
            };
      }),
    };
  });
}

/** How far a visit is, in one word. */
export function stateOf(visit: Visit): VisitState {
  const person = visitorOf(visit);
  if (visit.state === 'ended') {
    return 'ended';
  }
  switch (person?.place) {
    case 'waiting':
      return 'waiting';
    case 'call':
      return 'call';
    case 'left':
      return person.absentAt === null ? 'left' : 'absent';
    default:
      return person?.absentAt ? 'absent' : visit.planned ? 'expected' : 'notOpened';
  }
}

/** It was ended before its time and without anybody called in: its appointment was cancelled or moved, by the patient perhaps. */
export function isCalledOff({ state, planned, called, endedAt, at }: Visit): boolean {
  return state === 'ended' && planned && !called && endedAt !== null && Date.parse(endedAt) < Date.parse(at);
}

/** Whom a visit is with: the name, or when it was made. */
export function visitName(visit: Visit, t: Catalogue & DeskWords, format: Format): string {
  const name = visitorOf(visit)?.name ?? '';
  return name === '' ? t.desk.unnamed(format.time(visit.at)) : name;
}

/** What somebody is in a consultation: of a guest, what they come as. */
export function roleOf({ role, as }: Visitor, t: Catalogue & DeskWords): string {
  return as === 'carer' || as === 'expert' ? t.call.guests[as] : t.common.roles[role];
}

/** Somebody's name, or what they are. */
export function visitorName(one: Visitor, t: Catalogue & DeskWords): string {
  return one.name === '' ? roleOf(one, t) : one.name;
}

/** What the last device test found: whether there was one, and what is wrong, in words. */
export function testOf(
  { camera, microphone, sound }: Partial<Devices>,
  t: DeskWords,
): { readonly tested: boolean; readonly troubles: readonly string[] } {
  const tried = [camera, microphone, sound].some(one => one !== undefined && one !== 'skipped');
  const troubles = [
    camera === undefined || camera === 'ok' || camera === 'skipped' ? '' : t.desk.deviceCamera[camera],
    microphone === undefined || microphone === 'ok' || microphone === 'skipped'
      ? ''
      : t.desk.deviceMicrophone[microphone],
    sound === 'not-heard' ? t.desk.deviceSound[sound] : '',
  ].filter(words => words !== '');
  return { tested: tried, troubles };
}

/** What became of the newest message that brought somebody their link. */
export function deliveryOf(visit: Visit, participant: string): Delivery | null {
  return visit.deliveries.filter(one => one.participant === participant && linkKinds.includes(one.kind)).at(-1) ?? null;
}

const linkKinds: readonly string[] = ['invitation', 'starts-now', 'link-again', 'interpreter-accepted'];

/** Whether an interpreter was asked for, and what came of it; null: nobody asked. Who was asked and cannot come does not count while others can. */
export function interpreterOf(visit: Visit, now: number): 'asked' | 'accepted' | 'none' | null {
  const states = visit.requests.map(one =>
    one.state === 'asked' && Date.parse(one.deadline) <= now ? 'lapsed' : one.state,
  );
  if (states.includes('accepted')) {
    return states.includes('asked') ? 'asked' : 'accepted'; // two pairs of languages: one is still open
  }
  if (states.includes('asked')) {
    return 'asked';
  }
  return states.some(state => state === 'refused' || state === 'lapsed') ? 'none' : null;
}
