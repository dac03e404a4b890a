// Pushes in the real browser: asked for by the practitioner, and only when the server sends any.

import { field } from './http';

type Request = (method: string, path: string, body?: unknown) => Promise<unknown>;

const WORKER = '/push-worker.js';

/** off: this browser is not told. denied: the browser forbids it. unable: the server sends none, or the browser knows none. */
export type PushState = 'unable' | 'denied' | 'off' | 'on';

interface Policies {
  createPolicy(
    name: string,
    rules: { createScriptURL(url: string): string },
  ): { createScriptURL(url: string): unknown };
}

/** Whether this browser is told who comes. */
export async function pushState(request: Request): Promise<PushState> {
  const key = field(await request('GET', '/push'), 'key') ?? '';
  if (key === '' || !('serviceWorker' in navigator) || !('PushManager' in globalThis)) {
    return 'unable';
  }
  if (Notification.permission === 'denied') {
    return 'denied';
  }
  const worker = await navigator.serviceWorker.getRegistration('/');
  return (await worker?.pushManager.getSubscription()) ? 'on' : 'off';
}

/** Asks the browser, and then the server. Call it from a click. */
export async function turnPushOn(request: Request, language: string): Promise<PushState> {
  const key = field(await request('GET', '/push'), 'key') ?? '';
  if ((await Notification.requestPermission()) !== 'granted') {
    return 'denied';
  }
  const worker = await navigator.serviceWorker.register(workerAddress());
  await navigator.serviceWorker.ready;
  const subscription = await worker.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
  const { endpoint, keys } = subscription.toJSON();
  try {
    await request('POST', '/push', { endpoint, p256dh: keys?.p256dh, auth: keys?.auth, language });
  } catch (error) {
    await subscription.unsubscribe();
    throw error;
  }
  return 'on';
}

export async function turnPushOff(request: Request): Promise<PushState> {
  const worker = await navigator.serviceWorker.getRegistration('/');
  const subscription = await worker?.pushManager.getSubscription();
  if (subscription) {
    await request('POST', '/push/off', { endpoint: subscription.endpoint });
    await subscription.unsubscribe();
  }
  await worker?.unregister();
  return 'off';
}

/** The worker's address as a browser with Trusted Types takes it; the policy lets this one address through. */
function workerAddress(): string {
  const types = Reflect.get(globalThis, 'trustedTypes') as Policies | undefined;
  policy ??= types?.createPolicy('colloque', {
    createScriptURL: url => {
      if (url !== WORKER) {
        throw new TypeError('not a script of ours');
      }
      return url;
    },
  });
  return (policy === undefined ? WORKER : policy.createScriptURL(WORKER)) as string;
}

let policy: ReturnType<Policies['createPolicy']> | undefined;
