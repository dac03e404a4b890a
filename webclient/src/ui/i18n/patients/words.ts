import type { Need, Reach } from '../../../session/patients';

/** The fields of a record that the server may refuse, by its own names. */
export type PatientField =
  | 'family_name'
  | 'given_names'
  | 'birth_name'
  | 'birth_date'
  | 'phone'
  | 'mail'
  | 'reach'
  | 'language'
  | 'time_zone'
  | 'needs'
  | 'carer_name'
  | 'carer_phone'
  | 'ids';

/** The patients' records. */
export interface PatientsWords {
  patients: {
    /** Whose patient somebody is. */
    owner: string;
    ownerOf: string;
    ownerAll: string;
    search: string;
    searchHint: string;
    all: string;
    total(count: number): string;
    more: string;
    none: string;
    noneMore: string;
    nobody: string;
    nobodyMore: string;
    new: string;
    import: string;
    export: string;
    edit: string;
    born(date: string): string;
    record: string;
    gone: string;
    back: string;

    familyName: string;
    givenNames: string;
    birthName: string;
    birthNameHint: string;
    birthDate: string;
    phone: string;
    phoneHint: string;
    mail: string;
    reach: string;
    reachAuto: string;
    reaches: Record<Reach, string>;
    language: string;
    languageUnknown: string;
    timeZone: string;
    timeZoneHint: string;
    timeZoneOwn: string;
    needs: string;
    need: Record<Need, string>;
    carer: string;
    carerName: string;
    carerPhone: string;
    ids: string;
    idsHint: string;
    idSystem: string;
    idValue: string;
    idAdd: string;
    idRemove(system: string): string;
    rest: string;

    missingName: string;
    wrong: Record<PatientField, string>;
    failed: string;
    similarHeading: string;
    similarMore: string;
    similarAnyway: string;
    similarBack: string;
    changedMeanwhile: string;
    changedClash(field: string, theirs: string): string;
    empty: string;

    visits: string;
    noVisits: string;
    visitWith(name: string): string;
    state: Record<'created' | 'waiting' | 'called' | 'live' | 'interrupted' | 'ended', string>;
    start: string;
    startMore: string;
    linkReady(name: string): string;
    linkGoes: Record<Reach, string>;

    erase: string;
    eraseQuestion(name: string): string;
    eraseMore: string;
    eraseAhead: string;
    ownData: string;
    ownDataHow: string;
    eraseYes: string;
    eraseNo: string;
    erased: string;

    /** Who has no record, and asks to be erased. */
    forget: Record<
      'open' | 'heading' | 'how' | 'stays' | 'contact' | 'count' | 'wrong' | 'nothing' | 'erase' | 'keep' | 'done',
      string
    > &
      Record<'appointments' | 'requests' | 'waiting' | 'notices' | 'ahead' | 'recorded', (count: number) => string> & {
        found(list: string): string;
        question(contact: string): string;
      };

    importHow: string;
    importColumns: string;
    importFile: string;
    importChecking: string;
    importGood(count: number): string;
    importNothing: string;
    importLeftOut(count: number): string;
    importLine(line: number): string;
    importSimilar: string;
    importBadLine: string;
    importFull: string;
    importUnknown(columns: string): string;
    importYes(count: number): string;
    importDone(count: number): string;
    importNoTable: string;
    importSpreadsheet: string;
    importArchive: string;
    importTooLarge: string;

    /** Who it is about, in a form. */
    person: Record<'name' | 'nameMissing' | 'contact' | 'contactWrong' | 'language', string>;
    choose: string;
    chooseHint: string;
    /** Nobody was found, and what was typed is a new name. */
    chooseNew: string;
    chosen(name: string): string;
    chosenOther: string;
  };
}
