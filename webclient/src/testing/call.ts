// A call with everything around it, for tests: the server, the devices, the peer connections, the clock.

import { LocalMedia } from '../media/localmedia';
import type { Consultation, Devices, Event, Waiting } from '../protocol/messages';
import { Call, type CallSnapshot } from '../session/call';
import { FakeClock, settle } from './clock';
import { FakeAudioContext, FakeDevices, FakePeerConnection, newStream } from './media';
import { type Answering, FakeServer } from './server';

export const consultation: Consultation = {
  id: 'c_77',
  state: 'waiting',
  practitioner: 'Dr Claire Moreau',
  created_at: '2026-11-22T09:00:00Z',
};
export const waiting: Waiting = { since: '2026-11-22T09:01:10Z', practitioner: 'available' };
export const checked: Devices = { camera: 'ok', microphone: 'ok', sound: 'heard' };
export const iceServers = [{ urls: ['turn:203.0.113.7:8080?transport=udp'], username: 'u', credential: 'c' }];

export function joined(more: Partial<Extract<Answering, { type: 'joined' }>> = {}): Answering {
  return {
    type: 'joined',
    session: 's_1',
    token: 't_1',
    self: 'p_me',
    role: 'patient',
    answer: 'v=0\r\n',
    ice_servers: iceServers,
    practice: { name: 'Cabinet des Tilleuls', phone: '+33123456789' },
    consultation,
    chat: [],
    ...more,
  };
}

export function resumed(more: Partial<Extract<Answering, { type: 'resumed' }>> = {}): Answering {
  return { type: 'resumed', ice_servers: iceServers, consultation, chat: [], ...more };
}

export class CallScene {
  readonly clock = new FakeClock();
  readonly server = new FakeServer();
  readonly devices = new FakeDevices();
  readonly connections: FakePeerConnection[] = [];
  readonly log: string[] = [];
  readonly local = new LocalMedia({
    mediaDevices: this.devices,
    newAudioContext: () => new FakeAudioContext().real,
    newMediaStream: newStream,
    canChooseSpeaker: false,
    clock: this.clock,
  });
  readonly call = new Call({
    local: this.local,
    peer: {
      newPeerConnection: config => {
        const connection = new FakePeerConnection(config);
        this.connections.push(connection);
        return connection.real;
      },
      newMediaStream: newStream,
      codecs: () => null,
    },
    openSocket: this.server.open,
    whenBack: this.server.whenBack,
    clock: this.clock,
    random: () => 0.5,
    log: line => this.log.push(line),
  });

  constructor() {
    this.server.answers.join = () => joined({ waiting });
    this.server.answers.resume = () => resumed({ waiting });
    this.server.answers.offer = () => ({ type: 'answer', answer: 'v=0\r\n' });
  }

  get snapshot(): CallSnapshot {
    return this.call.snapshot;
  }

  /** The peer connection that was made last. */
  get connection(): FakePeerConnection {
    const last = this.connections.at(-1);
    if (last === undefined) {
      throw new Error('no peer connection');
    }
    return last;
  }

  /** Offers made by all peer connections. */
  get offers(): number {
    return this.connections.reduce((sum, connection) => sum + connection.offers, 0);
  }

  async join(): Promise<void> {
    this.call.join({ ticket: 'Ck4aZ2xTq8w0Pn1yR7uVtA', language: 'fr' }, checked);
    await this.clock.pass(0);
  }

  /** With camera and microphone open, joined and waiting, the transport up. */
  async wait(): Promise<void> {
    await this.local.openCamera();
    await this.local.openMicrophone();
    await this.join();
    this.connection.become('connected');
    await settle();
  }

  /** Waiting, then admitted. */
  async talk(): Promise<void> {
    await this.wait();
    await this.say({ type: 'admitted', consultation: { ...consultation, state: 'called' } });
    this.server.answers.join = () => joined({ session: 's_2', token: 't_2' });
    this.server.answers.resume = () => resumed();
  }

  async say(event: Event): Promise<void> {
    await this.server.socket.say(event);
  }

  /** The practitioner and ourselves in the call. */
  async meet(): Promise<void> {
    await this.say({
      type: 'participants',
      consultation: { ...consultation, state: 'live', live_at: '2026-11-22T09:14:00Z' },
      participants: [
        {
          id: 'p_dr',
          role: 'practitioner',
          name: 'Dr Claire Moreau',
          presence: 'here',
          publications: [
            { source: 'microphone', muted: false },
            { source: 'camera', muted: true },
          ],
        },
        { id: 'p_me', role: 'patient', name: 'Jeanne Martin', presence: 'here', publications: [] },
      ],
    });
    await this.say({
      type: 'lanes',
      lanes: [
        { mid: '3', participant: 'p_dr', source: 'microphone' },
        { mid: '7', participant: 'p_dr', source: 'camera' },
      ],
      missing: 0,
    });
  }
}
