/** The sheet on paper, for who has neither phone nor mail: said in the patient's language. */
export interface SheetWords {
  sheet: {
    heading: string;
    /** `when` is a day and time as shown. */
    at(when: string): string;
    zone(zone: string): string;
    first: string;
    second: string;
    third: string;
    or: string;
    qr: string;
    help: string;
    goodUntil(when: string): string;
    keep: string;
    /** For who prints it, in their own language. */
    make: string;
    print: string;
    failed: string;
  };
}
