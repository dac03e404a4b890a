import { SnapshotStore } from '../../store';

/** Where somebody is in the practitioner's pages. */
export interface Route {
  /** /desk, /desk/patients/pt_…; never with a slash at its end. */
  readonly path: string;
  readonly query: string;
}

const home = '/desk';

/** Says whether the person is to stay where they are, and asks them: `to` is where they wanted to go. */
type Guard = (to: string) => boolean;

/**
 * The address is the state: every screen has one, links are ordinary links, the back button goes back and a reload stays. The Router only
 * keeps a click on a link of ours from loading the page again, so that the call, the bell and the strip of those who wait stay.
 */
export class Router extends SnapshotStore<Route> {
  readonly #window: Window;
  readonly #guards = new Set<Guard>();
  readonly #backGuards = new Set<Guard>();

  constructor(window: Window) {
    super(routeOf(window.location));
    this.#window = window;
    window.addEventListener('popstate', () => this.#handleBack());
    window.document.addEventListener('click', event => this.#handleClick(event));
  }

  /** Goes to an address of ours as a link does. */
  go(address: string): void {
    if (held(this.#guards, address)) {
      return;
    }
    this.#window.history.pushState(null, '', address);
    this.#follow();
  }

  /** Changes the address without a step for the back button: for what a screen finds out by itself. */
  replace(address: string): void {
    this.#window.history.replaceState(null, '', address);
    this.#follow();
  }

  /** While `guard` says true, links and go() lead nowhere (it asks the person), nor the back button if `back`. Returns what ends it. */
  guard(guard: Guard, { back = false }: { readonly back?: boolean } = {}): () => void {
    this.#guards.add(guard);
    if (back) {
      this.#backGuards.add(guard);
    }
    return () => {
      this.#guards.delete(guard);
      this.#backGuards.delete(guard);
    };
  }

  /** The browser has gone back already: who is to stay is put back where they were. */
  #handleBack(): void {
    const { path, query } = routeOf(this.#window.location);
    if (held(this.#backGuards, path + query)) {
      this.#window.history.pushState(null, '', this.snapshot.path + this.snapshot.query);
      return;
    }
    this.#follow();
  }

  #follow(): void {
    this.set(routeOf(this.#window.location));
  }

  #handleClick(event: MouseEvent): void {
    const plain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
    const link = event.target instanceof Element ? event.target.closest('a') : null;
    if (event.defaultPrevented || !plain || link === null || link.target !== '' || link.hasAttribute('download')) {
      return;
    }
    if (link.origin === this.#window.location.origin && within(link.pathname, home) && link.hash === '') {
      event.preventDefault();
      this.go(link.pathname + link.search);
    }
  }
}

function held(guards: ReadonlySet<Guard>, to: string): boolean {
  return [...guards].some(guard => guard(to));
}

function routeOf({ pathname, search }: Pick<Location, 'pathname' | 'search'>): Route {
  return { path: pathname.length > 1 ? pathname.replace(/\/+$/, '') : pathname, query: search };
}

/** Whether a path is `base` or lies below it. */
export function within(path: string, base: string): boolean {
  return path === base || path.startsWith(`${base}/`);
}

/** What of a path lies below `base`, in parts: /desk/patients/pt_1/edit below /desk/patients is [pt_1, edit]. */
export function below(path: string, base: string): readonly string[] {
  return path.slice(base.length).split('/').filter(Boolean).map(decoded);
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
