/** Sentences that stand in the html files, as `%t:home.title%`. They must be true before any script has run. */
export interface PagesWords {
  home: PageWords & {
    intro: string;
    patient: string;
    practitioner: string;
    operator: string;
    free: string;
    lost: string;
    code: string;
  };
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
  linkGone: PageWords & { intro: string; why: string; whyOpened: string; whyOld: string; what: string; again: string };
  /** Somebody is asked to interpret, and answers with two buttons. */
  interpreter: PageWords & {
    now: string;
    until: string;
    name: string;
    nameHint: string;
    accept: string;
    refuse: string;
    accepted: string;
    refused: string;
    taken: string;
    lapsed: string;
    withdrawn: string;
    link: string;
    sent: string;
    join: string;
    again: string;
    showLink: string;
    thanks: string;
  };
  /** For who lost their link: it is sent again to the number or address that the practice knows. */
  lostLink: PageWords & {
    intro: string;
    label: string;
    hint: string;
    button: string;
    known: string;
    paper: string;
    sentHeading: string;
    sent: string;
    sentNothing: string;
    again: string;
  };
  /** For who has the printed sheet. */
  enterCode: PageWords & {
    label: string;
    hint: string;
    button: string;
    wrong: string;
    wrongHow: string;
    wait: string;
    waitHow: string;
    lost: string;
  };
  /** The page that a link leads to after the consultation. */
  later: PageWords & { noScript: string };
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
    /** Before a time: when the visit is, and when the waiting room opens. */
    planned: string;
    opens: string;
    early: string;
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
