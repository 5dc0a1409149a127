// An interrupt ends the child processes that the cell has started, whether it awaits them or not, and no others.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { isAlive } from '../../support/processes';
import { CellSession } from '../support/cell-session';

let session: CellSession;

beforeAll(async () => {
  session = await CellSession.start();
  await session.execute(`
    import { exec, execSync, spawn, spawnSync } from "node:child_process"; import { promisify } from "node:util";
    let state = 5;`);
});

afterAll(() => session?.close());

/** A command that prints its process id and then runs for long. */
const long = (shell: string) => JSON.stringify(`echo $$ >&2; ${shell}`);

/** Starts a cell whose children print their process ids, and returns these. */
async function begin(cell: string): Promise<{ parentId: number; pids: number[] }> {
  session.clear();
  const parentId = session.begin(cell);
  if (typeof parentId !== 'number') throw new Error(JSON.stringify(parentId.diagnostics));
  const written = () => session.native + session.outputOf(parentId);
  await session.until(() => /^\d+\n/m.test(written()));
  return { parentId, pids: (written().match(/^\d+$/gm) ?? []).map(Number) };
}

const inherit = '{ stdio: "inherit" }';

test.each([
  ['for which it blocks', `execSync(${long('exec sleep 1000')}, ${inherit})`],
  ['of which it awaits only the exit', `spawnSync("sh", ["-c", ${long('exec sleep 1000')}], ${inherit}).status`],
  [
    'started repeatedly, whatever their exit codes',
    `for (;;) { try { execSync(${long('exec sleep 1000')}, ${inherit}) } catch {} }`,
  ],
  ['with its own children', `execSync(${long('sleep 1000 | cat')}, ${inherit})`],
  ['with background children that ignore Ctrl-C', `execSync(${long('sleep 1000 & wait')}, ${inherit})`],
  ['that ignores Ctrl-C', `execSync(${long("trap '' INT; sleep 1000; sleep 1000")}, ${inherit})`],
  ['that it awaits', 'const promise = promisify(exec)("sleep 1000"); console.log(promise.child.pid); await promise'],
  [
    'whose exit it awaits',
    `await new Promise((end) => spawn("sh", ["-c", ${long('exec sleep 1000')}], ${inherit}).on("close", end))`,
  ],
  ['that runs in the background', 'console.log(spawn("sleep", ["1000"]).pid); for (;;);'],
])('a child %s', async (_, cell) => {
  const { parentId, pids } = await begin(cell);
  session.interrupt();
  expect((await session.end(parentId)).error).toMatchObject({ ename: 'KernelInterrupt' });
  expect(pids.length).toBeGreaterThan(0);
  for (const pid of pids) await expect.poll(() => isAlive(pid)).toBe(false);
  const next = await session.execute('[state, execSync("echo next").toString()]');
  expect(next).toMatchObject({ ok: true, data: { 'text/plain': "[ 5, 'next\\n' ]" } });
  expect(session.deaths).toEqual([]);
});

test('leaves children of an earlier cell running', async () => {
  const { parentId, pids } = await begin(`const beside = spawn("sh", ["-c", ${long('exec sleep 1000')}], ${inherit});`);
  await session.end(parentId);
  const { parentId: loop } = await begin('console.log("1"); for (;;);');
  session.interrupt();
  await session.end(loop);
  expect(isAlive(pids[0])).toBe(true);
  const ended = await session.execute('await new Promise((end) => { beside.on("exit", end); beside.kill() }); "ended"');
  expect(ended.data?.['text/plain']).toBe("'ended'");
});

test('leaves children running if no cell runs', async () => {
  const { parentId, pids } = await begin(`const idle = spawn("sh", ["-c", ${long('exec sleep 1000')}], ${inherit});`);
  await session.end(parentId);
  session.interrupt();
  await session.execute('await new Promise((end) => setTimeout(end, 300))');
  expect(isAlive(pids[0])).toBe(true);
  await session.execute('idle.kill()');
});

test.each([
  ['awaits', 'await new Promise(() => {})'],
  ['loops beside it', 'for (;;);'],
  ['blocks for it', 'Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)'],
])('ends a thread of a cell that %s', async (_, wait) => {
  session.clear();
  const parentId = session.begin(`import { Worker } from "node:worker_threads";
    const thread = new Worker("for (;;);", { eval: true });
    await new Promise((resolve) => thread.once("online", resolve)); console.log("online"); ${wait}`);
  if (typeof parentId !== 'number') throw new Error(JSON.stringify(parentId.diagnostics));
  await session.until(() => session.outputOf(parentId).includes('online'));
  session.interrupt();
  expect((await session.end(parentId)).error).toMatchObject({ ename: 'KernelInterrupt' });
  const ended = 'while (thread.threadId > 0) await new Promise((end) => setTimeout(end, 10)); thread.threadId';
  expect((await session.execute(ended)).data?.['text/plain']).toBe('-1');
});

test("leaves threads of earlier cells running, and threads that are not awaited, such as a library's", async () => {
  const idle = '"setInterval(() => {}, 1000)", { eval: true }';
  await session.execute(`import { Worker } from "node:worker_threads"; const early = new Worker(${idle});`);
  const parentId = session.begin(`const pool = new Worker(${idle}); pool.unref(); console.log("begun"); for (;;);`);
  await session.until(() => session.outputOf(parentId as number).includes('begun'));
  session.interrupt();
  await session.end(parentId as number);
  const alive = 'await new Promise((end) => setTimeout(end, 300)); [early.threadId > 0, pool.threadId > 0]';
  expect((await session.execute(alive)).data?.['text/plain']).toBe('[ true, true ]');
  await session.execute('await early.terminate(); await pool.terminate();');
});
