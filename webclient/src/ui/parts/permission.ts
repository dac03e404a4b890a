/** Whether the browser would open the device without a question. False where browsers do not tell. */
export async function alreadyAllowed(name: 'camera' | 'microphone'): Promise<boolean> {
  try {
    // Not all browsers know these names, and TypeScript's list lags behind those that do.
    const status = await navigator.permissions.query({ name: name as PermissionName });
    return status.state === 'granted';
  } catch {
    return false;
  }
}
