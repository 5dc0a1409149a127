// Whether the library's own tests detect a break that a notebook's claims did not.
import { spawn } from 'node:child_process';
import path from 'node:path';

/**
 * @param {string} root the project's folder
 * @param {{ at: string, line: number, nth: number, was: string, text: string }} one a break of the source, see library.mjs
 * @returns {Promise<boolean>}
 */
export function ownTestsNotice(root, one) {
  const config = path.join(root, 'tests/support/broken.config.mts');
  const args = ['run', '--project', 'library', '--bail', '1', '--reporter', 'dot', '--root', root, '--config', config];
  const { at, line, nth, was, text } = one;
  const env = { ...process.env, GRADLAB_BREAK_SOURCE: JSON.stringify({ at, line, nth, was, text }) };
  return new Promise((resolve, reject) => {
    const vitest = path.join(root, 'node_modules/vitest/vitest.mjs');
    const child = spawn(process.execPath, [vitest, ...args], { cwd: root, env, stdio: 'ignore' });
    child.on('error', reject);
    child.on('close', (code) => resolve(code !== 0));
  });
}
