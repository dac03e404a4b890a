// Desk is the practitioner's view of who waits, and what can be done about it. The websocket brings whole snapshots and takes the
// intents of docs/protocol.md §3; starting and inviting go over HTTP, because their answers carry links.

import type {
  Availability,
  DeskRequest,
  DeskState,
  Devices,
  LinkDelivery,
  Need,
  Place,
  Presence,
  Reach,
  Role,
  State,
  WaitingMessage,
  Watch,
  DeskConsultation as WireConsultation,
  DeskParticipant as WireParticipant,
} from '../protocol/messages';
import { SnapshotStore, type Store } from '../store';
import { list } from './entering';
import { contactOf, DeskError, type Fetch, fields, flag, part, send, texts } from './http';
import { Line, type LineDeps } from './line';
import { codeOf, RequestError } from './socket';

export { DeskError } from './http';

export interface DeskParticipant {
  readonly id: string;
  readonly role: Role;
  readonly name: string;
  readonly place: Place;
  readonly since: string | null;
  readonly presence: Presence;
  readonly devices: Devices | null;
  readonly about: About;
}
/** What is known of somebody, besides where they are. */
export interface About {
  /** YYYY-MM-DD; '' when nobody said it. */
  readonly birthDate: string;
  /** BCP 47; '' when nobody said it. */
  readonly language: string;
  readonly needs: readonly Need[];
  /** E.164; '' when there is none. */
  readonly phone: string;
  readonly reach: Reach | null;
  /** A second device asks for their seat. */
  readonly knocking: boolean;
  readonly testedAt: string | null;
  readonly absentAt: string | null;
  /** What was said to them last, while they were not in the call. */
  readonly message: WaitingMessage | null;
  /** What became of the newest message with their link; null when none was sent. */
  readonly delivery: LinkDelivery | null;
}
export interface DeskConsultation {
  readonly id: string;
  readonly state: State;
  /** Their record; null without one. */
  readonly patient: string | null;
  readonly createdAt: string;
  /** When it is to begin; null: at once. */
  readonly scheduledAt: string | null;
  /** As planned; null when nobody said it. */
  readonly minutes: number | null;
  /** From then on the patient is late; null when nobody is looked out for. */
  readonly lateAt: string | null;
  /** The colleague who passed it on; null: nobody. */
  readonly passedBy: string | null;
  readonly participants: readonly DeskParticipant[];
}
/** Somebody who waits. */
export interface DeskWaiting {
  /** For whom: a practitioner whom a secretary works for; '' for oneself. */
  readonly owner: string;
  readonly consultation: string;
  readonly participant: string;
  readonly name: string;
  readonly role: Role;
  readonly since: string;
  readonly presence: Presence;
  readonly devices: Devices | null;
  readonly about: About;
  readonly passedBy: string | null;
}

/** Who is signed in, and what this account may do (consult/account's scopes). */
export interface Me {
  readonly id: string;
  readonly name: string;
  readonly roles: readonly string[];
  readonly scopes: readonly string[];
  /** Secretaries who act for this practitioner. */
  readonly delegates: readonly string[];
  /** The practitioners on whose behalf this account may do something, by their names. */
  readonly actsFor: readonly { readonly id: string; readonly name: string }[];
  /** Can sign in again without a link: has a passkey, a password, or another service. */
  readonly hasMeans: boolean;
  /** The identity provider that this browser signed in by; '' for another way. */
  readonly provider: string;
  /** Seconds without anybody at it after which the screen locks; 0: never. */
  readonly lockSeconds: number;
}

export interface DeskSnapshot {
  /** The websocket is up and the first snapshot has come. */
  readonly connected: boolean;
  /** The sign-in is gone (expired, or signed out elsewhere): go to the signed-out page. */
  readonly signedOut: boolean;
  /** It was this person who signed out, here: nothing is to be explained. */
  readonly left: boolean;
  /** Nobody was here for too long: nothing is shown and nothing works until unlocked() follows a proof of who it is. */
  readonly locked: boolean;
  /** Null until me() has answered. */
  readonly me: Me | null;
  /** The practitioner for whom the screens work; '' for oneself. */
  readonly actingFor: string;
  readonly delay: { readonly minutes: number; readonly saidAt: string } | null;
  /** Not ended, oldest first. */
  readonly consultations: readonly DeskConsultation[];
  /** In order of arrival. */
  readonly waiting: readonly DeskWaiting[];
  /** The same of everybody whom a secretary works for, `waiting` among them. */
  readonly allWaiting: readonly DeskWaiting[];
  /** Messages that did not arrive, and with which nobody has dealt yet: of everybody whom this account watches. */
  readonly undelivered: number;
  /** Grows by one at every arrival: play the sound, change the title. Those who were there at first do not count. */
  readonly arrivals: number;
  /** The name of who arrived last ('' when no name was given); null before the first arrival. */
  readonly lastArrival: string | null;
  /** The practitioner for whom; '' for oneself. */
  readonly lastArrivalFor: string;
  /** Grows whenever the server says that something happened at this desk, be it something that this snapshot does not hold. */
  readonly heard: number;
  /** The code of the last refused intent; null after the next one that works. */
  readonly problem: string | null;
}

