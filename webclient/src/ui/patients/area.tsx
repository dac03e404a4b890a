import type { AreaProps } from '../shell/areas';
import { NothingHere } from '../shell/frame';
import { Card } from './card';
import { Edit, New } from './edit';
import { Import } from './import';
import { PatientList } from './list';

/** The patients: the list, a new one, a table of them, one's card, and its form. Each has an address. */
export function PatientsArea({ below: [first, second, ...rest] }: AreaProps) {
  if (first === undefined) {
    return <PatientList />;
  }
  if (rest.length === 0 && second === undefined) {
    return first === 'new' ? <New /> : first === 'import' ? <Import /> : <Card key={first} id={first} />;
  }
  if (rest.length === 0 && second === 'edit') {
    return <Edit key={first} id={first} />;
  }
  return <NothingHere />;
}
