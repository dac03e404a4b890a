import type { ComponentType } from 'preact';
import type { Role } from '../../protocol/messages';
import type { CallSnapshot } from '../../session/call';
import type { Area, Catalogue } from '../i18n';
import { visitWords } from '../i18n/visit';
import type { CallPort } from '../parts/ports';

/** What a part beside the pictures is drawn with. Practitioners' may also useShell(); patients have none. */
export interface CallTabProps {
  readonly call: CallPort;
  readonly snapshot: CallSnapshot;
  readonly consultation: string;
}

/** One tab beside the pictures, after the messages. */
export interface CallTab {
  readonly id: string;
  /** Its name, from i18n/call: it is there before the tab's own words are. */
  name(t: Catalogue): string;
  /** Who has it. */
  readonly roles: readonly Role[];
  /** Of practitioners, as of an area (shell/areas.ts). */
  readonly scopes: readonly string[] | null;
  readonly words: readonly Area<object>[];
  readonly load: () => Promise<ComponentType<CallTabProps>>;
  /** How many new things are in it, to be shown beside its name and on the button that opens the column. */
  count?(snapshot: CallSnapshot): number;
}

/** What stands above the practitioner's tabs, always to be seen. */
export type CallStrip = Pick<CallTab, 'scopes' | 'words' | 'load'>;

/** Every tab, in the order in which they stand. One that nobody has built is not here. */
export const callTabs: readonly CallTab[] = [
  {
    id: 'notes',
    name: t => t.call.notes,
    roles: ['practitioner'],
    scopes: ['notes'],
    words: [visitWords],
    load: async () => (await import('../visit/notes')).NotesTab,
  },
  {
    id: 'interpreters',
    name: t => t.call.interpreters,
    roles: ['practitioner'],
    scopes: ['consultations:write'],
    words: [visitWords],
    load: async () => (await import('../visit/interpreters')).InterpretersTab,
  },
];

export const callStrip: CallStrip | null = {
  scopes: null,
  words: [visitWords],
  load: async () => (await import('../visit/strip')).IdentityStrip,
};

/** Those of the tabs that somebody in this role, and with these scopes if a practitioner, has. */
export function tabsFor(tabs: readonly CallTab[], role: Role, scopes: readonly string[]): readonly CallTab[] {
  return tabs.filter(
    tab =>
      tab.roles.includes(role) &&
      (role !== 'practitioner' || tab.scopes === null || tab.scopes.some(scope => scopes.includes(scope))),
  );
}
