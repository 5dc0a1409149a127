// What somebody has changed and not committed, which no run with `CI` has seen.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { paths } from '../../kernel-setup/setup/paths.mjs';

/**
 * The files below `root` that are not as they were committed, those that are gone too; `undefined` outside a clone.
 * @returns {string[] | undefined}
 */
export function changedFiles(root = paths.root) {
  const git = (...args) => execFileSync('git', args, { cwd: root, encoding: 'utf8', stdio: 'pipe' });
  try {
    const top = fs.realpathSync(git('rev-parse', '--show-toplevel').trim());
    const lines = git('status', '--porcelain', '--untracked-files=all', '--no-renames', '-z').split('\0');
    return lines.filter(Boolean).map((line) => path.join(top, line.slice('XY '.length)));
  } catch {
    return undefined;
  }
}
