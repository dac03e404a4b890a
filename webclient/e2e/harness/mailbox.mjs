/** A mail server of the tests' own: it takes what comes (RFC 5321, no more of it than is needed), and tells what was in it. */
import { once } from 'node:events';
import { createServer } from 'node:net';
import { until } from './until.mjs';

export class Mailbox {
  /** @type {{to: string, text: string, raw: string}[]} */
  mails = [];

  static async open() {
    const box = new Mailbox();
    box.server = createServer(socket => box.#talk(socket));
    box.server.listen(0, '127.0.0.1');
    await once(box.server, 'listening');
    return box;
  }

  /** Settings for the program, so that it sends its mails here. */
  environ() {
    return {
      COLLOQUE_NOTICES_MAIL_HOST: '127.0.0.1',
      COLLOQUE_NOTICES_MAIL_PORT: String(this.server.address().port),
      COLLOQUE_NOTICES_MAIL_TLS: 'none',
      COLLOQUE_NOTICES_MAIL_FROM: 'rendez-vous@tilleuls.example',
    };
  }

  close() {
    return new Promise(done => {
      this.server.close(done);
      for (const socket of this.sockets) {
        socket.destroy();
      }
    });
  }

  sockets = new Set();

  #talk(socket) {
    this.sockets.add(socket);
    socket.on('close', () => this.sockets.delete(socket)).on('error', () => undefined);
    socket.setEncoding('utf8');
    const say = line => socket.write(`${line}\r\n`);
    let buffer = '';
    let to = '';
    let data = null;
    say('220 mailbox ESMTP');
    socket.on('data', chunk => {
      buffer += chunk;
      for (let end = buffer.indexOf('\r\n'); end >= 0; end = buffer.indexOf('\r\n')) {
        const line = buffer.slice(0, end);
        buffer = buffer.slice(end + 2);
        if (data !== null) {
          if (line === '.') {
            this.mails.push({ to, text: decode(data.join('\n')), raw: data.join('\r\n') });
            data = null;
            say('250 taken');
          } else {
            data.push(line.replace(/^\.\./, '.'));
          }
          continue;
        }
        const verb = line.slice(0, 4).toUpperCase();
        if (verb === 'EHLO') {
          say('250-mailbox');
          say('250 8BITMIME');
        } else if (verb === 'RCPT') {
          to = line.match(/^RCPT TO:<([^>]*)>/i)?.[1] ?? '';
          say(to === '' ? '501 an address stands in <>' : '250 yes'); // RFC 5321 §4.1.2
        } else if (verb === 'DATA') {
          data = [];
          say('354 go on');
        } else if (verb === 'QUIT') {
          say('221 bye');
          socket.end();
        } else {
          say('250 yes');
        }
      }
    });
  }

  /** Waits for the newest mail to somebody whose text fits, and returns what the pattern found. */
  async find(to, pattern) {
    let found = null;
    await until(
      `a mail to ${to} with ${pattern}`,
      () => {
        found = this.mails.findLast(mail => mail.to === to && pattern.test(mail.text))?.text.match(pattern) ?? null;
        return found !== null;
      },
      { seen: () => this.mails.map(mail => `${mail.to}: ${mail.text}`) },
    );
    return found;
  }
}

/** Quoted-printable (RFC 2045 §6.7) and base64 parts, as text. */
function decode(mail) {
  const bytes = Buffer.from(
    mail.replace(/=\n/g, '').replace(/=([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  );
  return bytes.toString('utf8');
}
