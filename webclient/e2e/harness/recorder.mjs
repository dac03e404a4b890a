/**
 * Runs in every page before its own scripts: keeps what a test cannot see from outside. The wrapped constructors do what the real ones do.
 * `window.record` = { connections, offers, messages, violations, states, tones }, all since the page was loaded.
 * @param {{relayOnly?: boolean, noRelay?: boolean, screenFromCanvas?: boolean, asks?: boolean}} options
 */
export function record({ relayOnly = false, noRelay = false, screenFromCanvas = false, asks = false } = {}) {
  if (window.record !== undefined) {
    return;
  }
  const kept = { connections: [], offers: 0, messages: [], violations: [], states: [], tones: 0 };
  Object.defineProperty(window, 'record', { value: kept });
  const now = () => performance.timeOrigin + performance.now();
  document.addEventListener('securitypolicyviolation', event => {
    kept.violations.push(`${event.violatedDirective}: ${event.blockedURI || event.sample}`);
  });

  const forced = config =>
    relayOnly ? { ...config, iceTransportPolicy: 'relay' } : noRelay ? { ...config, iceServers: [] } : config;
  const RealConnection = window.RTCPeerConnection;
  if (RealConnection !== undefined) {
    window.RTCPeerConnection = class RTCPeerConnection extends RealConnection {
      constructor(config = {}) {
        super(forced(config));
        kept.connections.push(this);
        this.addEventListener('connectionstatechange', () =>
          kept.states.push({ at: now(), state: this.connectionState }),
        );
      }
      setConfiguration(config) {
        super.setConfiguration(forced(config));
      }
      createOffer(...args) {
        kept.offers += 1;
        return super.createOffer(...args);
      }
    };
  }

  const RealSocket = window.WebSocket;
  window.WebSocket = class WebSocket extends RealSocket {
    constructor(...args) {
      super(...args);
      this.addEventListener('message', event => kept.messages.push({ at: now(), received: String(event.data) }));
    }
    send(text) {
      kept.messages.push({ at: now(), sent: String(text) });
      super.send(text);
    }
  };

  const start = OscillatorNode.prototype.start;
  OscillatorNode.prototype.start = function (...args) {
    kept.tones += 1;
    start.apply(this, args);
  };

  // A browser whose question is answered by a flag says "granted" before it was asked; a person's first visit says "prompt".
  if (asks) {
    navigator.permissions.query = async () => ({ state: 'prompt' });
  }

  // Headless Chromium has no screen to choose: a canvas that changes stands for it. What is tested is what happens to its track.
  if (screenFromCanvas && navigator.mediaDevices !== undefined) {
    navigator.mediaDevices.getDisplayMedia = async () => {
      const canvas = document.createElement('canvas');
      canvas.width = 1280;
      canvas.height = 720;
      const pen = canvas.getContext('2d');
      let shade = 0;
      const draw = () => {
        shade = (shade + 7) % 360;
        pen.fillStyle = `hsl(${shade} 80% 40%)`;
        pen.fillRect(0, 0, 1280, 720);
        pen.fillStyle = '#fff';
        pen.font = '96px sans-serif';
        pen.fillText(`screen ${shade}`, 100, 380);
      };
      draw();
      const timer = setInterval(draw, 100);
      const stream = canvas.captureStream(10);
      const [track] = stream.getVideoTracks();
      const stop = track.stop.bind(track);
      track.stop = () => {
        clearInterval(timer);
        stop();
      };
      return stream;
    };
  }
}
