// The kernel's two processes: what happens when one of them ends, and what they exchange besides messages.
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isAlive } from '../../support/processes';
import { textOf } from '../conformance/client/execution';
import { Kernel } from '../conformance/client/kernel';

let kernel: Kernel;

beforeAll(async () => {
  // Little memory, so that it is exhausted soon; enough for the compiler.
  process.env.NODE_OPTIONS = '--max-old-space-size=400';
  kernel = await Kernel.start();
});

afterAll(async () => {
  delete process.env.NODE_OPTIONS;
  const problems = kernel?.client.problems;
  await kernel?.stop();
  expect(problems).toEqual([]);
});

const resultOf = async (code: string) => textOf((await kernel.client.run(code)).results[0]);
const cellProcess = async () => Number(await resultOf('process.pid'));

describe('a cell that ends its process shows why, and the next one runs in a new process', () => {
  test.each([
    ['process.exit(3)', 'ProcessExit', /exit code 3.* in Cell \[\d+\]/],
    ['process.abort()', 'ProcessAborted', /aborted in Cell \[\d+\]/],
    ['process.kill(process.pid, "SIGKILL"); await new Promise(() => {})', 'ProcessKilled', /SIGKILL/],
    [
      'const all: number[][] = []; for (;;) all.push(new Array(10_000).fill(Math.random()));',
      'OutOfMemory',
      /\(\d+ MB\) ran out in Cell \[\d+\]/,
    ],
  ])('%s', async (code, ename, evalue) => {
    await kernel.client.run('const lost = 1;');
    const { reply, errors, stderr } = await kernel.client.execute(`console.log("before");\n${code}`, { timeout: 120 });
    expect(reply.content).toMatchObject({ status: 'error', ename });
    expect(reply.content.evalue).toMatch(evalue);
    expect(errors).toHaveLength(1);
    // V8's stack of addresses is omitted.
    expect(stderr).not.toMatch(/GCs|0x/);
    expect((await kernel.client.execute('lost')).errorText).toMatch(/Cannot find name 'lost'/);
    expect(await resultOf('1 + 1')).toBe('2');
  });

  test('its earlier output comes first', async () => {
    const { outputs, stdout } = await kernel.client.execute('console.log("first"); process.exit(0);');
    expect(stdout).toBe('first\n');
    expect(outputs.map(({ type }) => type)).toEqual(['stream', 'error']);
  });
});

const frame = `const send = (value: unknown) => {
  const { serialize } = require('node:v8');
  const body = serialize(value);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(body.length);
  require('node:fs').writeSync(3, Buffer.concat([length, body]));
};`;

test.each([
  ['require("node:fs").writeSync(3, "no message at all");', /of no known type/],
  [`${frame} send({ type: 'of a later version' });`, /of no known type/],
  [`${frame} send({ type: 'done', parentId: 1 });`, /done\.reached must be an array/],
  [`${frame} send({ type: 'stream', parentId: 0, name: 'stdout', text: 5n });`, /stream\.text must be a string/],
  [`${frame} send({ type: 'display', parentId: 0, data: { a: 5n }, metadata: {} });`, /BigInt/],
])('a process that sends an invalid message is ended, but not the kernel: %s', async (code, problem) => {
  const { reply } = await kernel.client.execute(`${code}\nawait new Promise(() => {});`, { timeout: 120 });
  expect(reply.content).toMatchObject({ status: 'error', ename: 'ProtocolError' });
  expect(reply.content.evalue).toMatch(problem);
  expect(reply.content.evalue).toMatch(/so it was ended, in Cell \[\d+\]/);
  expect(await resultOf('1 + 1')).toBe('2');
});

test('a compiler out of memory reports it in the cell, and the next cell compiles; variables are kept', async () => {
  await kernel.client.run('const kept = 7;');
  const { reply, errors, stderr } = await kernel.client.execute(`[${'{ a: 1 },'.repeat(1_500_000)}]`, { timeout: 120 });
  expect(reply.content).toMatchObject({ status: 'error', ename: 'CompilerError' });
  expect(reply.content.evalue).toMatch(/^TypeScript cannot compile Cell \[\d+\]: its memory ran out\. .*smaller.*kept/);
  expect(`${JSON.stringify(errors[0].content)}${stderr}`).not.toMatch(/Worker|ERR_|heap|\bat /);
  expect(await resultOf('kept')).toBe('7');
});

