/** Sentences that stand in the html files, as `%t:home.title%`. They must be true before any script has run. */
export interface PagesWords {
  home: PageWords & { intro: string; patient: string; practitioner: string; operator: string; free: string };
  signedOut: PageWords & { intro: string; how: string };
  signIn: PageWords & {
    intro: string;
    button: string;
    working: string;
    failed: string;
    failedHow: string;
    note: string;
    noScript: string;
  };
  linkGone: PageWords & { intro: string; why: string; whyOpened: string; whyOld: string; what: string };
  entry: {
    title: string;
    seesYou: string;
    /** Instead of a practitioner's name, when none was given; in a sentence and at its beginning. */
    someone: string;
    someoneFirst: string;
    next: string;
    nextCheck: string;
    nextWait: string;
    nextCall: string;
    enter: string;
    test: string;
    noAccount: string;
    notRecorded: string;
    stuck: string;
    noScript: string;
  };
}

interface PageWords {
  title: string;
  heading: string;
}