export interface DeskDeps extends LineDeps {
  readonly fetch: Fetch;
  /** Remembers in this browser for whom a secretary worked last. */
  readonly lastOwner?: { read(): string; keep(owner: string): void };
}

type Message = Extract<DeskRequest, { type: 'message' }>;

/** On how many pages a message is shown now, and to how many it is sent. */
export interface Reached {
  readonly shown: number;
  readonly sent: number;
}

/** Another practitioner of the practice. */
export interface Colleague {
  readonly id: string;
  readonly name: string;
  readonly state: Availability;
}

const nothing: DeskSnapshot = {
  connected: false,
  signedOut: false,
  left: false,
  locked: false,
  me: null,
  actingFor: '',
  delay: null,
  consultations: [],
  waiting: [],
  allWaiting: [],
  undelivered: 0,
  arrivals: 0,
  heard: 0,
  lastArrival: null,
  lastArrivalFor: '',
  problem: null,
};

/** Somebody more in a consultation. */
export interface Invitation {
  readonly role: Role;
  /** Of a guest; '' for others. */
  readonly as: 'carer' | 'expert' | '';
  readonly name: string;
  /** A telephone number or a mail address that the link is sent to; '' to hand it over. */
  readonly contact: string;
}

/** A consultation at once, with somebody who may have no record. */
export interface StartNow {
  readonly name: string;
  readonly language: string;
  /** A telephone number or a mail address that the link is sent to; '' to hand it over. */
  readonly contact: string;
}

/** One waiting room that is watched: the own one, or that of a practitioner whom a secretary works for. */
interface Room {
  readonly line: Line<Watch>;
  connected: boolean;
  delay: DeskSnapshot['delay'];
  consultations: readonly DeskConsultation[];
  waiting: readonly DeskWaiting[];
  undelivered: number;
  /** Where everybody was in the last snapshot; null before the first. */
  places: ReadonlyMap<string, Place> | null;
}

/** The practitioner's desk: who waits, and what can be done about it. A secretary's watches a room for each practitioner. */
export class Desk extends SnapshotStore<DeskSnapshot> implements Store<DeskSnapshot> {
  readonly #deps: DeskDeps;
  /** By the practitioner's id; '' is the own one. */
  readonly #rooms = new Map<string, Room>();
  #wanted = false;

  constructor(deps: DeskDeps) {
    super(nothing);
    this.#deps = deps;
  }

