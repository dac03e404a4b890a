/** What the server wrote into the page. */
export interface PageData {
  readonly practice: string;
  readonly phone: string;
  readonly practitioner: string;
  readonly ticket: string;
  readonly participant: string;
}

export function readPage(main: HTMLElement): PageData {
  const data = main.dataset;
  return {
    practice: data.practice ?? '',
    phone: data.phone ?? '',
    practitioner: data.practitioner ?? '',
    ticket: data.ticket ?? '',
    participant: data.participant ?? '',
  };
}
