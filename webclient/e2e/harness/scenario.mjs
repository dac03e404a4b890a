/**
 * scenario(name, body): one test with a program of its own, tabs in contexts of their own, and browsers that the file's scenarios share.
 * It fails on what the body asserts, and on everything that no body should have to assert: complaints on a console, violated content security,
 * requests to other origins, errors or secrets in the program's log. What is left of a failure lies in e2e/results/<name>.
 */
import assert from 'node:assert/strict';
import { copyFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Program } from './program.mjs';
import { closeBrowsers, Stage } from './stage.mjs';

const results = fileURLToPath(new URL('../results/', import.meta.url));
const SCENARIO_WITHIN = 600_000; // long, as in until.mjs: the longest takes a minute on a quiet machine, and more than five have been seen

after(closeBrowsers);

/**
 * @param {string} name what it proves
 * @param {(stage: Stage) => Promise<void>} body
 * @param {{environ?: Record<string, string> | (() => Promise<Record<string, string>>)}} [options]
 */
export function scenario(name, body, { environ = {} } = {}) {
  test(name, { timeout: SCENARIO_WITHIN }, async () => {
    const folder = join(results, name.replace(/[^a-z0-9]+/gi, '-').slice(0, 140));
    await rm(folder, { recursive: true, force: true });
    const program = await Program.start(typeof environ === 'function' ? await environ() : environ);
    const stage = new Stage(program);
    let failure = null;
    try {
      await body(stage);
    } catch (error) {
      failure = error;
      stage.thaw();
      await stage.keep(folder, error);
    }
    const faults = await stage.close();
    if (failure === null && faults.length > 0) {
      await stage.keep(folder, faults.join('\n'));
    }
    if (failure !== null || faults.length > 0) {
      await copyFile(program.logFile, join(folder, 'program.log'));
      await writeFile(join(folder, 'faults.txt'), faults.join('\n'));
    }
    await program.clean();
    if (failure !== null) {
      throw failure;
    }
    assert.deepEqual(faults, []);
  });
}
