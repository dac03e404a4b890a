import type { DeskConsultation, DeskParticipant, DeskWaiting } from '../../session/desk';
import type { Catalogue as Base } from '../i18n';
import type { DeskWords } from '../i18n/desk/words';
import type { Format } from '../parts/format';

type Catalogue = Base & DeskWords;

/** Who waits: the name, or what they are and since when. */
export function waiterName(one: Pick<DeskWaiting, 'name' | 'role' | 'since'>, t: Catalogue, format: Format): string {
  if (one.name !== '') {
    return one.name;
  }
  return one.role === 'patient' ? t.desk.unnamed(format.time(one.since)) : t.common.roles[one.role];
}

export function patientOf(consultation: DeskConsultation): DeskParticipant | null {
  return consultation.participants.find(one => one.role === 'patient') ?? null;
}

/** Whose consultation it is: the patient's name, or when it was made. */
export function consultationName(consultation: DeskConsultation, t: Catalogue, format: Format): string {
  const name = patientOf(consultation)?.name ?? '';
  return name === '' ? t.desk.unnamed(format.time(consultation.createdAt)) : name;
}
