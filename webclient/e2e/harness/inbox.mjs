/** A mailbox of the tests' own that the program reads: of IMAP (RFC 3501) what it takes to find and fetch mails of one part. */
import { once } from 'node:events';
import { createServer } from 'node:net';

export class Inbox {
  /** @type {{type: string, parameters: string, text: string}[]} the UID is the place, from 1 on */
  mails = [];
  sockets = new Set();

  static async open() {
    const box = new Inbox();
    box.server = createServer(socket => box.#talk(socket));
    box.server.listen(0, '127.0.0.1');
    await once(box.server, 'listening');
    return box;
  }

  /** Settings for the program, so that it looks here for answers to its mails, as often as it can. */
  environ() {
    return {
      COLLOQUE_NOTICES_MAIL_BOUNCES_HOST: '127.0.0.1',
      COLLOQUE_NOTICES_MAIL_BOUNCES_PORT: String(this.server.address().port),
      COLLOQUE_NOTICES_MAIL_BOUNCES_TLS: 'none',
      COLLOQUE_NOTICES_MAIL_BOUNCES_USERNAME: 'practice',
      COLLOQUE_NOTICES_MAIL_BOUNCES_PASSWORD: 'sesame-open',
      COLLOQUE_NOTICES_MAIL_BOUNCES_EVERY: '10s',
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

  /** What a calendar program sends when somebody presses "Decline" (RFC 5546 §3.2.3). */
  declines(uid, mail) {
    const stamp = new Date().toISOString().replace(/[-:]|\.\d+/g, '');
    const event = [`UID:${uid}`, `DTSTAMP:${stamp}`, 'SEQUENCE:0', `ATTENDEE;PARTSTAT=DECLINED:mailto:${mail}`];
    const lines = ['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//Other//EN', 'METHOD:REPLY', 'BEGIN:VEVENT', ...event];
    this.mails.push({
      type: '"TEXT" "CALENDAR"',
      parameters: '("METHOD" "REPLY" "CHARSET" "UTF-8")',
      text: [...lines, 'END:VEVENT', 'END:VCALENDAR', ''].join('\r\n'),
    });
  }

  #talk(socket) {
    this.sockets.add(socket);
    socket.on('close', () => this.sockets.delete(socket)).on('error', () => undefined);
    socket.setEncoding('latin1');
    const say = line => socket.write(`${line}\r\n`);
    let buffer = '';
    say('* OK [CAPABILITY IMAP4rev1] inbox');
    socket.on('data', chunk => {
      buffer += chunk;
      for (let end = buffer.indexOf('\r\n'); end >= 0; end = buffer.indexOf('\r\n')) {
        const [tag, ...words] = buffer.slice(0, end).split(' ');
        buffer = buffer.slice(end + 2);
        for (const line of this.#answers(words.join(' '))) {
          say(line);
        }
        say(`${tag} OK done`);
      }
    });
  }

  /** The lines before the one that says that it is done. */
  #answers(command) {
    if (command === 'CAPABILITY') {
      return ['* CAPABILITY IMAP4rev1'];
    }
    if (command.startsWith('SELECT ')) {
      return [`* ${this.mails.length} EXISTS`, '* OK [UIDVALIDITY 1] since when', '* FLAGS ()'];
    }
    if (command.startsWith('UID SEARCH ')) {
      const from = Number(command.match(/UID (\d+):\*/)?.[1] ?? 1);
      const found = this.mails.map((_, i) => i + 1).filter(uid => uid >= from);
      return [['* SEARCH', ...found].join(' ')];
    }
    const fetched = command.match(/^UID FETCH ([\d,:]+) /);
    if (fetched === null) {
      return [];
    }
    const ranges = fetched[1].split(',').map(range => range.split(':').map(Number));
    return this.mails.flatMap((mail, i) =>
      ranges.some(([from, to = from]) => from <= i + 1 && i + 1 <= to)
        ? [`* ${i + 1} FETCH (UID ${i + 1} ${partOf(mail, command)})`]
        : [],
    );
  }
}

/** What was asked for of a mail. */
function partOf({ type, parameters, text }, command) {
  if (command.endsWith('(UID BODY)')) {
    return `BODY (${type} ${parameters} NIL NIL "7BIT" ${text.length} ${text.split('\r\n').length - 1})`;
  }
  const header = 'Content-Type: text/calendar\r\n\r\n';
  return command.includes('HEADER.FIELDS')
    ? `BODY[HEADER.FIELDS ("Content-Type")] {${header.length}}\r\n${header}`
    : `BODY[1]<0> {${text.length}}\r\n${text}`;
}
