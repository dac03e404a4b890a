// The phases of a call and everything that moves between them. What is not in the table changes nothing.
//
//   idle → checking → connecting ⇄ waiting          connecting: joining, or admitted and the media on its way
//                        │  ▲         │
//                        ▼  └─────────┘ admitted
//                      live ⇄ reconnecting          live and reconnecting → waiting: sent back
//                                                   every phase → ended; ended → connecting: comes back

export type CallPhase = 'idle' | 'checking' | 'waiting' | 'connecting' | 'live' | 'reconnecting' | 'ended';

export type Step =
  /** The device check began. */
  | 'check'
  /** Asked to join. */
  | 'join'
  /** The server says: in the waiting room. */
  | 'wait'
  /** The server says: in the call. */
  | 'admit'
  /** In the call, the websocket and the media both work. */
  | 'up'
  /** In the call, one of them does not. */
  | 'down'
  /** It is over. */
  | 'over';

const table: { readonly [P in CallPhase]: { readonly [S in Step]?: CallPhase } } = {
  idle: { check: 'checking', join: 'connecting', over: 'ended' },
  checking: { join: 'connecting', over: 'ended' },
  connecting: { wait: 'waiting', up: 'live', over: 'ended' },
  waiting: { admit: 'connecting', over: 'ended' },
  live: { down: 'reconnecting', wait: 'waiting', over: 'ended' },
  reconnecting: { up: 'live', wait: 'waiting', over: 'ended' },
  ended: { check: 'checking', join: 'connecting' },
};

/** The phase after a step. */
export function next(phase: CallPhase, step: Step): CallPhase {
  return table[phase][step] ?? phase;
}
