/** A TCP wire in front of the program that can be cut: what a browser sees then is a network that is gone, while its UDP goes on. */
import { once } from 'node:events';
import { connect, createServer } from 'node:net';

export class Wire {
  #sockets = new Set();
  #whole = true;

  static async lay() {
    const wire = new Wire();
    wire.server = createServer(near => wire.#join(near)).listen(0, 'localhost');
    await once(wire.server, 'listening');
    wire.base = `http://localhost:${wire.server.address().port}`;
    return wire;
  }

  /** Where the program listens, [host, port]. */
  leadTo(host, port) {
    this.target = { host, port };
  }

  #join(near) {
    if (!this.#whole) {
      near.destroy();
      return;
    }
    const far = connect(this.target);
    for (const [one, other] of [
      [near, far],
      [far, near],
    ]) {
      this.#sockets.add(one);
      one.on('error', () => undefined);
      one.on('close', () => {
        this.#sockets.delete(one);
        other.destroy();
      });
      one.pipe(other);
    }
  }

  cut() {
    this.#whole = false;
    for (const socket of this.#sockets) {
      socket.destroy();
    }
  }

  mend() {
    this.#whole = true;
  }

  close() {
    this.cut();
    this.server.close();
  }
}
