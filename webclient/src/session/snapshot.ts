// What ui reads of a call, and how the wire's messages become it. Pure functions only.

import type { Network } from '../media/network';
import type { DeviceState } from '../media/snapshot';
import type {
  Availability,
  Consultation,
  DocumentList,
  Participant,
  Presence,
  Quality,
  Role,
  Source,
  State,
  Visit,
  Waiting,
} from '../protocol/messages';
import type { UsedLane } from './callmedia';
import type { ChatLine } from './chatlog';
import type { CallPhase } from './machine';

export interface CallParticipant {
  readonly id: string;
  readonly role: Role;
  /** What a guest is; '' when nobody said it. */
  readonly as: 'carer' | 'expert' | '';
  readonly name: string;
  readonly self: boolean;
  readonly presence: Presence;
  readonly microphone: 'on' | 'muted' | 'none';
  readonly camera: 'on' | 'muted' | 'none';
  readonly screen: boolean;
  readonly speaking: boolean;
  readonly quality: Quality;
}

/** A picture to show: a video element each. Follows what the server says is on each lane, never a track's mute. */
export interface Tile {
  readonly key: string;
  readonly participant: string;
  readonly source: Exclude<Source, 'microphone'>;
  readonly stream: MediaStream;
}

/** A sound to play: an audio element each. */
export interface Sound {
  readonly key: string;
  readonly participant: string;
  readonly stream: MediaStream;
}

export interface CallSnapshot {
  readonly phase: CallPhase;
  readonly selfId: string | null;
  readonly role: Role | null;
  readonly practice: { readonly name: string; readonly phone: string } | null;
  readonly consultation: {
    readonly id: string;
    readonly state: State;
    readonly practitioner: string;
    readonly createdAt: string;
    readonly liveAt: string | null;
    /** When it was to begin; null: at once. */
    readonly scheduledAt: string | null;
  } | null;
  readonly waiting: {
    readonly since: string;
    readonly practitioner: Availability;
    /** Who will see them; '' when the server did not say. */
    readonly practitionerName: string;
    readonly delay: { readonly minutes: number; readonly saidAt: string } | null;
    /** What the practitioner says to them. */
    readonly message: { readonly text: string; readonly at: string } | null;
    /** What a patient said of where they are; null for who is no patient. */
    readonly where: { readonly place: string; readonly callBack: string } | null;
  } | null;
  /** This seat is taken on another device, which was asked just now. */
  readonly elsewhere: boolean;
  /** Another device asks for this seat. */
  readonly knock: boolean;
  /** Those in the call, and nobody who waits. */
  readonly participants: readonly CallParticipant[];
  readonly tiles: readonly Tile[];
  readonly audio: readonly Sound[];
  /** While waiting, 'lost' means that the server cannot be reached just now (the place is kept). */
  readonly network: Network;
  /** Whose connection `network` speaks of; null while it is good. */
  readonly networkOf: 'self' | 'other' | null;
  readonly chat: readonly ChatLine[];
  readonly unread: number;
  /** What the server said of the documents; null before it said anything. */
  readonly documents: DocumentList | null;
  /** Who the patients are and where, for the practitioner; null for everybody else. */
  readonly visit: Visit | null;
  /** It goes on by telephone; the number is told to whom it is with, '' to others. */
  readonly phone: { readonly since: string; readonly number: string } | null;
  /** Why it is over: a reason of the protocol's `ended`, or the error code that refused the join. */
  readonly ended: { readonly reason: string } | null;
  /** An error code to show in words; null when all is well. */
  readonly problem: string | null;
}

/** Before anybody joined. */
export const nothing: CallSnapshot = {
  phase: 'idle',
  selfId: null,
  role: null,
  practice: null,
  consultation: null,
  waiting: null,
  elsewhere: false,
  knock: false,
  participants: [],
  tiles: [],
  audio: [],
  network: 'good',
  networkOf: null,
  chat: [],
  unread: 0,
  documents: null,
  visit: null,
  phone: null,
  ended: null,
  problem: null,
};

