import type { ComponentChild } from 'preact';
import type { AreaProps } from '../shell/areas';
import { NothingHere } from '../shell/frame';
import { Card } from './card';
import { Edit, New } from './edit';
import { Forget } from './forget';
import { Import } from './import';
import { PatientList } from './list';

/** The patients: the list, a new one, a table of them, who has no record and is to be forgotten, one's card, and its form. Each has an address. */
export function PatientsArea({ below: [first, second, ...rest] }: AreaProps) {
  if (first === undefined) {
    return <PatientList />;
  }
  if (rest.length === 0 && second === undefined) {
    const pages: Readonly<Record<string, () => ComponentChild>> = { new: New, import: Import, forget: Forget };
    const Page = pages[first];
    return Page === undefined ? <Card key={first} id={first} /> : <Page />;
  }
  if (rest.length === 0 && second === 'edit') {
    return <Edit key={first} id={first} />;
  }
  return <NothingHere />;
}
