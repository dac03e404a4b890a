/** The practitioner's day: the list of visits. `time` is an hour and minute as shown, `day` a day as shown. */
export interface TodayWords {
  today: {
    /** For a secretary. */
    nobodyLets: string;
    nobodyLetsHow: string;
    dayOf: string;
    /** For a secretary: so many wait for a practitioner whose day is not the one shown. */
    waitingAt(practitioner: string, count: number): string;
    heading: string;
    /** The heading of another day. */
    headingOf(day: string): string;
    previous: string;
    next: string;
    backToToday: string;
    choose: string;
    none: string;
    noneOther: string;
    failed: string;
    caption(day: string): string;
    columns: { time: string; who: string; state: string; ready: string; actions: string };
    atOnce: string;
    calledOff: string;
    state: {
      expected: string;
      notOpened: string;
      waiting: string;
      call: string;
      left: string;
      ended: string;
      absent: string;
    };
    testedFine: string;
    notTested: string;
    needs: Record<'hearing' | 'sight' | 'interpreter' | 'carer', string>;
    handed: string;
    contactHint: string;
    send: string;
    sending: string;
    sentBySms: string;
    sentByMail: string;
    notSent: string;
    otherOpen: string;
  };
}
