/** What every page may need. `who` is always the name of a person as shown. */
export interface CommonWords {
  frame: {
    skip: string;
    language: string;
    help: string;
    callPractice: string;
  };
  common: {
    continue: string;
    cancel: string;
    close: string;
    retry: string;
    yes: string;
    no: string;
    /** A name and what it is of, with the language's own colon: "Note: urgent". */
    pair(name: string, value: string): string;
    copyLink: string;
    copied: string;
    copyFailed: string;
    you: string;
    roles: { practitioner: string; patient: string; interpreter: string; guest: string };
    minutes(count: number): string;
    lessThanAMinute: string;
    loading: string;
    loadFailed: string;
    save: string;
    saved: string;
    failed: string;
    /** How many results a search has. */
    found(count: number): string;
    /** Of a file that a patient gave with an appointment. */
    given: { checking: string; refused: string; gone: string };
    searchFailed: string;
  };
  /** What stands in the way before anything can begin. */
  obstacles: {
    /** app is '' when the app does not give its name. */
    inApp(app: string): string;
    inAppHow: string;
    inAppHowApple: string;
    tooOldTitle: string;
    tooOld: string;
    insecureTitle: string;
    insecure: string;
    callInstead: string;
  };
  /** Words for the error codes of the protocol, as far as people meet them. */
  problems: {
    link: string;
    full: string;
    media: string;
    other: string;
  };
}
