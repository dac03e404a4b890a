import { expect, test } from 'vitest';
import { FakePeerConnection, FakeTrack, newStream } from '../testing/media';
import { MAX_LANES, Peer } from './peer';

const codec = (mimeType: string): RTCRtpCodec => ({ mimeType, clockRate: 90_000 });

function setUp(codecs: (kind: 'audio' | 'video') => readonly RTCRtpCodec[] | null = () => null) {
  const connections: FakePeerConnection[] = [];
  const states: string[] = [];
  const peer = new Peer(
    {
      newPeerConnection: config => {
        const connection = new FakePeerConnection(config);
        connections.push(connection);
        return connection.real;
      },
      newMediaStream: newStream,
      codecs,
    },
    state => states.push(state),
  );
  const [connection] = connections;
  if (connection === undefined) {
    throw new Error('no peer connection');
  }
  return { peer, connection, states };
}

test('the first offer: three lines to send on, then lanes to receive on', async () => {
  const { peer, connection } = setUp();
  const { publish } = await peer.offer({ ice: false });
  expect(connection.configuration.bundlePolicy).toBe('max-bundle');
  expect(connection.transceivers.map(({ kind, init }) => `${kind} ${init.direction}`)).toEqual([
    'audio sendonly',
    'video sendonly',
    'video sendonly',
    ...Array<string>(4).fill('audio recvonly'),
    ...Array<string>(4).fill('video recvonly'),
  ]);
  const encodings = connection.transceivers[1]?.init.sendEncodings ?? [];
  expect(encodings.map(({ rid, scaleResolutionDownBy }) => [rid, scaleResolutionDownBy])).toEqual([
    ['l', 4],
    ['m', 2],
    ['h', 1],
  ]);
  expect(encodings.some(encoding => 'scalabilityMode' in encoding)).toBe(false);
  expect(publish).toEqual([
    { mid: '0', source: 'microphone' },
    { mid: '1', source: 'camera' },
    { mid: '2', source: 'screen' },
  ]);
});

test('the local description waits for the answer, and the relays come before it', async () => {
  const { peer, connection } = setUp();
  await peer.offer({ ice: false });
  expect(connection.log).toEqual([]);
  peer.setIceServers([{ urls: ['turn:203.0.113.7:8080'], username: 'u', credential: 'c' }]);
  await peer.accept('v=0\r\n');
  expect(connection.log).toEqual(['configuration', 'local', 'remote']);
  expect(connection.configuration).toMatchObject({ bundlePolicy: 'max-bundle', iceServers: [{ username: 'u' }] });
});

test('an answer is taken once', async () => {
  const { peer } = setUp();
  await peer.offer({ ice: false });
  await peer.accept('v=0\r\n');
  await expect(peer.accept('v=0\r\n')).rejects.toThrow();
});

test('lanes are known by mid once negotiated, each with a stream of its own that stays', async () => {
  const { peer, connection } = setUp();
  await peer.offer({ ice: false });
  expect(peer.lane('3')).toBeNull();
  await peer.accept('v=0\r\n');
  expect(peer.lane('3')?.kind).toBe('audio');
  expect(peer.lane('7')?.kind).toBe('video');
  expect(peer.lane('7')?.stream).toBe(peer.lane('7')?.stream);
  expect(peer.lane('7')?.stream).toMatchObject({ tracks: [connection.transceivers[7]?.receiver.track] });
  expect(peer.lane('0')).toBeNull(); // we send there
});

test('more lanes come in pairs at the end, and not without end', async () => {
  const { peer, connection } = setUp();
  peer.addLanes(2);
  expect(connection.transceivers.slice(11).map(({ kind }) => kind)).toEqual(['audio', 'audio', 'video', 'video']);
  peer.addLanes(100);
  expect(peer.lanes).toBe(MAX_LANES);
});

test('an ICE restart is asked for in the offer', async () => {
  const { peer, connection } = setUp();
  await peer.offer({ ice: true });
  expect(connection.iceRestarts).toBe(1);
});

test('tracks are put on and taken off without an offer', async () => {
  const { peer, connection } = setUp();
  const track = new FakeTrack('video');
  await peer.attach('camera', track.real);
  expect(connection.sending.camera).toBe(track);
  await peer.attach('camera', null);
  expect(connection.sending.camera).toBeNull();
  expect(connection.offers).toBe(0);
});

test('only codecs that the server forwards are offered', () => {
  const { connection } = setUp(kind =>
    kind === 'audio'
      ? [codec('audio/opus'), codec('audio/G722')]
      : [codec('video/VP8'), codec('video/rtx'), codec('video/AV1'), codec('video/H264')],
  );
  expect(connection.transceivers[0]?.codecs?.map(({ mimeType }) => mimeType)).toEqual(['audio/opus']);
  expect(connection.transceivers[7]?.codecs?.map(({ mimeType }) => mimeType)).toEqual([
    'video/VP8',
    'video/rtx',
    'video/H264',
  ]);
});

test('a browser that knows none of them is left alone', () => {
  const { connection } = setUp(() => [codec('video/VP9')]);
  expect(connection.transceivers[1]?.codecs).toBeNull();
});

test('a closed peer tells nothing any more', () => {
  const { peer, connection, states } = setUp();
  connection.become('connected');
  const listener = connection.onconnectionstatechange;
  peer.close();
  listener?.();
  expect(states).toEqual(['connected']);
});
