// Why outputs find their cells without AsyncLocalStorage (cells/parent/parent.ts): valid as long as a supported Node
// shows this defect.
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { expect, test } from 'vitest';

const program = path.join(import.meta.dirname, 'terminate-with-storage.cjs');
const isOld = Number(process.versions.node.split('.')[0]) < 24;

test.each([
  ['with', isOld ? { signal: 'SIGABRT' } : { status: 0, signal: null }],
  ['without', { status: 0, signal: null }],
])('a loop in a microtask that is terminated %s AsyncLocalStorage in use', (how, outcome) => {
  const { stdout, stderr, ...ended } = spawnSync(process.execPath, [program, how], { encoding: 'utf8' });
  expect(ended).toMatchObject(outcome);
  // The order of the timer and the abort is not defined.
  if (outcome.signal === null) expect(stdout).toBe('alive\n');
  const isCause = stderr.includes('Assertion failed: (env_->execution_async_id()) == (0)');
  expect(isCause, `what Node said: ${stderr}`).toBe(how === 'with' && isOld);
});
