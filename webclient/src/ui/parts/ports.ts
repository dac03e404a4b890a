// What ui uses of the classes below it. Public members only, so that the gallery can show every screen with fakes.
import type { LocalMedia } from '../../media/localmedia';
import type { Call } from '../../session/call';
import type { Desk } from '../../session/desk';

export type LocalPort = Pick<LocalMedia, keyof LocalMedia>;
export type CallPort = Pick<Call, keyof Call>;
export type DeskPort = Pick<Desk, keyof Desk>;
