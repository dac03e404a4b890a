/**
 * The one voice of a page for screen readers. Two live regions stand in the document from the start, because browsers
 * only read out what changes in a region that they already know.
 */
export class Announcer {
  readonly #polite: HTMLElement;
  readonly #assertive: HTMLElement;

  constructor(parent: HTMLElement) {
    this.#polite = region('status', 'polite');
    this.#assertive = region('alert', 'assertive');
    parent.append(this.#polite, this.#assertive);
  }

  /** Says it when the reader has finished its sentence. */
  say(text: string): void {
    put(this.#polite, text);
  }

  /** Interrupts: only for what cannot wait (the connection is lost, somebody lets you in). */
  interrupt(text: string): void {
    put(this.#assertive, text);
  }
}

function region(role: string, live: string): HTMLElement {
  const element = document.createElement('div');
  element.className = 'hidden-text';
  element.setAttribute('role', role);
  element.setAttribute('aria-live', live);
  return element;
}

/** A new element each time, so that the same sentence twice is read twice; the old ones go after a while. */
function put(where: HTMLElement, text: string): void {
  const line = document.createElement('p');
  line.textContent = text;
  where.append(line);
  setTimeout(() => line.remove(), 10_000);
}