export function consultationOf(wire: Consultation): NonNullable<CallSnapshot['consultation']> {
  const { id, state, practitioner } = wire;
  return {
    id,
    state,
    practitioner,
    createdAt: wire.created_at,
    liveAt: wire.live_at ?? null,
    scheduledAt: wire.scheduled_at ?? null,
  };
}

export function waitingOf(wire: Waiting): NonNullable<CallSnapshot['waiting']> {
  const { since, practitioner, delay, message = null, where } = wire;
  const practitionerName = wire.practitioner_name ?? '';
  return {
    since,
    practitioner,
    practitionerName,
    delay: delay ? { minutes: delay.minutes, saidAt: delay.said_at } : null,
    message,
    where: where === undefined ? null : { place: where.place, callBack: where.call_back },
  };
}

/** What the server last said of the people in the call. */
export interface People {
  readonly participants: readonly Participant[];
  readonly speaking: readonly string[];
  readonly quality: ReadonlyMap<string, Quality>;
}

export const nobody: People = { participants: [], speaking: [], quality: new Map() };

/** The participants; of ourselves, our own devices say what is on, a round trip earlier than the server. */
export function participantsOf(
  people: People,
  self: string | null,
  own: { readonly camera: DeviceState; readonly microphone: DeviceState; readonly screen: 'off' | 'on' },
): readonly CallParticipant[] {
  return people.participants.map(({ id, role, as, name, presence, publications }) => {
    const state = (source: Source): 'on' | 'muted' | 'none' => {
      const publication = publications.find(one => one.source === source);
      return publication === undefined ? 'none' : publication.muted ? 'muted' : 'on';
    };
    const mine = (device: DeviceState): 'on' | 'muted' | 'none' =>
      device === 'on' ? 'on' : device === 'off' ? 'muted' : 'none';
    const isSelf = id === self;
    return {
      id,
      role,
      as: as ?? '',
      name,
      self: isSelf,
      presence: isSelf ? 'here' : presence,
      microphone: isSelf ? mine(own.microphone) : state('microphone'),
      camera: isSelf ? mine(own.camera) : state('camera'),
      screen: isSelf ? own.screen === 'on' : state('screen') !== 'none',
      speaking: people.speaking.includes(id),
      quality: people.quality.get(id) ?? 'good',
    };
  });
}

/** Pictures and sounds, by person and source, so that one that moves to another lane keeps its place on the screen. */
export function tilesOf(lanes: readonly UsedLane[]): {
  readonly tiles: readonly Tile[];
  readonly audio: readonly Sound[];
} {
  const tiles: Tile[] = [];
  const audio: Sound[] = [];
  for (const { use, kind, stream } of lanes) {
    const key = `${use.participant}/${use.source}`;
    if (use.source === 'microphone' && kind === 'audio') {
      audio.push({ key, participant: use.participant, stream });
    } else if (use.source !== 'microphone' && kind === 'video') {
      tiles.push({ key, participant: use.participant, source: use.source, stream });
    }
  }
  return { tiles, audio };
}

const rank: { readonly [N in Network]: number } = { good: 0, weak: 1, bad: 2, lost: 3 };
const worst = (words: readonly Network[]): Network =>
  words.reduce((a, b) => (rank[b] > rank[a] ? b : a), 'good' as Network);

/** The worst of our own connection, else the worst of the others': what a person can do something about comes first. */
export function networkOf(
  lost: boolean,
  quality: Quality,
  participants: readonly CallParticipant[],
): Pick<CallSnapshot, 'network' | 'networkOf'> {
  if (lost) {
    return { network: 'lost', networkOf: 'self' };
  }
  const own = worst([quality, ...participants.filter(one => one.self).map(one => one.quality)]);
  if (own !== 'good') {
    return { network: own, networkOf: 'self' };
  }
  const others = participants.filter(one => !one.self && one.presence !== 'away');
  const theirs = worst(others.map(one => (one.presence === 'lost' ? 'lost' : one.quality)));
  return { network: theirs, networkOf: theirs === 'good' ? null : 'other' };
}
