/**
 * Runs the browser tests: two files at a time, then one at a time those with a call, which another browser beside it would disturb.
 * A file with a scenario that fails is run once more, alone. What failed both times fails the run; what failed once is named at the end,
 * with what it failed on: it is to be mended too.
 */
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { basename } from 'node:path';
import { finished } from 'node:stream/promises';
import { run } from 'node:test';
import { spec as Spec } from 'node:test/reporters';
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
const results = `${folder}results/`;
const chosen = process.argv.slice(2);

/** The named tests of this folder, or all: e2e/run.mjs booking agenda. */
const files = (await readdir(folder))
  .filter(name => name.endsWith('.test.mjs'))
  .filter(name => chosen.length === 0 || chosen.includes(basename(name, '.test.mjs')))
  .sort()
  .map(name => folder + name);
const isCall = file => calls.includes(basename(file, '.test.mjs'));

/** Runs files so many at once, and answers what failed: file, scenario, and on what. */
async function failuresOf(files, concurrency) {
  const failures = [];
  if (files.length === 0) {
    return failures;
  }
  const tests = run({ files, concurrency });
  tests.on('test:fail', ({ name, file, details: { error } }) =>
    failures.push({ name, file, why: String(error.cause?.message ?? error.message) }),
  );
  const report = tests.compose(new Spec());
  report.pipe(process.stdout, { end: false });
  await finished(report);
  return failures;
}

/** What the first run left of its failures stays beside what the second leaves. */
async function setResultsAside() {
  const first = `${results}first`;
  await rm(first, { recursive: true, force: true });
  const left = await readdir(results).catch(() => []);
  await mkdir(first, { recursive: true });
  for (const name of left) {
    await rename(results + name, `${first}/${name}`);
  }
}

const list = failures =>
  failures.map(({ name, file, why }) => `  ${basename(file)}: ${name}\n    ${why.slice(0, 600)}`).join('\n');

await rm(results, { recursive: true, force: true });
const first = [
  ...(await failuresOf(
    files.filter(file => !isCall(file)),
    2,
  )),
  ...(await failuresOf(files.filter(isCall), 1)),
];
if (first.length > 0) {
  const again = [...new Set(first.map(({ file }) => file))];
  console.log(`once more, alone: ${again.map(file => basename(file)).join(', ')}`);
  await setResultsAside();
  const second = await failuresOf(again, 1);
  const passed = first.filter(({ file, name }) => !second.some(other => other.file === file && other.name === name));
  if (passed.length > 0) {
    console.log(`passed only the second time, alone (e2e/results/first):\n${list(passed)}`);
  }
  if (second.length > 0) {
    console.log(`failed (e2e/results):\n${list(second)}`);
    process.exitCode = 1;
  }
}
