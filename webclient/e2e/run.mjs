/** Runs the browser tests: two files at a time, then one at a time those with a call, which another browser beside it would disturb. */
import { spawnSync } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

const calls = [
  'call',
  'devices',
  'documents',
  'firefox',
  'network',
  'pages',
  'room',
  'several',
  'talk',
  'visit',
  'waiting',
];
const folder = fileURLToPath(new URL('.', import.meta.url));
const all = (await readdir(folder)).filter(name => name.endsWith('.test.mjs')).sort();
const isCall = name => calls.includes(name.replace('.test.mjs', ''));

for (const [atOnce, names] of [
  [2, all.filter(name => !isCall(name))],
  [1, all.filter(isCall)],
]) {
  const { status } = spawnSync(
    process.execPath,
    ['--test', `--test-concurrency=${atOnce}`, '--test-reporter=spec', ...names.map(name => folder + name)],
    { stdio: 'inherit' },
  );
  if (status !== 0) {
    process.exitCode = 1;
  }
}
