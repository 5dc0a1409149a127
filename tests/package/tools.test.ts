// The packed package passes publint and "are the types wrong?", and runs in Deno and Bun.
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { packAll } from '../../tools/release/make-packages.mjs';
import { imported, type Packed, pack, program, run } from './consumer';

const asked = Boolean(process.env.CI || process.env.GRADLAB_ALL);
const reason = 'skipped: they are 60 MB to download; npm test -- --all runs them';
if (!asked) console.warn(`Skipped: the package under publint, attw, Deno and Bun; ${reason}`);

describe.runIf(asked)(`tools${asked ? '' : ` (${reason})`}`, () => {
  const folder = path.join(import.meta.dirname, 'tools');
  const tool = (name: string) =>
    path.join(folder, 'node_modules', '.bin', process.platform === 'win32' ? `${name}.cmd` : name);
  let packed: Packed;
  let expected: string;
  let project: string;
  beforeAll(async () => {
    const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
    execFileSync(npm, ['ci', '--no-audit', '--no-fund'], { cwd: folder, stdio: 'ignore' });
    packed = await pack();
    project = packed.consumer({
      'main.mjs': `${imported}${program}console.log(JSON.stringify(result));`,
    });
    expected = run(process.execPath, ['main.mjs'], project);
  });
  afterAll(() => packed?.remove());

  test('publint has no complaints', () => {
    expect(run(tool('publint'), ['run', packed.tarball, '--strict'], folder)).toMatch(/All good!/);
  });

  test('nor about the kernel', async () => {
    const [, kernel] = await packAll(packed.folder);
    expect(run(tool('publint'), ['run', kernel.file, '--strict'], folder)).toMatch(/All good!/);
  });

  test('the types are correct in every module resolution', () => {
    const said = JSON.parse(run(tool('attw'), [packed.tarball, '--format', 'json'], folder));
    expect(said.analysis.problems).toEqual([]);
    expect(Object.keys(said.analysis.entrypoints['.'].resolutions).sort()).toEqual([
      'bundler',
      'node10',
      'node16-cjs',
      'node16-esm',
    ]);
  });

  test.each([
    ['deno', ['run', '--allow-read', '--allow-env', '--allow-sys', '--node-modules-dir=manual', 'main.mjs']],
    ['bun', ['run', 'main.mjs']],
  ])('%s computes the same', (name, args) => {
    expect(run(tool(name), args, project)).toBe(expected);
  });
});
