// What this browser is, as far as the words for the person depend on it. Never used to forbid anything.

export type BrowserKind =
  | 'chrome-android'
  | 'safari-ios'
  | 'firefox-android'
  | 'chrome'
  | 'firefox'
  | 'safari'
  | 'other';
export type SystemKind = 'android' | 'ios' | 'computer';

export function browserOf(agent: string, touches: number): BrowserKind {
  if (systemOf(agent, touches) === 'ios') {
    return 'safari-ios';
  }
  const android = /Android/.test(agent);
  if (/Firefox\//.test(agent)) {
    return android ? 'firefox-android' : 'firefox';
  }
  if (/Chrome\//.test(agent)) {
    return android ? 'chrome-android' : 'chrome';
  }
  return /Safari\//.test(agent) ? 'safari' : 'other';
}

export function systemOf(agent: string, touches: number): SystemKind {
  if (/Android/.test(agent)) {
    return 'android';
  }
  // An iPad says that it is a Macintosh; only its touch points give it away.
  return /iPhone|iPad|iPod/.test(agent) || (/Macintosh/.test(agent) && touches > 1) ? 'ios' : 'computer';
}

const apps: readonly (readonly [RegExp, string])[] = [
  [/WhatsApp/i, 'WhatsApp'],
  [/FB_IAB|FBAN|FBAV/i, 'Facebook'],
  [/Instagram/i, 'Instagram'],
  [/Messenger/i, 'Messenger'],
  [/Snapchat/i, 'Snapchat'],
  [/\bLine\//i, 'Line'],
  [/MicroMessenger/i, 'WeChat'],
  [/LinkedInApp/i, 'LinkedIn'],
  [/GSA\//, 'Google'],
];

/** The app whose built-in browser shows this page; '' when it is some app that gives no name, null for a real browser. */
export function appAround(agent: string): string | null {
  const known = apps.find(([pattern]) => pattern.test(agent));
  if (known !== undefined) {
    return known[1];
  }
  const androidView = /; wv\)/.test(agent);
  const appleView = /iPhone|iPad/.test(agent) && /AppleWebKit/.test(agent) && !/Safari\//.test(agent);
  return androidView || appleView ? '' : null;
}
