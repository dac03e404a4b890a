// ui imports the Store from here; media uses it too, so it lives one level below both.
export { SnapshotStore, type Store } from '../store';
