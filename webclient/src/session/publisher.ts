// Publisher keeps two things in line with what the person's devices give: the tracks on the m-lines, and what the server has been told
// (publish, mute, unpublish). Before admission, and after being sent back, nothing is attached: the picture stays on the device.

import type { CallRequest, Done, Source } from '../protocol/messages';
import { codeOf } from './socket';

/** What there is to send of a source: nothing, a track, or a pause that others should see as such. */
export type Wish = { readonly track: MediaStreamTrack | null; readonly muted: boolean } | null;
type Told = 'nothing' | 'on' | 'muted';

export interface PublisherDeps {
  wish(source: Source): Wish;
  attach(source: Source, track: MediaStreamTrack | null): Promise<void>;
  request(request: CallRequest): Promise<Done>;
  /** A refusal that cannot be mended by trying again. */
  refused(code: string): void;
}

const sources: readonly Source[] = ['microphone', 'camera', 'screen'];

export class Publisher {
  readonly #deps: PublisherDeps;
  #allowed = false;
  /** What the server is known to believe. After a loss in mid-request it may know more; saying it again does no harm. */
  readonly #told: { [S in Source]: Told } = { microphone: 'nothing', camera: 'nothing', screen: 'nothing' };
  readonly #busy = new Set<Source>();
  /** What the server refused, so that it is not asked again before something changes. */
  readonly #refused = new Map<Source, Told>();
  /** Grows when the server forgets everything: what is then answered belongs to before. */
  #era = 0;

  constructor(deps: PublisherDeps) {
    this.#deps = deps;
  }

  /** In the call: attach and tell. */
  start(): void {
    this.#allowed = true;
    this.sync();
  }

  /** Out of the call, or in a new session: the server has forgotten what it was told. */
  stop(): void {
    this.#allowed = false;
    this.#era += 1;
    this.#busy.clear();
    this.#refused.clear();
    for (const source of sources) {
      this.#told[source] = 'nothing';
      this.#attach(source, null);
    }
  }

  /** Whether the server has been told of this source. */
  published(source: Source): boolean {
    return this.#told[source] !== 'nothing';
  }

  /** Looks again at what there is to send; also after the websocket came back. */
  sync(): void {
    if (!this.#allowed) {
      return;
    }
    for (const source of sources) {
      this.#attach(source, this.#deps.wish(source)?.track ?? null);
      this.#tell(source);
    }
  }

  #attach(source: Source, track: MediaStreamTrack | null): void {
    // replaceTrack refuses a closed connection only; then there is nothing to attach to.
    this.#deps.attach(source, track).catch(() => undefined);
  }

  #wanted(source: Source): Told {
    const wish = this.#deps.wish(source);
    return wish === null ? 'nothing' : wish.muted ? 'muted' : 'on';
  }

  /** Takes the next step towards what is wanted; one request at a time for each source. */
  #tell(source: Source): void {
    const wanted = this.#wanted(source);
    const told = this.#told[source];
    if (wanted === told || this.#busy.has(source) || this.#refused.get(source) === wanted) {
      return;
    }
    const [request, then] = step(source, told, wanted);
    const era = this.#era;
    this.#busy.add(source);
    this.#deps.request(request).then(
      () => {
        if (era === this.#era) {
          this.#busy.delete(source);
          this.#refused.delete(source);
          this.#told[source] = then;
          this.#tell(source);
        }
      },
      (error: unknown) => {
        if (era === this.#era) {
          this.#busy.delete(source);
          this.#handleRefusal(source, wanted, codeOf(error));
        }
      },
    );
  }

  #handleRefusal(source: Source, wanted: Told, code: string): void {
    if (code === 'lost' || code === 'timeout') {
      return; // said again when the websocket is back
    }
    this.#refused.set(source, wanted);
    this.#deps.refused(code);
  }
}

function step(source: Source, told: Told, wanted: Told): readonly [CallRequest, Told] {
  if (wanted === 'nothing') {
    return [{ type: 'unpublish', source }, 'nothing'];
  }
  if (told === 'nothing') {
    return [{ type: 'publish', source }, 'on'];
  }
  return [{ type: 'mute', source, muted: wanted === 'muted' }, wanted];
}
