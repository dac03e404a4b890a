import { expect, test } from 'vitest';
import { appAround, browserOf, systemOf } from './browser';

const iphone = 'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)';
const pixel = 'Mozilla/5.0 (Linux; Android 12; Pixel 4a';
const chrome = 'AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Mobile Safari/537.36';

test.each([
  [`${iphone} Version/17.5 Mobile/15E148 Safari/604.1`, 5, 'safari-ios', 'ios', null],
  [`${iphone} Mobile/15E148 [FBAN/FBIOS;FBAV/400.0]`, 5, 'safari-ios', 'ios', 'Facebook'],
  [`${iphone} Mobile/15E148`, 5, 'safari-ios', 'ios', ''],
  [`${pixel}) ${chrome}`, 5, 'chrome-android', 'android', null],
  [`${pixel}; wv) ${chrome}`, 5, 'chrome-android', 'android', ''],
  [`${pixel}; wv) ${chrome} WhatsApp/2.24`, 5, 'chrome-android', 'android', 'WhatsApp'],
  ['Mozilla/5.0 (Android 13; Mobile; rv:128.0) Gecko/128.0 Firefox/128.0', 5, 'firefox-android', 'android', null],
  ['Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0', 0, 'firefox', 'computer', null],
  [`Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${chrome.replace('Mobile ', '')}`, 0, 'chrome', 'computer', null],
  [
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/17.0 Safari/605.1.15',
    0,
    'safari',
    'computer',
    null,
  ],
  [
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/17.0 Safari/605.1.15',
    5,
    'safari-ios',
    'ios',
    null,
  ],
  ['Something/1.0', 0, 'other', 'computer', null],
])('%s', (agent, touches, browser, system, app) => {
  expect(browserOf(agent, touches)).toBe(browser);
  expect(systemOf(agent, touches)).toBe(system);
  expect(appAround(agent)).toBe(app);
});