  /** A room whose websocket is not open yet. */
  #newRoom(owner: string): Room {
    const line = new Line<Watch>(this.#deps, {
      opening: () => Promise.resolve(owner === '' ? { type: 'watch' } : { type: 'watch', practitioner: owner }),
      opened: desk => this.#handleDesk(owner, desk),
      refused: code => {
        if (code === 'not-found') {
          void this.me().catch(() => undefined); // they do not let this account work for them any more
          return 'stop';
        }
        if (code === 'forbidden' || code === 'bad-ticket') {
          this.#closeRooms();
          void this.me().then(
            () => this.set(this.snapshot.locked ? {} : { signedOut: true, connected: false }),
            () => this.set({ signedOut: true, connected: false }),
          );
          return 'stop';
        }
        this.set({ problem: code });
        return 'again';
      },
      event: event => {
        if (event.type === 'desk') {
          this.#handleDesk(owner, event);
        }
      },
      lost: () => {
        room.connected = false;
        this.#show();
      },
    });
    const room: Room = {
      line,
      connected: false,
      delay: null,
      consultations: [],
      waiting: [],
      undelivered: 0,
      places: null,
    };
    return room;
  }

  /** Opens a websocket for each waiting room that this account watches, and keeps them open. */
  open(): void {
    this.#wanted = true;
    this.#openRooms();
  }

  /** Whose waiting rooms: one's own; a secretary's, those of the practitioners who let them work for them. */
  #owners(): readonly string[] {
    const { me } = this.snapshot;
    return me === null || me.roles.includes('practitioner') || me.actsFor.length === 0
      ? ['']
      : me.actsFor.map(({ id }) => id);
  }

  #openRooms(): void {
    if (!this.#wanted || this.snapshot.locked) {
      return;
    }
    const owners = this.#owners();
    for (const [owner, room] of this.#rooms) {
      if (!owners.includes(owner)) {
        room.line.close();
        this.#rooms.delete(owner);
      }
    }
    for (const owner of owners) {
      const room = this.#rooms.get(owner) ?? this.#newRoom(owner);
      this.#rooms.set(owner, room);
      room.line.open();
    }
    this.#show();
  }

  #closeRooms(): void {
    this.#wanted = false;
    for (const room of this.#rooms.values()) {
      room.line.close();
    }
    this.#rooms.clear();
  }

  /** The room that the screens are about. */
  #room(): Room | undefined {
    return this.#rooms.get(this.snapshot.actingFor) ?? this.#rooms.get('');
  }

  /** Shows what is known of the rooms. */
  #show(): void {
    const room = this.#room();
    const rooms = [...this.#rooms.values()];
    this.set({
      connected: room?.connected ?? false,
      delay: room?.delay ?? null,
      consultations: room?.consultations ?? [],
      waiting: room?.waiting ?? [],
      allWaiting: rooms.length === 1 ? (room?.waiting ?? []) : byArrival(rooms.flatMap(({ waiting }) => waiting)),
      undelivered: rooms.reduce((sum, { undelivered }) => sum + undelivered, 0),
    });
  }

  /** The line of the room that the screens are about. Throws RequestError when there is none. */
  #inRoom(): Line<Watch> {
    const room = this.#room();
    if (room === undefined) {
      throw new RequestError('lost', 'no waiting room is open');
    }
    return room.line;
  }

  // Intents over the websocket: resolve when done; when refused, `problem` is set and they resolve too.

  admit(consultation: string, participant: string): Promise<void> {
    return this.#intend({ type: 'admit', consultation, participant });
  }

  sendBack(consultation: string, participant: string): Promise<void> {
    return this.#intend({ type: 'send-back', consultation, participant });
  }

  decline(consultation: string, participant: string): Promise<void> {
    return this.#intend({ type: 'decline', consultation, participant });
  }

  delay(minutes: number): Promise<void> {
    return this.#intend({ type: 'delay', minutes });
  }

  /** Says something to one who is not in the call, or to all who wait (null). How it reached them; null: it did not. */
  async message(to: { consultation: string; participant: string } | null, text: string): Promise<Reached | null> {
    try {
      const { shown, sent } = await this.#inRoom().request({ type: 'message', ...to, text } as Message);
      this.set({ problem: null });
      return { shown, sent };
    } catch (error) {
      this.set({ problem: codeOf(error) });
      return null;
    }
  }

  /** Marks somebody as not having come, or takes that back. */
  absent(consultation: string, participant: string, absent: boolean): Promise<void> {
    return this.#intend({ type: 'absent', consultation, participant, absent });
  }

  end(consultation: string): Promise<void> {
    return this.#intend({ type: 'end', consultation });
  }

  // Requests over HTTP: reject with DeskError when refused.

  async start(wanted: StartNow): Promise<{ id: string; participant: string; link: string }> {
    const { name, language, contact } = wanted;
    const answer = await this.request('POST', '/consultations', {
      ...this.#owner(),
      language,
      ...(name.trim() === '' ? {} : { patient_name: name.trim() }),
      ...(contact.trim() === '' ? {} : { contact: contactOf(contact), tell: true }),
    });
    return fields(answer, 'id', 'participant', 'link');
  }

  /**
   * Starts a consultation with somebody who has a record: their name, language and all else come from there, and for whom a secretary
   * starts it, too. tell: the link is sent to them.
   */
  async startWith(patient: string, tell: boolean): Promise<{ id: string; participant: string; link: string }> {
    const answer = await this.request('POST', '/consultations', { patient, ...(tell ? { tell } : {}) });
    return fields(answer, 'id', 'participant', 'link');
  }

  async link(consultation: string, participant: string): Promise<string> {
    const path = `/consultations/${encodeURIComponent(consultation)}/participants/${encodeURIComponent(participant)}/link`;
    return fields(await this.request('POST', path, {}), 'link').link;
  }

  /** contact: a telephone number or a mail address that the link is sent to; '' to hand it over. */
  async invite(consultation: string, who: Invitation): Promise<{ participant: string; link: string; sent: boolean }> {
    const path = `/consultations/${encodeURIComponent(consultation)}/participants`;
    const { role, as, name, contact } = who;
    const answer = await this.request('POST', path, {
      role,
      name: name.trim(),
      ...(as === '' ? {} : { as }),
      ...(contact.trim() === '' ? {} : { contact: contactOf(contact), tell: true }),
    });
    return { ...fields(answer, 'participant', 'link'), sent: flag(answer, 'sent') };
  }

  /** To whom a consultation can be passed on. */
  async colleagues(): Promise<readonly Colleague[]> {
    const answer = await this.request('GET', '/colleagues');
    return list(answer, 'colleagues', one => fields(one, 'id', 'name', 'state') as Colleague);
  }

  /** Passes a consultation on: its people wait for the colleague. */
  async pass(consultation: string, to: string): Promise<void> {
    await this.request('POST', `/consultations/${encodeURIComponent(consultation)}/pass`, { to });
  }

  /** Takes pass() back, as long as the colleague has let nobody in. */
  async passBack(consultation: string): Promise<void> {
    await this.request('POST', `/consultations/${encodeURIComponent(consultation)}/pass-back`, {});
  }

  /** Reads who is signed in, into snapshot.me. */
  async me(): Promise<void> {
    const answer = await this.request('GET', '/me');
    this.set({
      me: {
        ...fields(answer, 'id', 'name'),
        roles: texts(answer, 'roles'),
        scopes: texts(answer, 'scopes'),
        delegates: texts(answer, 'delegates'),
        actsFor: [...list(answer, 'acts_for', one => fields(one, 'id', 'name'))].sort((a, b) =>
          a.name.localeCompare(b.name),
        ),
        hasMeans: part(answer, 'has_means') === true,
        provider: String(part(answer, 'provider') ?? ''),
        lockSeconds: Number(part(answer, 'lock_seconds') ?? 0),
      },
    });
    this.#chooseOwner();
    this.#openRooms();
    const locked = part(answer, 'locked') === true;
    if (locked && !this.snapshot.locked) {
      this.#lock();
    } else if (!locked && this.snapshot.locked) {
      this.set({ locked: false });
      this.open();
    }
  }

  /** Says for which of me.actsFor the screens work from now on. */
  actFor(owner: string): void {
    this.set({ actingFor: owner });
    this.#show();
    this.#deps.lastOwner?.keep(owner);
  }

  /** A practitioner works for themselves; a secretary for the one chosen, or the first who lets them. */
  #chooseOwner(): void {
    const { me, actingFor } = this.snapshot;
    if (me !== null && !me.roles.includes('practitioner') && !me.actsFor.some(({ id }) => id === actingFor)) {
      const before = this.#deps.lastOwner?.read() ?? '';
      const first = me.actsFor.find(({ id }) => id === before) ?? me.actsFor[0];
      this.set({ actingFor: first?.id ?? '' });
    }
  }

  /** What says on whose behalf something is done; nothing when it is one's own. */
  #owner(): { practitioner?: string } {
    const { actingFor } = this.snapshot;
    return actingFor === '' ? {} : { practitioner: actingFor };
  }

  /** Locks this screen. */
  async lock(): Promise<void> {
    await this.request('POST', '/me/lock', {});
    this.#lock();
  }

  /** Somebody is here, or in a call: the screen stays open. */
  async here(): Promise<void> {
    await this.request('POST', '/me/here', {});
  }

  /** What was on the screen goes: who unlocks gets it anew. */
  #lock(): void {
    this.#closeRooms();
    this.set({ locked: true, problem: null });
    this.#show();
  }

  /** Changes the name that patients see. */
  async rename(name: string): Promise<void> {
    await this.request('PATCH', '/me', { name: name.trim() });
    await this.me();
  }

  async signOut(): Promise<void> {
    await this.request('POST', '/sign-out', {});
    this.#closeRooms();
    this.set({ signedOut: true, left: true, connected: false });
  }

  /** Does not wait for the rest of a pause between two tries. The browser's own word that it is online again does this too. */
  retryNow(): void {
    for (const { line } of this.#rooms.values()) {
      line.retryNow();
    }
  }

  close(): void {
    this.#closeRooms();
  }

  /** Any operation of the API, for the screens' own: path without /api/v1. Rejects with DeskError; notices when the sign-in is gone. */
  async request(method: string, path: string, body?: unknown): Promise<unknown> {
    try {
      return await send(this.#deps.fetch, method, path, body);
    } catch (error) {
      if (error instanceof DeskError && error.code === 'signed-out') {
        this.set({ signedOut: true });
      }
      if (error instanceof DeskError && error.code === 'locked' && !this.snapshot.locked) {
        this.#lock();
      }
      throw error;
    }
  }

  async #intend(request: DeskRequest): Promise<void> {
    try {
      await this.#inRoom().request(request);
      this.set({ problem: null });
    } catch (error) {
      this.set({ problem: codeOf(error) });
    }
  }

  #handleDesk(owner: string, state: DeskState): void {
    const room = this.#rooms.get(owner);
    if (room === undefined) {
      return; // closed meanwhile
    }
    const before = room.places;
    room.consultations = state.consultations.map(consultationOf);
    room.waiting = waitingOf(owner, room.consultations);
    room.delay = state.delay === undefined ? null : { minutes: state.delay.minutes, saidAt: state.delay.said_at };
    room.undelivered = state.undelivered ?? 0;
    room.places = new Map(
      room.consultations.flatMap(one => one.participants.map(({ id, place }) => [id, place] as const)),
    );
    const arrived = before === null ? [] : room.waiting.filter(one => isArrival(before.get(one.participant)));
    const last = arrived.at(-1);
    this.set({
      problem: room.connected ? this.snapshot.problem : null,
      arrivals: this.snapshot.arrivals + arrived.length,
      heard: this.snapshot.heard + 1,
      ...(last === undefined ? {} : { lastArrival: last.name, lastArrivalFor: owner }),
    });
    room.connected = true;
    this.#show();
  }
}

