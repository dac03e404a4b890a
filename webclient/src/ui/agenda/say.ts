import type { Appointment, Change } from '../../session/agenda';
import type { AgendaWords, HistoryAction } from '../i18n/agenda/words';
import type { Format } from '../parts/format';

/** How far an appointment is, in words. */
export function stateOf({ state, absent }: Pick<Appointment, 'state' | 'absent'>, t: AgendaWords): string {
  return state === 'noshow' && absent !== '' ? t.agenda.absent[absent] : t.agenda.state[state];
}

/** A day and a time, on the clocks of a zone. */
export function whenOf(instant: string, zone: string, format: Format): string {
  const there = zone === '' ? format : format.inZone(zone);
  return `${there.day(instant)} ${there.time(instant)}`;
}

/** From when until when, on the clocks of the practitioner. */
export function timesOf(
  { start, end, timeZone }: Pick<Appointment, 'start' | 'end' | 'timeZone'>,
  format: Format,
): string {
  const there = format.inZone(timeZone);
  return `${there.time(start)} – ${there.time(end)}`;
}

/** The time on the patient's own clocks; '' when they show the same. */
export function forPatient(
  start: string,
  { timeZone, patientZone }: Pick<Appointment, 'timeZone' | 'patientZone'>,
  t: AgendaWords,
  format: Format,
): string {
  if (patientZone === '' || whenOf(start, patientZone, format) === whenOf(start, timeZone, format)) {
    return '';
  }
  return t.agenda.forPatient(whenOf(start, patientZone, format), format.inZone(patientZone).zone);
}

/** What happened, in words. */
export function changeOf(change: Change, zone: string, t: AgendaWords, format: Format): string {
  const { action, was, fromName, who } = change;
  if (action === 'move') {
    const parts = [
      was === null ? '' : t.agenda.moved(whenOf(was, zone, format)),
      fromName === '' ? '' : t.agenda.movedFrom(fromName),
    ];
    return parts.filter(Boolean).join(', ');
  }
  if (action === 'absent') {
    const said = t.agenda.absent[who === '' ? 'patient' : who];
    return said.charAt(0).toUpperCase() + said.slice(1);
  }
  return t.agenda.changes[action as Exclude<HistoryAction, 'move'>] ?? action;
}

/** Whose hand it was. */
export function byOf({ by, byName }: Change, t: AgendaWords): string {
  return by === 'patient'
    ? t.agenda.by.patient
    : by === 'system'
      ? t.agenda.by.system
      : byName === ''
        ? ''
        : t.agenda.by.practice(byName);
}

/** Whether something can be sent to the patient. */
export function reachable({ phone, mail, reach }: Pick<Appointment, 'phone' | 'mail' | 'reach'>): boolean {
  return reach !== 'handed' && (phone !== '' || mail !== '');
}

/** What becomes of an appointment can still be changed by moving or cancelling it. */
export function isAhead({ state }: Pick<Appointment, 'state'>): boolean {
  return state === 'booked' || state === 'arrived' || state === 'requested';
}

const NEAR = 12 * 3_600_000; // milliseconds

/** It is of today, or was: who came, or did not, can be said. */
export function isNear({ start }: Pick<Appointment, 'start'>): boolean {
  return Date.parse(start) < Date.now() + NEAR;
}
