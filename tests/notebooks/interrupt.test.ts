import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { paths } from '../../kernel-setup/setup/index.mjs';
import { makeFolder, makeNotebook, startRunner } from '../support/notebooks';
import { isAlive } from '../support/processes';

const fourMinutes = 240_000;
const folders: { remove: () => void }[] = [];
afterAll(() => {
  for (const folder of folders) folder.remove();
});

/** Two notebooks that never end and write their kernels' process ids, and a third that never begins. */
const endless = () => {
  const cells = (name: string) => [
    `import * as fs from 'node:fs';\nfs.writeFileSync('${name}.pid', String(process.pid));`,
    "console.log('x'.repeat(1e6));", // more than a pipe holds
    'while (true) {}',
  ];
  const folder = makeFolder({
    'a.ipynb': makeNotebook(cells('a')),
    'b.ipynb': makeNotebook(cells('b')),
    'c.ipynb': makeNotebook(cells('c')),
  });
  folders.push(folder);
  return folder;
};

const until = async (what: string, condition: () => boolean, seconds: number) => {
  for (let waited = 0; !condition(); waited += 0.1) {
    if (waited > seconds) throw new Error(`not within ${seconds} s: ${what}`);
    await sleep(100);
  }
};
/** Waits until both kernels are in their endless loops; returns their process ids. */
const kernelsOf = async (folder: ReturnType<typeof endless>) => {
  const files = ['a.pid', 'b.pid'].map(folder.file);
  await until(
    'two kernels at work',
    () => files.every((file) => fs.existsSync(file) && fs.statSync(file).size > 0),
    120,
  );
  await sleep(1000);
  return files.map((file) => Number(fs.readFileSync(file, 'utf8')));
};
const isUntouched = (folder: ReturnType<typeof endless>, before: string[]) => {
  expect(['a.ipynb', 'b.ipynb', 'c.ipynb'].map(folder.text)).toEqual(before);
  expect(fs.readdirSync(folder.root).sort()).toEqual(['a.ipynb', 'a.pid', 'b.ipynb', 'b.pid', 'c.ipynb']);
};

describe.skipIf(process.platform === 'win32')('interrupting npm run notebooks', () => {
  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)(
    'by %s stops the kernels and leaves every notebook complete',
    async (signal, exitCode) => {
      const folder = endless();
      const before = ['a.ipynb', 'b.ipynb', 'c.ipynb'].map(folder.text);
      const { child, ended } = startRunner(['--root', folder.root, '--update']);
      const kernels = await kernelsOf(folder);
      expect(kernels.map(isAlive)).toEqual([true, true]);
      child.kill(signal);
      const { code, output } = await ended;
      expect(code, output).toBe(exitCode);
      expect(output).toContain(`${signal}: stopping the kernels`);
      expect(output).toMatch(/2 notebooks: 0 passed, 2 failed/);
      // The process of the cells ends after the one that Jupyter ended.
      await until('the kernels are gone', () => !kernels.some(isAlive), 60);
      isUntouched(folder, before);
    },
    fourMinutes,
  );

  it(
    'by SIGKILL ends the kernels, too',
    async () => {
      const folder = endless();
      const before = ['a.ipynb', 'b.ipynb', 'c.ipynb'].map(folder.text);
      const { child } = startRunner(['--root', folder.root, '--update']);
      const kernels = await kernelsOf(folder);
      child.kill('SIGKILL');
      await until('the kernels are gone', () => !kernels.some(isAlive), 60);
      isUntouched(folder, before);
    },
    fourMinutes,
  );

  it(
    'by ending npm ends the kernels, too',
    async () => {
      const folder = endless();
      const npm = spawn('npm', ['run', '--silent', 'notebooks', '--', '--root', folder.root, '--kernel', 'tslab'], {
        cwd: paths.root,
        stdio: 'ignore',
      });
      const kernels = await kernelsOf(folder);
      npm.kill('SIGTERM');
      await until('the kernels are gone', () => !kernels.some(isAlive), 60);
      expect(path.basename(folder.root)).toMatch(/^notebooks-/);
    },
    fourMinutes,
  );
});
