/** Mozilla's remote protocol for its programs' own windows: messages of "length:JSON" over TCP, [0, id, command, parameters] and [1, id, error, result]. */
import { once } from 'node:events';
import { createConnection } from 'node:net';
import { until } from './until.mjs';

export class Marionette {
  #waiting = new Map();
  #last = 0;

  /** Connects as soon as the program listens, to its own windows and not to the pages in them. */
  static async connect(port) {
    const m = new Marionette();
    await until('the program listens', async () => {
      const socket = createConnection({ host: '127.0.0.1', port });
      try {
        await once(socket, 'connect');
      } catch {
        return false;
      }
      m.socket = socket;
      return true;
    });
    let buffer = Buffer.alloc(0);
    m.socket.on('data', some => {
      buffer = Buffer.concat([buffer, some]);
      for (;;) {
        const colon = buffer.indexOf(':');
        const length = Number(buffer.subarray(0, colon));
        if (colon < 0 || buffer.length < colon + 1 + length) {
          return;
        }
        m.#take(JSON.parse(buffer.subarray(colon + 1, colon + 1 + length)));
        buffer = buffer.subarray(colon + 1 + length);
      }
    });
    m.socket.on('close', () => {
      for (const { reject } of m.#waiting.values()) {
        reject(new Error('the program is gone'));
      }
    });
    await m.send('WebDriver:NewSession', { capabilities: { alwaysMatch: { unhandledPromptBehavior: 'ignore' } } });
    await m.send('Marionette:SetContext', { value: 'chrome' });
    await m.send('WebDriver:SetTimeouts', { script: 60_000 });
    return m;
  }

  #take(message) {
    if (!Array.isArray(message)) {
      return; // the greeting
    }
    const [, id, error, result] = message;
    const { resolve, reject } = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (error === null) {
      resolve(result);
    } else {
      reject(new Error(`${error.error}: ${error.message}\n${error.stacktrace ?? ''}`));
    }
  }

  send(command, parameters = {}) {
    const id = ++this.#last;
    const text = Buffer.from(JSON.stringify([0, id, command, parameters]));
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.socket.write(Buffer.concat([Buffer.from(`${text.length}:`), text]));
    });
  }

  /** Runs an async function in the front window, and returns what it resolves with. */
  async run(does, ...args) {
    const script = `const done = arguments[arguments.length - 1]; (${does})(...Array.from(arguments).slice(0, -1)).then(value => done({ value: value ?? null }), error => done({ error: String(error) + "\\n" + (error?.stack ?? "") }));`;
    const { value } = await this.send('WebDriver:ExecuteAsyncScript', { script, args, newSandbox: false });
    if (value.error !== undefined) {
      throw new Error(value.error);
    }
    return value.value;
  }
}