test('a process that ends between cells is reported to the last one', async () => {
  const { id } = await kernel.client.run('setTimeout(() => process.exit(5), 200); "started"');
  const isReport = (message: { content: Record<string, unknown> }) => /ProcessExit/.test(String(message.content.text));
  const report = await kernel.client.child(id, isReport);
  expect(report.content).toMatchObject({ name: 'stderr', text: expect.stringMatching(/exit code 5/) });
  // Without output of the interrupt thread.
  expect(kernel.client.childrenOf(id).filter(({ content }) => /debugger/.test(String(content.text)))).toEqual([]);
  expect(await resultOf('2 + 2')).toBe('4');
});

test('comms end with the process that opened them', async () => {
  await kernel.client.run('const comm = new Jupyter.Comm({ target_name: "t" });');
  const listed = async () => (await kernel.client.request('shell', 'comm_info_request', {})).content.comms;
  expect(Object.values((await listed()) as object)).toEqual([{ target_name: 't' }]);
  const closed = kernel.client.wait(({ type }) => type === 'comm_close');
  await kernel.client.execute('process.exit(0)');
  await closed;
  expect(await listed()).toEqual({});
});

test('comms of cells that are not stored have separate ids', async () => {
  const open = 'new Jupyter.Comm({ target_name: "unstored" }).close();';
  const idOf = async () => {
    const { iopub } = await kernel.client.run(open, { store_history: false });
    return iopub.find(({ type }) => type === 'comm_open')?.content.comm_id;
  };
  const first = await idOf();
  await kernel.client.run(open);
  expect(await idOf()).not.toBe(first);
});

test('output of child processes is output of the cell', async () => {
  const code = `import { execSync } from "node:child_process";
    console.log("one");
    execSync("echo two; echo three >&2", { stdio: "inherit" });`;
  const { stdout, stderr } = await kernel.client.run(code);
  expect(stdout.split('\n').sort()).toEqual(['', 'one', 'two']);
  expect(stderr).toBe('three\n');
});

describe('an interrupt does not end the process', () => {
  test.each([
    ['in a loop', 'for (;;);'],
    ['in a timer', 'setTimeout(() => { for (;;); }); await new Promise(() => {});'],
    ['in a loop after an await', 'await null; for (;;);'],
    ['in a chain of promises', 'const again = (): Promise<void> => Promise.resolve().then(again); await again();'],
  ])('%s', async (_, code) => {
    const pid = await cellProcess();
    await kernel.client.run('const kept = 7;');
    const id = kernel.client.submit(`console.log("runs");\n${code}`);
    await kernel.client.child(id, ({ type }) => type === 'stream');
    await sleep(100);
    await kernel.client.request('control', 'interrupt_request', {});
    expect((await kernel.client.finished(id)).reply.content).toMatchObject({ ename: 'KernelInterrupt' });
    expect(await resultOf('kept')).toBe('7');
    expect(await cellProcess()).toBe(pid);
  });
});

describe.runIf(process.platform === 'linux')('an interrupt ends a read of a named pipe without a writer', () => {
  test.each([
    ['when it opens', 'fs.readFileSync(pipe)'],
    ['when it reads', 'fs.readSync(fs.openSync(pipe, "r+"), Buffer.alloc(1))'],
  ])('%s', async (when, code) => {
    const pid = await cellProcess();
    const prepare = `import fs from "node:fs"; import os from "node:os"; import path from "node:path";
      import { execFileSync } from "node:child_process";
      const pipe = path.join(fs.mkdtempSync(path.join(os.tmpdir(), "pipe-")), "p"); execFileSync("mkfifo", [pipe]); const kept = 7;`;
    await kernel.client.run(prepare);
    const id = kernel.client.submit(`console.log("waits"); ${code};`);
    await kernel.client.child(id, ({ type }) => type === 'stream');
    await sleep(200);
    await kernel.client.request('control', 'interrupt_request', {});
    if (when === 'when it reads') {
      // It holds the other end itself, so that end cannot be closed.
      const told = await kernel.client.child(id, ({ content }) => /stop once more/.test(String(content.text)));
      expect(told.content).toMatchObject({
        name: 'stderr',
        text: expect.stringMatching(/all variables are lost: .*kept/),
      });
      await kernel.client.request('control', 'interrupt_request', {});
      expect((await kernel.client.finished(id)).reply.content.evalue).toMatch(/^an interrupt was not answered/);
      return;
    }
    expect((await kernel.client.finished(id)).reply.content).toMatchObject({ ename: 'KernelInterrupt' });
    expect(await resultOf('kept')).toBe('7');
    expect(await cellProcess()).toBe(pid);
  });
});

