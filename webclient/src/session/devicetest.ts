import type { Devices } from '../protocol/messages';
import { fetchJson } from './environment';
import { send } from './http';

/** Tells the practitioner what a device test found, perhaps days before the visit. False: it could not be told. */
export async function reportDevices(ticket: string, devices: Devices): Promise<boolean> {
  try {
    await send(fetchJson, 'POST', '/device-test', { ticket, devices });
    return true;
  } catch {
    return false;
  }
}
