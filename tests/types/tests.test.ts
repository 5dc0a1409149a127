import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { root } from '../support/typescript';

// vitest strips types without looking at them.
test.each([
  ['the tests', 'tests'],
  ['the kernel for pages', 'kernel-setup/kernel-in-page'],
])(
  'there are no type errors in %s',
  (_, project) => {
    const compiler = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
    // What has not changed since the last run is not checked again.
    const known = ['--incremental', '--tsBuildInfoFile', join('.gradlab', `${project.replace('/', '-')}.tsbuildinfo`)];
    const { stdout } = spawnSync(process.execPath, [compiler, '-p', project, '--pretty', 'false', ...known], {
      cwd: root,
      encoding: 'utf8',
    });
    expect(stdout).toBe('');
  },
  300_000,
);