test('a long call of Node keeps its variables: an interrupt says so, and the call ends by itself', async () => {
  await kernel.client.run('const kept = 8; import crypto from "node:crypto";');
  const pid = await cellProcess();
  const id = kernel.client.submit(
    'console.log("runs"); crypto.pbkdf2Sync("a", "b", 6e6, 64, "sha512"); console.log("not here");',
  );
  await kernel.client.child(id, ({ type }) => type === 'stream');
  await kernel.client.request('control', 'interrupt_request', {});
  const told = await kernel.client.child(id, ({ content }) => /has not stopped/.test(String(content.text)));
  expect(told.content.text).toMatch(/^What runs in Cell \[\d+\] has not stopped: .*: kept/);
  const { reply, stdout } = await kernel.client.finished(id);
  expect(reply.content).toMatchObject({ ename: 'KernelInterrupt' });
  expect(stdout).not.toContain('not here');
  expect(await resultOf('kept')).toBe('8');
  expect(await cellProcess()).toBe(pid);
});

test('AsyncLocalStorage works after an interrupted loop', async () => {
  const id = kernel.client.submit('console.log("runs"); for (;;);');
  await kernel.client.child(id, ({ type }) => type === 'stream');
  await kernel.client.request('control', 'interrupt_request', {});
  await kernel.client.finished(id);
  const code = `import { AsyncLocalStorage } from "node:async_hooks";
    const store = new AsyncLocalStorage<number>();
    const kept = await store.run(5, async () => { await null; return store.getStore(); });
    store.disable(); // or the next interrupt might abort the process
    kept`;
  expect(await resultOf(code)).toBe('5');
});

test('an interrupt reaches a cell that is queued after a completion', async () => {
  const lines = Array.from({ length: 3000 }, (_, i) => `const line${i} = { value: ${i} };`);
  kernel.client.send('shell', {
    type: 'complete_request',
    content: { code: `${lines.join('\n')}\nline`, cursor_pos: null },
  });
  await sleep(50);
  const id = kernel.client.submit('for (;;);');
  // Two sockets: an interrupt that overtook the cell would have no cell to interrupt.
  await sleep(500);
  kernel.client.send('control', { type: 'interrupt_request', content: {} });
  expect((await kernel.client.finished(id)).reply.content).toMatchObject({ ename: 'KernelInterrupt' });
});

test('an interrupt with AsyncLocalStorage in use may abort the process, and the error says so', async () => {
  const code = `import { AsyncLocalStorage } from "node:async_hooks";
    console.log("runs");
    await new AsyncLocalStorage().run(1, async () => { await null; for (;;); });`;
  const id = kernel.client.submit(code);
  await kernel.client.child(id, ({ type }) => type === 'stream');
  await sleep(100);
  await kernel.client.request('control', 'interrupt_request', {});
  // Node 24 does not abort.
  expect((await kernel.client.finished(id)).reply.content.ename).toMatch(/^(KernelInterrupt|ProcessAborted)$/);
  expect(await resultOf('3 + 3')).toBe('6');
});

test('a looping cell ends when its host is killed', async () => {
  const pid = await cellProcess();
  kernel.client.submit('for (;;);');
  await sleep(500);
  kernel.signal('SIGKILL', false);
  expect(await kernel.exits(60)).toBe(true);
  await expect.poll(() => isAlive(pid)).toBe(false);
});
