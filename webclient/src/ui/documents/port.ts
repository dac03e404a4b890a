import type { Documents } from '../../session/documents';

export type DocumentsPort = Pick<Documents, keyof Documents>;

/** Where the documents of a page are: made when they are first drawn, kept from the waiting room into the call. */
export interface DocumentsHolder {
  /** Of the link; null for whoever is signed in. */
  readonly ticket: string | null;
  current: DocumentsPort | null;
}

export const newHolder = (ticket: string | null): DocumentsHolder => ({ ticket, current: null });
