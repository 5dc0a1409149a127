import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { withLock } from '../../kernel-setup/setup/lock.mjs';
import { paths } from '../../kernel-setup/setup/paths.mjs';
import { scratchFolder } from '../support/project-copy';

let folder: string;
let lock: string;

beforeEach(() => {
  folder = scratchFolder();
  lock = path.join(folder, 'locks', 'build');
});

afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

const lockModule = path.join(paths.root, 'kernel-setup', 'setup', 'lock.mjs');

/** Runs a script as a module in a separate process, with `withLock` and `lock` in scope; resolves with its output. */
function inProcess(code: string): { pid: number; output: Promise<string> } {
  const script = `import fs from 'node:fs';
    import { setTimeout as sleep } from 'node:timers/promises';
    import { withLock } from ${JSON.stringify(lockModule)};
    const lock = ${JSON.stringify(lock)}, folder = ${JSON.stringify(folder)};
    ${code}`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (chunk) => {
    text += chunk;
  });
  return { pid: child.pid!, output: new Promise((resolve) => child.on('close', () => resolve(text))) };
}

test('four processes take turns: no update of a shared counter is lost', async () => {
  fs.writeFileSync(path.join(folder, 'counter'), '0');
  const addTen = `for (let i = 0; i < 10; i += 1) await withLock(lock, async () => {
    const count = Number(fs.readFileSync(folder + '/counter', 'utf8'));
    await sleep(5);
    fs.writeFileSync(folder + '/counter', String(count + 1));
  });`;
  await Promise.all([1, 2, 3, 4].map(() => inProcess(addTen).output));
  expect(fs.readFileSync(path.join(folder, 'counter'), 'utf8')).toBe('40');
});

test('returns the result, releases the lock, also after an error', async () => {
  expect(await withLock(lock, async () => 'built')).toBe('built');
  expect(fs.readdirSync(path.dirname(lock))).toEqual([]);
  await expect(withLock(lock, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(fs.readdirSync(path.dirname(lock))).toEqual([]);
});

test('says once which process it waits for', async () => {
  const waits: string[] = [];
  const onWait = (pid: string) => waits.push(pid);
  let release = () => {};
  const first = withLock(lock, () => new Promise<void>((resolve) => (release = resolve)), { onWait });
  await expect.poll(() => fs.existsSync(lock)).toBe(true);
  const second = withLock(lock, async () => 'second', { onWait });
  await expect.poll(() => waits.length).toBe(1);
  release();
  await first;
  expect(await second).toBe('second');
  expect(waits).toEqual([String(process.pid)]);
});

test('takes over from a process that was killed', async () => {
  const { pid, output } = inProcess(`await withLock(lock, () => { console.log('in'); return sleep(100_000); });`);
  await expect.poll(() => (fs.existsSync(lock) ? fs.readFileSync(lock, 'utf8') : '')).toMatch(/^\d+@/);
  process.kill(pid, 'SIGKILL');
  await output;
  expect(fs.existsSync(lock)).toBe(true);
  const waits: string[] = [];
  const onWait = (holder: string) => waits.push(holder);
  const winners = await Promise.all([1, 2, 3].map((n) => withLock(lock, async () => n, { onWait })));
  expect(winners).toEqual([1, 2, 3]);
  expect(waits).not.toContain(String(pid)); // there is nothing to wait for
  expect(fs.readdirSync(path.dirname(lock))).toEqual([]);
});

test('a process that computes for longer than the timeout of a dead one keeps its lock', async () => {
  const busy = inProcess(
    `await withLock(lock, () => { console.log('in'); Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 23_000); console.log('out'); });`,
  );
  await expect.poll(() => (fs.existsSync(lock) ? fs.readFileSync(lock, 'utf8') : '')).toMatch(/^\d+@/);
  const begun = performance.now();
  await withLock(lock, () => {});
  expect(performance.now() - begun).toBeGreaterThan(21_000);
  expect(await busy.output).toContain('out');
}, 60_000);

test('a process that exits while it holds the lock releases it', async () => {
  await inProcess('await withLock(lock, () => process.exit(3));').output;
  expect(fs.existsSync(lock)).toBe(false);
});

test('takes over a lock of another machine only if it is not updated', async () => {
  fs.mkdirSync(path.dirname(lock), { recursive: true });
  fs.writeFileSync(lock, `999999@not-${os.hostname()}/abc`);
  let beats = 0;
  const beat = setInterval(() => {
    beats += 1;
    const now = new Date();
    if (beats < 5) fs.utimesSync(lock, now, now);
    else {
      clearInterval(beat);
      fs.rmSync(lock); // a proper release
    }
  }, 200);
  expect(await withLock(lock, async () => beats)).toBe(5);
});
