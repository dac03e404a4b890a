/** The real program, started as an operator would start it, on ports of its own and with a folder of its own. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { until } from './until.mjs';

const binary = process.env.COLLOQUE_BIN ?? fileURLToPath(new URL('../../../bin/colloque', import.meta.url));
const STOP_WITHIN = 15_000;

export const practice = { name: 'Cabinet des Tilleuls', phone: '+33123456789' };

export class Program {
  /** What must never be in the log: names, links, messages. */
  secrets = new Set();

  /** @param {Record<string, string>} environ settings beside or instead of the usual ones. */
  static async start(environ = {}) {
    if (!existsSync(binary)) {
      throw new Error(`${binary} is not there: make build, or set COLLOQUE_BIN`);
    }
    const program = new Program();
    program.folder = await mkdtemp(join(tmpdir(), 'colloque-e2e-'));
    program.logFile = join(program.folder, 'log');
    const log = createWriteStream(program.logFile);
    program.process = spawn(binary, ['serve', '--data', join(program.folder, 'data')], {
      env: {
        COLLOQUE_LISTEN: 'localhost:0',
        COLLOQUE_MEDIA_LISTEN: ':0',
        COLLOQUE_LOG_LEVEL: 'debug',
        COLLOQUE_PRACTICE_PROFILE_NAME: practice.name,
        COLLOQUE_PRACTICE_PROFILE_PHONE: `"${practice.phone}"`,
        ...environ,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    program.exited = once(program.process, 'exit');
    program.process.stderr.pipe(log);
    let said = '';
    program.process.stdout.setEncoding('utf8').on('data', text => {
      said += text;
    });
    await until('the program prints its sign-in link', () => {
      if (program.process.exitCode !== null) {
        throw new Error(`the program stopped: ${said}`);
      }
      return /\/sign-in\/\S+\s/.test(said);
    });
    program.base = said.match(/Colloque is ready: (\S+)/)[1];
    program.signInLink = said.match(/\S+\/sign-in\/\S+/)[0];
    program.keepSecret(program.signInLink.split('/').at(-1));
    return program;
  }

  keepSecret(...texts) {
    for (const text of texts) {
      this.secrets.add(text);
    }
  }

  async log() {
    return readFile(this.logFile, 'utf8');
  }

  /** Stops it, and says what is wrong with how it ran; nothing: []. */
  async stop() {
    if (this.process.exitCode === null) {
      this.process.kill('SIGTERM');
    }
    const patience = setTimeout(() => this.process.kill('SIGKILL'), STOP_WITHIN);
    const [code, signal] = await this.exited;
    clearTimeout(patience);
    const log = await this.log();
    const faults = log.split('\n').filter(line => /level=ERROR|^panic:|DATA RACE/.test(line));
    if (code !== 0) {
      faults.push(`the program stopped with ${signal ?? code}`);
    }
    for (const secret of this.secrets) {
      if (log.includes(secret)) {
        faults.push(`the log holds a secret: ${log.split('\n').find(line => line.includes(secret))}`);
      }
    }
    return faults;
  }

  async clean() {
    await rm(this.folder, { recursive: true, force: true });
  }
}
