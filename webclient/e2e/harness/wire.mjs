/** A TCP wire in front of the program that can be cut: what a browser sees then is a network that is gone, while its UDP goes on. */
import { once } from 'node:events';
import { connect, createServer } from 'node:net';

export class Wire {
  #sockets = new Set();
  #whole = true;
  #deaf = false;
  /** Bytes that browsers said and the program got. */
  carried = 0;

  static async lay() {
    const wire = new Wire();
    wire.server = createServer(near => wire.#join(near)).listen(0, 'localhost');
    await once(wire.server, 'listening');
    wire.server.unref(); // a test that fails must not be kept from ending
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
    }
    near.on('data', bytes => {
      far.write(bytes);
      this.carried += bytes.length;
    });
    far.on('data', bytes => {
      if (!this.#deaf) {
        near.write(bytes);
      }
    });
  }

  /** From here on browsers hear nothing any more, although what they say arrives. */
  deafen() {
    this.#deaf = true;
  }

  cut() {
    this.#whole = false;
    for (const socket of this.#sockets) {
      socket.destroy();
    }
  }

  mend() {
    this.#whole = true;
    this.#deaf = false;
  }

  close() {
    this.cut();
    this.server.close();
  }
}
