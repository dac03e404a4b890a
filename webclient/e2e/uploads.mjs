/**
 * How fast documents come in, and what that costs: ten uploads of 50 MB at once by ten patients' tickets, on loopback.
 *
 *   node e2e/uploads.mjs [uploads] [MB]
 *
 * Prints the throughput, the program's resident memory before, at most and after, and its CPU time. For what the signal path feels meanwhile,
 * the time that /healthz takes.
 */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { Program } from './harness/program.mjs';

const uploads = Number(process.argv[2] ?? 10);
const size = Number(process.argv[3] ?? 50) * 1024 * 1024;
const piece = 8 * 1024 * 1024;

const program = await Program.start({ COLLOQUE_LOG_LEVEL: 'info', COLLOQUE_DOCUMENTS_MIN_FREE_MB: '0' });
const { base, process: child } = program;
const page = { Origin: base, 'Sec-Fetch-Site': 'same-origin', 'Content-Type': 'application/json' };
const ask = async (method, path, headers, body) => {
  const answer = await fetch(base + path, { method, headers, body });
  if (!answer.ok) {
    throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
  }
  return answer;
};
const memory = async () => {
  const status = await readFile(`/proc/${child.pid}/status`, 'utf8');
  const kB = name => Number(status.match(new RegExp(`${name}:\\s+(\\d+)`))[1]);
  return { now: kB('VmRSS') / 1024, most: kB('VmHWM') / 1024 };
};
const cpu = async () => {
  const stat = (await readFile(`/proc/${child.pid}/stat`, 'utf8')).split(') ')[1].split(' ');
  return (Number(stat[11]) + Number(stat[12])) / 100; // seconds, at 100 ticks
};

const signedIn = await ask(
  'POST',
  '/api/v1/sign-in',
  page,
  JSON.stringify({ ticket: program.signInLink.split('/').at(-1) }),
);
const cookie = signedIn.headers.get('set-cookie').split(';')[0];
const tickets = [];
for (let i = 0; i < uploads; i++) {
  const answer = await ask('POST', '/api/v1/consultations', { ...page, Cookie: cookie }, '{}');
  const { id, link } = await answer.json();
  tickets.push({ id, ticket: `Ticket ${link.split('/').at(-1)}` });
}
const content = Buffer.concat([Buffer.from('ffd8ffe000104a46494600', 'hex'), randomBytes(size - 11)]);

const before = await memory();
const cpuBefore = await cpu();
// The same from a process of its own, which does nothing else: what the uploading process measures is also how busy it is itself.
const aside = spawn(process.execPath, [
  '-e',
  `const times = [];
  let running = true;
  process.stdin.resume();
  process.stdin.on('end', () => { running = false; });
  (async () => {
    while (running) {
      const began = performance.now();
      await (await fetch('${base}/healthz')).text();
      times.push(performance.now() - began);
      await new Promise(resolve => setTimeout(resolve, 20));
    }
    console.log(JSON.stringify(times));
  })();`,
]);
let asideSaid = '';
aside.stdout.on('data', some => {
  asideSaid += some;
});
const asideOver = new Promise(resolve => aside.once('close', resolve));
const health = [];
let running = true;
const watching = (async () => {
  while (running) {
    const began = performance.now();
    await (await fetch(`${base}/healthz`)).text();
    health.push(performance.now() - began);
    await new Promise(resolve => setTimeout(resolve, 20));
  }
})();
const began = performance.now();
await Promise.all(
  tickets.map(async ({ id, ticket }) => {
    const path = `/api/v1/consultations/${id}/documents`;
    const headers = { ...page, Authorization: ticket };
    const { upload } = await (await ask('POST', path, headers, JSON.stringify({ name: 'a.jpg', size }))).json();
    for (let at = 0; at < size; ) {
      const answer = await ask(
        'PATCH',
        upload,
        {
          ...headers,
          'Content-Type': 'application/offset+octet-stream',
          'Tus-Resumable': '1.0.0',
          'Upload-Offset': String(at),
        },
        content.subarray(at, Math.min(at + piece, size)),
      );
      at = Number(answer.headers.get('upload-offset'));
    }
  }),
);
const took = (performance.now() - began) / 1000;
const during = await memory();
for (const { id, ticket } of tickets) {
  for (let ready = false; !ready; ) {
    const answer = await ask('GET', `/api/v1/consultations/${id}/documents`, { Authorization: ticket });
    ready = (await answer.json()).documents.every(one => one.state === 'ready');
  }
}
const checked = (performance.now() - began) / 1000;
running = false;
await watching;
aside.stdin.end();
await asideOver;
const after = await memory();
const quantiles = times => {
  times.sort((a, b) => a - b);
  return `p50 ${times[times.length >> 1].toFixed(1)} ms, p99 ${times[Math.floor(times.length * 0.99)].toFixed(1)} ms`;
};
const MB = (uploads * size) / 1e6;
console.log(
  `${uploads} uploads of ${size / 1024 / 1024} MiB, all bytes acknowledged (on disk): ${took.toFixed(1)} s, ${(MB / took).toFixed(0)} MB/s`,
);
console.log(`all checked and ready: ${checked.toFixed(1)} s; CPU ${((await cpu()) - cpuBefore).toFixed(1)} s`);
console.log(
  `resident memory: ${before.now.toFixed(0)} MiB before, ${Math.max(during.most, after.most).toFixed(0)} MiB at most, ${after.now.toFixed(0)} MiB after`,
);
console.log(`/healthz meanwhile, from another process: ${quantiles(JSON.parse(asideSaid))}`);
console.log(`/healthz meanwhile, from the uploading process itself: ${quantiles(health)}`);
const faults = await program.stop();
await program.clean();
if (faults.length > 0) {
  console.error(faults.join('\n'));
  process.exit(1);
}
