// V8 disables async hooks while it terminates code; they must be enabled again, also after several terminations in a
// row.
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { expect, test } from 'vitest';
import { paths } from '../../kernel-setup/setup/paths.mjs';

const module = path.join(paths.kernelBuild, 'cells', 'interrupt', 'async-hooks.js');

test.each([1, 2, 3])('stay enabled after %i terminations', (times) => {
  const program = `const hooks = require(${JSON.stringify(module)});
    const asyncHooks = require('node:async_hooks');
    hooks.follow();
    let calls = 0;
    const counting = (then) => { const before = calls; setImmediate(() => {}); then(calls - before); };
    asyncHooks.createHook({ init: () => { calls += 1; } }).enable();
    const found = [];
    counting((n) => found.push(n > 0));
    for (let i = 0; i < ${times}; i++) hooks.suspend();
    counting((n) => found.push(n > 0));
    hooks.resume();
    setTimeout(() => { counting((n) => found.push(n > 0)); console.log(JSON.stringify(found)); }, 20);`;
  const { stdout, stderr } = spawnSync(process.execPath, ['-e', program], { encoding: 'utf8' });
  expect(stdout, stderr).toBe('[true,false,true]\n');
});
