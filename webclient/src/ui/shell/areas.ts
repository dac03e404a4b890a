import type { ComponentType } from 'preact';
import type { Area, Catalogue } from '../i18n';
import { agendaWords } from '../i18n/agenda';
import { deskWords } from '../i18n/desk';
import { documentsWords } from '../i18n/documents';
import { enteringWords } from '../i18n/entering';
import { patientsWords } from '../i18n/patients';
import { preferencesWords } from '../i18n/preferences';
import { requestsWords } from '../i18n/requests';
import { sheetWords } from '../i18n/sheet';
import type { ShellWords } from '../i18n/shell/words';
import { teamWords } from '../i18n/team';
import { todayWords } from '../i18n/today';
import { visitWords } from '../i18n/visit';
import { AgendaIcon, CalendarIcon, InviteIcon, PeopleIcon, SettingsIcon } from '../icons';
import { RequestCount } from '../requests/count';
import { within } from './router';

/** What an area is drawn with. */
export interface AreaProps {
  /** The path below the area's own, in parts: [] for the area itself, ['pt_…'] for one patient. */
  readonly below: readonly string[];
  /** The address's query, with its question mark; '' for none. */
  readonly query: string;
}

/** One entry of the navigation, and what it leads to. */
export interface DeskArea {
  readonly id: string;
  /** Its address; everything below belongs to it too. */
  readonly path: string;
  name(t: Catalogue & ShellWords): string;
  readonly icon: ComponentType;
  /** Not in the navigation: this other area, by its id, leads there. */
  readonly under?: string;
  /** Shown only to whom may do one of these; null: everybody who is signed in. */
  readonly scopes: readonly string[] | null;
  readonly words: readonly Area<object>[];
  readonly load: () => Promise<ComponentType<AreaProps>>;
  /** What stands beside the name in the navigation: how much is to be done there. */
  readonly Badge?: ComponentType<{ readonly plain?: boolean }>;
}

/** Every area, in the order of the navigation. One that nobody has built is not here. */
export const areas: readonly DeskArea[] = [
  {
    id: 'today',
    path: '/desk',
    name: t => t.shell.today,
    icon: CalendarIcon,
    scopes: ['consultations:read'],
    words: [visitWords, deskWords, todayWords, sheetWords, patientsWords, agendaWords],
    load: async () => (await import('../today/area')).TodayArea,
  },
  {
    id: 'visits',
    path: '/desk/visits',
    name: t => t.shell.today,
    icon: CalendarIcon,
    under: 'today',
    scopes: ['consultations:read'],
    words: [visitWords, deskWords, todayWords, documentsWords],
    load: async () => (await import('../visit/area')).VisitArea,
  },
  {
    id: 'agenda',
    path: '/desk/agenda',
    name: t => t.shell.agenda,
    icon: AgendaIcon,
    scopes: ['appointments:read'],
    words: [agendaWords, patientsWords],
    load: async () => (await import('../agenda/area')).AgendaArea,
    Badge: RequestCount,
  },
  {
    id: 'requests',
    path: '/desk/agenda/requests',
    name: t => t.shell.requests,
    icon: AgendaIcon,
    under: 'agenda',
    scopes: ['appointments:read'],
    words: [requestsWords, agendaWords, patientsWords],
    load: async () => (await import('../requests/area')).RequestsArea,
  },
  {
    id: 'patients',
    path: '/desk/patients',
    name: t => t.shell.patients,
    icon: PeopleIcon,
    scopes: ['patients:read'],
    words: [patientsWords, deskWords],
    load: async () => (await import('../patients/area')).PatientsArea,
  },
  {
    id: 'team',
    path: '/desk/team',
    name: t => t.shell.team,
    icon: InviteIcon,
    scopes: ['accounts:write', 'call'],
    words: [teamWords, enteringWords],
    load: async () => (await import('../team/area')).TeamArea,
  },
  {
    id: 'settings',
    path: '/desk/settings',
    name: t => t.shell.settings,
    icon: SettingsIcon,
    scopes: null,
    words: [preferencesWords],
    load: async () => (await import('../settings/area')).SettingsArea,
  },
];

/** Whether somebody with these scopes may see what asks for one of `wanted`. */
export function allowed(wanted: readonly string[] | null, scopes: readonly string[]): boolean {
  return wanted === null || wanted.some(scope => scopes.includes(scope));
}

/** The area of a path: the one with the longest address that the path lies in. Null: there is nothing there. */
export function areaOf(path: string, among: readonly DeskArea[]): DeskArea | null {
  return among
    .filter(area => within(path, area.path))
    .reduce<DeskArea | null>((best, one) => (best === null || one.path.length > best.path.length ? one : best), null);
}
