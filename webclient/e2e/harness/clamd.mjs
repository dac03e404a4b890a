/** ClamAV's daemon with a database of one signature, the EICAR test string: it starts within a second and downloads nothing. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from './until.mjs';

const binary = '/usr/sbin/clamd';

/** The test string of eicar.org, in two parts, so that no scanner takes this file for it. */
export const eicar = ['X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-', 'STANDARD-ANTIVIRUS-TEST-FILE!$H+H*'].join('');

export const hasClamd = () => existsSync(binary);

export async function startClamd() {
  const folder = await mkdtemp(join(tmpdir(), 'clamd-e2e-'));
  const socket = join(folder, 'clamd.sock');
  await mkdir(join(folder, 'db'));
  await writeFile(join(folder, 'db', 'test.ndb'), `Eicar-Test:0:*:${Buffer.from(eicar).toString('hex')}\n`);
  await writeFile(
    join(folder, 'clamd.conf'),
    `Foreground yes\nLocalSocket ${socket}\nDatabaseDirectory ${join(folder, 'db')}\nStreamMaxLength 100M\nUser ${process.env.USER ?? 'root'}\n`,
  );
  const daemon = spawn(binary, ['--config-file', join(folder, 'clamd.conf')], { stdio: 'ignore' });
  const exited = once(daemon, 'exit');
  await until('clamd listens', () => existsSync(socket));
  return {
    address: `unix:${socket}`,
    async close() {
      daemon.kill('SIGTERM');
      await exited;
      await rm(folder, { recursive: true, force: true });
    },
  };
}
