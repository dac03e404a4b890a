import type { Absence, AppointmentState, Modality } from '../../../session/agenda';

/** What happened to an appointment, as its history says it. */
export type HistoryAction =
  | 'request'
  | 'book'
  | 'approve'
  | 'refuse'
  | 'move'
  | 'cancel'
  | 'arrive'
  | 'begin'
  | 'interrupt'
  | 'fulfil'
  | 'phone'
  | 'rebook'
  | 'mistake'
  | 'undo'
  | 'replace'
  | 'decline'
  | 'keep';

/** The appointment book. `when` is a day and a time as shown; `who` a person's name. */
export interface AgendaWords {
  agenda: {
    heading: string;
    headingOf(when: string): string;
    views: string;
    day: string;
    week: string;
    weekOf(day: string): string;
    previousDay: string;
    nextDay: string;
    previousWeek: string;
    nextWeek: string;
    today: string;
    choose: string;
    shown: string;
    whose: string;
    print: string;
    failed: string;
    nobodyLets: string;
    nobodyLetsHow: string;
    noHours(who: string): string;
    none: string;
    keys: string;
    slot: {
      free(time: string): string;
      closed(time: string): string;
      blocked(time: string): string;
      held(time: string): string;
    };
    legend: { closed: string; blocked: string; buffer: string };
    state: { [S in AppointmentState]: string };
    absent: { [A in Absence]: string };
    modality: { [M in Modality]: string };
    overbooked: string;
    forPatient(when: string, zone: string): string;

    gone: string;
    /** Titles of what is said of an appointment. */
    facts: { when: string; with: string; how: string; contact: string; born: string; note: string };
    record: string;
    told: string;
    notTold: string;
    history: string;
    changes: { [A in Exclude<HistoryAction, 'move'>]: string };
    moved(was: string): string;
    movedFrom(who: string): string;
    by: { patient: string; system: string; practice(who: string): string };
    reason(text: string): string;

    here: string;
    absentPatient: string;
    absentPractitioner: string;
    fulfil: string;
    phone: string;
    rebook: string;
    undo: string;
    video: string;
    move: string;
    cancel: string;
    link: string;
    linkMore: string;
    mistake: string;
    mistakeQuestion: string;
    mistakeMore: string;
    seems: { fulfilled: string; patient: string; practitioner: string };
    confirm: string;
    conflict: string;

    moveOf(who: string): string;
    before: string;
    after: string;
    date: string;
    time: string;
    practitioner: string;
    anybody: string;
    near: string;
    tellQuestion: string;
    moveTell: string;
    moveQuiet: string;
    cannotTell: string;
    movedToast(who: string, when: string): string;
    noTime: string;
    notGiven: string;

    taken: string;
    takenAll: string;
    takenNext: string;
    overbook: string;
    overbookReason: string;
    overbookHint: string;
    overbookMissing: string;

    cancelOf(who: string): string;
    cancelReason: string;
    cancelReasonHint: string;
    cancelTell: string;
    cancelQuiet: string;
    keep: string;
    cancelled(who: string): string;

    book: string;
    service: string;
    how: string;
    contactHint: string;
    note: string;
    tell: string;
    repeat: string;
    every: string;
    everyWeeks(count: number): string;
    count: string;
    bookButton: string;
    noServices: string;
    noServicesHow: string;
    booked(who: string): string;
    bookedTold: string;
    bookedNotTold: string;
    series(booked: number, of: number): string;
    seriesMissing: string;
    inSeries: {
      at(number: number, of: number): string;
      elsewhere(count: number): string;
      cancel: string;
      cancelOf(who: string): string;
      /** How many, and when the first and the last of them are. */
      dates(count: number, first: string, last: string): string;
      /** How the patient is told: one text message, or a mail for each. */
      once: string;
      each: string;
      cancelled(count: number, who: string): string;
      kept: string;
      keep: string;
      move: string;
      moveOf(who: string): string;
      further: string;
      newDates(count: number): string;
      was(when: string): string;
      /** Before the list of dates that are not free. */
      taken: string;
      skipped: string;
      moved(count: number, who: string): string;
      stayed: string;
    };

    movingStart(who: string): string;
    movingAt(when: string, who: string): string;
    movingEnd: string;

    /** Who or what it was given cannot be booked any more. */
    lack: {
      some(count: number): string;
      gone(what: string): string;
      replace: string;
      open: string;
      replaced(name: string): string;
      none: string;
    };
    /** The patient has pressed *decline* in their mail or calendar program. */
    declined: {
      some(count: number): string;
      /** Why nothing was cancelled. */
      more: string;
      one: string;
      cancel: string;
      /** In the history, and for the patient. */
      reason: string;
      kept(name: string): string;
    };
    drift(count: number): string;
    driftAgreed(when: string, now: string): string;
    driftKeep: string;

    sheet: {
      time: string;
      patient: string;
      service: string;
      contact: string;
      note: string;
      printed(when: string): string;
    };
  };
}
