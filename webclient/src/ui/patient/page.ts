/** What the server wrote into the page. */
export interface PageData {
  readonly practice: string;
  readonly phone: string;
  readonly practitioner: string;
  readonly ticket: string;
  readonly participant: string;
  /** RFC 3339; '' for a visit at once. */
  readonly scheduledAt: string;
  /** RFC 3339; '' when the waiting room is open from the start. */
  readonly opensAt: string;
  /** IANA name of the participant's zone. */
  readonly zone: string;
}

export function readPage(main: HTMLElement): PageData {
  const data = main.dataset;
  return {
    practice: data.practice ?? '',
    phone: data.phone ?? '',
    practitioner: data.practitioner ?? '',
    ticket: data.ticket ?? '',
    participant: data.participant ?? '',
    scheduledAt: data.scheduled ?? '',
    opensAt: data.opens ?? '',
    zone: data.zone ?? '',
  };
}
