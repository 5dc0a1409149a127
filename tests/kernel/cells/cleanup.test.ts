// Clean-up of an interrupted cell: `finally` and `using` run, in loops and after an `await`, before the cell's reply.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CellSession } from '../support/cell-session';

let session: CellSession;

beforeAll(async () => {
  session = await CellSession.start();
  await session.execute(`let log: string[] = [];
    const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
    class Held {
      constructor(private name: string) {}
      [Symbol.dispose]() { log.push(this.name); }
      async [Symbol.asyncDispose]() { await sleep(5); log.push(this.name); }
    }`);
});
afterAll(() => session?.close());

/** Runs a cell until it prints `now`, and interrupts it. */
async function stopped(cell: string, times = 1) {
  await session.execute('log = []');
  const parentId = session.begin(`const now = () => process.stdout.write("now");\n${cell}`);
  if (typeof parentId !== 'number') throw new Error(JSON.stringify(parentId.diagnostics));
  for (let i = 0; i < times; i++) {
    await session.until(() => session.outputOf(parentId) === 'now'.repeat(i + 1));
    session.interrupt();
  }
  const { error } = await session.end(parentId);
  const { data } = await session.execute('log.join(" ")');
  return { ename: error?.ename, log: data?.['text/plain'] };
}

test.each([
  ['a loop', 'try { now(); for (;;) Math.random(); } finally { log.push("tidied"); }', 'tidied'],
  [
    'a loop without calls',
    'try { now(); for (let i = 0; ; i++) i += 1; } finally { log.push("tidied"); }',
    // V8 of Node 22 and later cannot leave such a loop and run more code: the whole cell ends, as
    // docs/reference/kernel.md says.
    Number(process.versions.node.split('.')[0]) < 22 ? 'tidied' : '',
  ],
  [
    'a loop in a function, and later loops',
    'const spin = () => { for (;;) Math.random(); }; try { now(); spin(); } finally { for (const x of [1, 2]) log.push(String(x)); }',
    '1 2',
  ],
  [
    'a loop in a callback',
    '[1].forEach(() => { try { now(); for (;;) JSON.parse("1"); } finally { log.push("in"); } })',
    'in',
  ],
  [
    'a loop in a timer',
    'await new Promise(() => setTimeout(() => { try { now(); for (;;) JSON.parse("1"); } finally { log.push("in"); } }, 1))',
    'in',
  ],
  [
    'a loop with a catch',
    'try { now(); for (;;) { try { Math.random(); } catch {} } } catch { log.push("no"); } finally { log.push("tidied"); }',
    'tidied',
  ],
  ['using', '{ using held = new Held("disposed"); now(); for (;;) Math.random(); }', 'disposed'],
  ['a promise', 'try { now(); await new Promise(() => {}); } finally { log.push("tidied"); }', 'tidied'],
  [
    'a cell that awaits',
    'try { now(); await new Promise(() => {}); } finally { await sleep(5); log.push("tidied"); }',
    'tidied',
  ],
  ['await using', '{ await using held = new Held("disposed"); now(); await new Promise(() => {}); }', 'disposed'],
  [
    'functions, from the inside out',
    `async function inner() { try { now(); await sleep(1e6); } finally { await sleep(20); log.push("inner"); } }
     async function outer() { try { await inner(); } finally { log.push("outer"); } }
     try { await outer(); } catch { log.push("no"); } finally { log.push("cell"); }`,
    'inner outer cell',
  ],
  [
    'generators and their consumers',
    `async function* numbers() { try { yield 1; now(); await sleep(1e6); } finally { log.push("numbers"); } }
     try { for await (const _ of numbers()); } finally { log.push("loop"); }`,
    'numbers loop',
  ],
  [
    'a generator between two numbers',
    `async function* numbers() { try { for (;;) yield 1; } finally { log.push("numbers"); } }
     try { for await (const _ of numbers()) { now(); await sleep(1e6); } } finally { log.push("loop"); }`,
    'numbers loop',
  ],
  [
    'code that is not awaited',
    'const aside = async () => { try { await sleep(1e6); } finally { log.push("aside"); } }; aside(); now(); await sleep(1e6);',
    'aside',
  ],
])('%s', async (_, cell, log) => {
  expect(await stopped(cell)).toEqual({ ename: 'KernelInterrupt', log: `'${log}'` });
});

test.each([
  ['waits forever', 'try { now(); await sleep(1e6); } finally { now(); await new Promise(() => {}); log.push("no"); }'],
  ['waits repeatedly', 'try { now(); await sleep(1e6); } finally { now(); for (;;) await sleep(1); }'],
  ['loops', 'try { now(); await sleep(1e6); } finally { now(); for (;;); }'],
  ['loops after a loop', 'try { now(); for (;;) Math.random(); } finally { now(); for (;;) Math.random(); }'],
])('a second interrupt ends a cell that %s during its clean-up', async (_, cell) => {
  expect(await stopped(cell, 2)).toEqual({ ename: 'KernelInterrupt', log: "''" });
  expect((await session.execute('1 + 1')).data?.['text/plain']).toBe('2');
  expect(session.deaths).toEqual([]);
});

test('a file is closed, a lock is released, and the next cell can use both', async () => {
  const cell = `import fs from "node:fs";
    const file = await fs.promises.open("held.txt", "w");
    try { now(); await sleep(1e6); } finally { await file.close(); fs.rmSync("held.txt"); log.push(String(file.fd)); }`;
  expect((await stopped(cell)).log).toBe("'-1'");
  expect((await session.execute('fs.existsSync("held.txt")')).data?.['text/plain']).toBe('false');
});

test('without an interrupt values, errors and breaks are unchanged', async () => {
  const cell = `const seen: unknown[] = [];
    try { for await (const x of [1, Promise.resolve(2)]) seen.push(x); } finally { seen.push("f"); }
    async function* three() { try { yield 1; yield 2; yield 3; } finally { seen.push("g"); } }
    try { for await (const x of three()) { seen.push(x); if (x === 2) break; } } finally { seen.push(await null); }
    try { await Promise.reject(new Error("e")); } catch (error) { seen.push((error as Error).message); } finally { await sleep(1); }
    const f = async () => { try { return await sleep(1); } finally { seen.push("r"); } };
    seen.push(await f()); seen`;
  const { data, error, diagnostics } = await session.execute(cell);
  expect({ diagnostics, error, value: data?.['text/plain'] }).toEqual({
    diagnostics: [],
    error: undefined,
    value: "[ 1, 2, 'f', 1, 2, 'g', null, 'e', 'r', undefined ]",
  });
});
