import { expect, test } from 'vitest';
import { below, Router, within } from './router';

class FakeWindow extends EventTarget {
  readonly document = new EventTarget();
  readonly location = { pathname: '/desk', search: '', origin: 'https://x.test' };
  readonly addresses: string[] = [];
  readonly history = {
    pushState: (_: unknown, __: string, address: string) => this.#at(address),
    replaceState: (_: unknown, __: string, address: string) => this.#at(address),
  };
  #at(address: string): void {
    this.addresses.push(address);
    const url = new URL(address, 'https://x.test');
    this.location.pathname = url.pathname;
    this.location.search = url.search;
  }
}

const open = () => {
  const window = new FakeWindow();
  return { window, router: new Router(window as unknown as Window) };
};

test('go changes the address and the route; back follows the address', () => {
  const { window, router } = open();
  router.go('/desk/patients/pt_1?tab=visits');
  expect(router.snapshot).toEqual({ path: '/desk/patients/pt_1', query: '?tab=visits' });
  expect(window.addresses).toEqual(['/desk/patients/pt_1?tab=visits']);
  window.location.pathname = '/desk/';
  window.location.search = '';
  window.dispatchEvent(new Event('popstate'));
  expect(router.snapshot).toEqual({ path: '/desk', query: '' });
});

test('a guard holds links, until it ends', () => {
  const { window, router } = open();
  let asked = 0;
  const end = router.guard(() => {
    asked++;
    return true;
  });
  router.go('/desk/team');
  expect(router.snapshot.path).toBe('/desk');
  expect(asked).toBe(1);
  end();
  router.go('/desk/team');
  expect(window.addresses).toEqual(['/desk/team']);
});

test.each([
  ['/desk', '/desk', true],
  ['/desk/patients', '/desk', true],
  ['/desktop', '/desk', false],
  ['/', '/desk', false],
])('%s within %s: %s', (path, base, holds) => {
  expect(within(path, base)).toBe(holds);
});

test.each([
  ['/desk/patients', []],
  ['/desk/patients/pt_1/edit', ['pt_1', 'edit']],
  ['/desk/patients/a%20b', ['a b']],
  ['/desk/patients/%E0%A4%A', ['%E0%A4%A']],
])('below /desk/patients: %s', (path, parts) => {
  expect(below(path, '/desk/patients')).toEqual(parts);
});

test('the back button is held by a guard that says so, and by no other', () => {
  const { window, router } = open();
  const back = (): void => {
    window.location.pathname = '/desk';
    window.dispatchEvent(new Event('popstate'));
  };
  router.go('/desk/patients/new');
  const asked: string[] = [];
  const end = router.guard(to => asked.push(to) > 0, { back: true });
  back();
  expect(asked).toEqual(['/desk']);
  expect(router.snapshot.path).toBe('/desk/patients/new');
  expect(window.location.pathname).toBe('/desk/patients/new');
  end();
  router.guard(() => true);
  back();
  expect(router.snapshot.path).toBe('/desk');
});
