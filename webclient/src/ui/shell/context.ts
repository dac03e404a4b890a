import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { DeskWaiting } from '../../session/desk';
import type { DocumentsPort } from '../documents/port';
import { usePart, useSnapshot } from '../parts/hooks';
import type { DeskPort, LocalPort } from '../parts/ports';
import type { Toasts } from '../parts/toast';
import type { Route, Router } from './router';

/** What the practitioner's screens may need and none should have handed down by hand. */
export interface Shell {
  /** Who waits, what is open, who is signed in; and `desk.request` for the operations of the API. */
  readonly desk: DeskPort;
  readonly local: LocalPort;
  readonly router: Pick<Router, 'snapshot' | 'subscribe' | 'go' | 'replace' | 'guard'>;
  readonly toasts: Toasts;
  readonly practice: string;
  /** Goes into a consultation: the call opens over everything. */
  enter(consultation: string): void;
  /** Lets somebody in, and goes into the call. */
  admit(one: DeskWaiting): void;
  /** Takes over documents whose screen is left: what is on its way is still sent, and shown. */
  keepSending(documents: DocumentsPort): void;
  /** Called by ScreenHeading: the heading of the screen that is shown, for the page's title. */
  onHeading(text: string): void;
}

export const ShellContext = createContext<Shell | null>(null);

export function useShell(): Shell {
  const shell = useContext(ShellContext);
  if (shell === null) {
    throw new Error('no ShellContext above this component');
  }
  return shell;
}

/** Where the practitioner is; draws again when that changes. */
export function useRoute(): Route {
  return useSnapshot(useShell().router);
}

/** Whether who is signed in may do this (consult/account's scopes). False until it is known. What is refused is refused by the server anyhow: this only hides. */
export function useMay(scope: string): boolean {
  return usePart(useShell().desk, snapshot => snapshot.me?.scopes.includes(scope) ?? false);
}
