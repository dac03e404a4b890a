import type { AreaProps } from '../shell/areas';
import { NothingHere } from '../shell/frame';
import { VisitPage } from './page';

/** Consultations by their address: /desk/visits/c_… */
export function VisitArea({ below: [id, ...rest] }: AreaProps) {
  return id === undefined || rest.length > 0 ? <NothingHere /> : <VisitPage key={id} id={id} />;
}