/** Who was in the call and waits now was sent back by the practitioner, who needs no bell for that. */
function isArrival(before: Place | undefined): boolean {
  return before !== 'waiting' && before !== 'call';
}

function consultationOf(wire: WireConsultation): DeskConsultation {
  return {
    id: wire.id,
    state: wire.state,
    patient: wire.patient ?? null,
    createdAt: wire.created_at,
    scheduledAt: wire.scheduled_at ?? null,
    minutes: wire.minutes ?? null,
    lateAt: wire.late_at ?? null,
    passedBy: wire.passed_by ?? null,
    participants: wire.participants.map(participantOf),
  };
}

function participantOf(wire: WireParticipant): DeskParticipant {
  const { id, role, name, place, presence } = wire;
  return {
    id,
    role,
    name,
    place,
    since: wire.since ?? null,
    presence,
    devices: wire.devices === undefined ? null : devicesOf(wire.devices),
    about: {
      birthDate: wire.birth_date ?? '',
      language: wire.language ?? '',
      needs: wire.needs ?? [],
      phone: wire.phone ?? '',
      reach: wire.reach ?? null,
      knocking: wire.knocking ?? false,
      testedAt: wire.tested_at ?? null,
      absentAt: wire.absent_at ?? null,
      message: wire.message ?? null,
      delivery: wire.delivery ?? null,
    },
  };
}

function devicesOf({ camera, microphone, sound }: Partial<Devices>): Devices | null {
  if (camera === undefined && microphone === undefined && sound === undefined) {
    return null;
  }
  return { camera: camera ?? 'skipped', microphone: microphone ?? 'skipped', sound: sound ?? 'skipped' };
}

/** Those who wait, first come first; two who came in the same second keep the order of their consultations. */
function waitingOf(owner: string, consultations: readonly DeskConsultation[]): DeskWaiting[] {
  return byArrival(
    consultations.flatMap(({ id: consultation, createdAt, passedBy, participants }) =>
      participants
        .filter(({ place }) => place === 'waiting')
        .map(({ id: participant, name, role, since, presence, devices, about }) => {
          return {
            owner,
            consultation,
            participant,
            name,
            role,
            since: since ?? createdAt,
            presence,
            devices,
            about,
            passedBy,
          };
        }),
    ),
  );
}

function byArrival(waiting: readonly DeskWaiting[]): DeskWaiting[] {
  return [...waiting].sort((a, b) => Date.parse(a.since) - Date.parse(b.since));
}
