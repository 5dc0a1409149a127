// Interrupts end a cell whatever it does; its variables stay, and the next cell is not affected.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CellSession } from '../support/cell-session';

let session: CellSession;
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

beforeAll(async () => {
  session = await CellSession.start();
  await session.execute('let state = 5');
});

afterAll(() => session?.close());

/** Starts a cell, and interrupts it `times` times once it prints that it is about to hang. */
async function interruptAtNow(cell: string, times = 1) {
  const parentId = session.begin(cell) as number;
  await session.until(() => session.outputOf(parentId).startsWith('now'));
  for (let i = 0; i < times; i++) {
    await pause(30);
    session.interrupt();
  }
  return session.end(parentId);
}

/** Interrupts a cell that is about to hang. */
const interrupt = (cell: string, times?: number) => interruptAtNow(`process.stdout.write("now");\n${cell}`, times);

test.each([
  ['a loop', 'while (true) {}', 1],
  ['a loop over an earlier variable', 'for (;;) state;', 1],
  ['a loop after an await', 'await null; while (true) {}', 1],
  ['a loop after a timer', 'await new Promise((r) => setTimeout(r, 5)); while (true) {}', 1],
  ['a loop in a timer', 'await new Promise(() => setTimeout(() => { while (true) {} }, 1))', 1],
  [
    'a loop in an immediate',
    'setImmediate(() => {}); await new Promise(() => setImmediate(() => { while (true) {} }))',
    1,
  ],
  ['a loop with a catch', 'for (;;) { try { while (true) {} } catch {} finally { state = 5 } }', 1],
  ['a loop in a callback', '[1].forEach(() => { while (true) {} })', 1],
  ['a loop that writes', 'for (;;) console.log("x".repeat(100))', 1],
  ['a pending promise', 'await new Promise(() => {})', 1],
  ['a sleep', 'await new Promise((r) => setTimeout(r, 60_000))', 1],
  ['a chain of promises', 'const spin = (): Promise<void> => Promise.resolve().then(spin); await spin()', 1],
  ['an async loop', 'for (;;) await null', 1],
  ['a chain of ticks', 'const tick = () => { process.nextTick(tick) }; tick(); await new Promise(() => {})', 1],
  ['a loop over immediates', 'for (;;) await new Promise((r) => setImmediate(r))', 1],
  ['a thread that waits', 'Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)', 1],
  ['a regular expression', '/^(a+)+$/.test("a".repeat(40) + "b")', 1],
  [
    'a loop of a slow function of V8',
    'const text = JSON.stringify([...Array(1e6).keys()]); for (;;) JSON.parse(text)',
    1,
  ],
  ['such a loop with a catch', 'const bytes = new Uint8Array(2e7); for (;;) { try { bytes.fill(1) } catch {} }', 1],
  [
    'such a labelled loop',
    'const list = [{}]; outer: for (;;) for (const _ of list) { structuredClone(new Uint8Array(1e7)); continue outer }',
    1,
  ],
  [
    'such a loop in a function',
    'const all = [...Array(1e6).keys()]; const sort = () => { while (true) all.slice().sort() }; sort()',
    1,
  ],
  ['a loop, four times', 'while (true) {}', 4],
  ['a pending promise, four times', 'await new Promise(() => {})', 4],
])('%s', async (_, cell, times) => {
  const { error } = await interrupt(cell, times);
  expect(error).toMatchObject({ ename: 'KernelInterrupt' });
  expect(error!.traceback.join('')).not.toMatch(/\.gradlab|__gradlab/);
  const next = await session.execute('[state, 1 + 1]');
  expect(next).toMatchObject({ ok: true, data: { 'text/plain': '[ 5, 2 ]' } });
  expect(session.deaths).toEqual([]);
});

test('a cell that shows the global object sees nothing of the kernel in it', async () => {
  const { data } = await session.execute(
    'Object.getOwnPropertySymbols(globalThis).filter((s) => Object.prototype.propertyIsEnumerable.call(globalThis, s))',
  );
  expect(data?.['text/plain']).toBe('[]');
});

test('the next cell can be interrupted immediately', async () => {
  for (let i = 0; i < 3; i++)
    expect((await interrupt('for (;;) {}')).error).toMatchObject({ ename: 'KernelInterrupt' });
  expect(session.deaths).toEqual([]);
});

test('a loop with calls has an unchanged result, and errors show only typed code', async () => {
  const cell = `function count(n: number) { let sum = 0; outer: for (let i = 0; ; i++) { if (i >= n) break outer; if (i % 2) continue outer; sum += Math.abs(i); } return sum; }
    [count(5000), String(count).replace(/\\s+/g, ' '), new Function('return ' + count)()(5)]`;
  const { data } = await session.execute(cell);
  expect(data?.['text/plain']).toContain('6247500');
  expect(data?.['text/plain']).not.toContain('__gradlab');
});

test('a library call ends when it polls: its cleanup runs, and a step is never half done', async () => {
  await session.execute('import { nn, optim, randn, training } from "gradlab";\nlet tidied = false;');
  await session.execute('const net = new nn.Linear(3, 1), optimizer = new optim.SGD(net.parameters(), { lr: 0 });');
  const data = '{ x: randn([64, 3]), y: randn([64, 1]) }';
  // Modules loaded on first use do not poll while they load.
  const loss = '(x, y) => { if (steps++ === 9) process.stdout.write("now"); return nn.functional.mseLoss(x, y); }';
  const fit = `training.fit(net, ${data}, { loss: ${loss}, optimizer, epochs: 1e9 })`;
  const { error } = await interruptAtNow(`let steps = 0; try { ${fit} } finally { tidied = true; }`);
  expect(error).toMatchObject({ ename: 'KernelInterrupt' });
  const next = await session.execute('[tidied, net.weight.shape[1]]');
  expect(next).toMatchObject({ ok: true, data: { 'text/plain': '[ true, 3 ]' } });
  expect(session.deaths).toEqual([]);
});

const waits = {
  'a timer': 'await new Promise((r) => setTimeout(r, 2))',
  'an immediate': 'await new Promise((r) => setImmediate(r))',
  'a promise of a timer': 'await require("node:timers/promises").setTimeout(2)',
  'an imported one': 'const { setTimeout: sleep } = await import("node:timers/promises"); await sleep(2)',
  'a promisified timer': 'await require("node:util").promisify(setTimeout)(2)',
};

test.each(Object.entries(waits))('a loop that awaits %s does not continue in the background', async (_, wait) => {
  await session.execute('let rounds = 0');
  const { error } = await interrupt(`for (;;) { rounds++; ${wait}; }`);
  expect(error).toMatchObject({ ename: 'KernelInterrupt' });
  const seen = await session.execute('rounds');
  expect(Number(seen.data?.['text/plain'])).toBeGreaterThan(1);
  await pause(30);
  expect((await session.execute('rounds')).data).toEqual(seen.data);
  // The same works in the next cell.
  expect((await session.execute(`${wait}; "done"`)).data?.['text/plain']).toBe("'done'");
});

/** Loops that wait without a timer; each turn calls `turn()`. */
const loops = {
  files: 'for (;;) { turn(); await fs.promises.readFile("f.txt") }',
  'files, whose errors it catches': 'for (;;) { turn(); try { await fs.promises.readFile("/nowhere") } catch {} }',
  'files, in a function that catches':
    'const read = async () => { try { await fs.promises.readFile("f.txt") } catch {} }; for (;;) { turn(); await read() }',
  'a function of a local file': 'await inFile(turn)',
  'a stream': 'for (;;) for await (const _ of fs.createReadStream("f.txt")) turn()',
  callbacks: 'const again = () => { turn(); fs.readFile("f.txt", again) }; again(); await new Promise(() => {})',
  'a chain of promises':
    'const again = (): Promise<unknown> => { turn(); return fs.promises.readFile("f.txt").then(again) }; await again()',
  events:
    'const again = () => { turn(); fs.createReadStream("f.txt").resume().on("close", again) }; again(); await new Promise(() => {})',
  'the network': 'for (;;) { turn(); await (await fetch(url)).text() }',
  'child processes': 'for (;;) { turn(); await promisify(exec)("true") }',
  nobody: '(async () => { for (;;) { turn(); await fs.promises.readFile("f.txt") } })(); await new Promise(() => {})',
};

test.each(Object.entries(loops))('a loop that awaits %s does not continue in the background', async (_, loop) => {
  session.write({
    'f.txt': 'text',
    'loop.ts': `import { readFile } from "node:fs/promises";
      export async function inFile(turn: () => void) { for (;;) { turn(); await readFile("f.txt"); } }`,
  });
  await session.execute(`
    import { exec } from "node:child_process"; import * as fs from "node:fs"; import * as http from "node:http";
    import { promisify } from "node:util"; import { inFile } from "./loop";
    const server = http.createServer((_, response) => response.end("body"));
    await new Promise<void>((resolve) => server.listen(0, resolve));
    const url = "http://127.0.0.1:" + (server.address() as import("node:net").AddressInfo).port;
    let turns = 0; let enough = () => {};
    const turn = () => { turns++; if (turns === 3) enough() };`);
  const parentId = session.begin(`enough = () => console.log("turns"); ${loop}`);
  if (typeof parentId !== 'number') throw new Error(JSON.stringify(parentId.diagnostics));
  await session.until(() => session.outputOf(parentId).startsWith('turns'));
  session.interrupt();
  expect((await session.end(parentId)).error).toMatchObject({ ename: 'KernelInterrupt' });
  // Pending events have arrived once a later one of the same kind has.
  const later = 'await promisify(exec)("true"); await (await fetch(url)).text();';
  await session.execute(later);
  const seen = await session.execute('turns');
  for (let i = 0; i < 3; i++) await session.execute(later);
  expect((await session.execute('turns')).data).toEqual(seen.data);
  expect((await session.execute('server.close(); server.closeAllConnections(); "closed"')).ok).toBe(true);
  expect(session.all('late-error')).toEqual([]);
});

test('runs the cleanup of a cell, and nothing else', async () => {
  session.write({ 'f.txt': 'text' });
  await session.execute('import * as disk from "node:fs"; let tidied = ""; let went = 0;');
  const loop =
    'for (;;) { try { went++; await disk.promises.readFile("f.txt") } catch { tidied += "catch" } finally { await disk.promises.readFile("f.txt"); tidied = "done" } }';
  const { error } = await interrupt(loop);
  expect(error).toMatchObject({ ename: 'KernelInterrupt' });
  for (let i = 0; i < 5; i++) await session.execute('await disk.promises.readFile("f.txt")');
  const seen = await session.execute('[tidied, went]');
  await session.execute('await disk.promises.readFile("f.txt")');
  expect((await session.execute('[tidied, went]')).data).toEqual(seen.data);
  expect(seen.data?.['text/plain']).toContain("'done'");
});

test('ends the intervals of an interrupted cell, but no timer that is started later', async () => {
  await session.execute('let ticks = 0');
  await interrupt('setInterval(() => ticks++, 1); await new Promise(() => {})');
  const { data } = await session.execute('ticks');
  await pause(20);
  expect((await session.execute('ticks')).data).toEqual(data);
  const late = 'await new Promise((r) => setTimeout(r, 5)); "late"';
  expect((await session.execute(late)).data?.['text/plain']).toBe("'late'");
});

test('keeps names that were assigned', async () => {
  await interrupt('const reached = 7; let counted = 0; for (;;) counted++; const never = 1');
  const next = await session.execute('[reached, counted > 0]');
  expect(next.data?.['text/plain']).toBe('[ 7, true ]');
});

test('skips a cell that is interrupted before it arrives', async () => {
  session.write({ 'local.ts': 'export const local = 8' });
  // An interrupt overtakes long text. Here it is sent before the cell, and has arrived when another cell ends because
  // of it.
  const waiting = session.begin('process.stdout.write("now"); await new Promise(() => {})') as number;
  await session.until(() => session.outputOf(waiting) === 'now');
  session.interrupt(waiting + 1);
  expect((await session.end(waiting)).error).toMatchObject({ ename: 'KernelInterrupt' });
  const overtaken = await session.execute('import { local } from "./local"; state = local;');
  expect(overtaken.error).toMatchObject({ ename: 'KernelInterrupt' });
  expect((await session.execute('state')).data?.['text/plain']).toBe('5');
  expect((await session.execute('import { local } from "./local"; local')).data?.['text/plain']).toBe('8');
});

test('has no effect while no cell runs', async () => {
  session.interrupt();
  await pause(250); // longer than the interrupt thread waits before it terminates anything
  expect((await session.execute('state')).data?.['text/plain']).toBe('5');
});

test('leaves timers of earlier cells running', async () => {
  await session.execute('let beats = 0; const beat = setInterval(() => beats++, 1)');
  await interrupt('while (true) {}');
  const sleep = 'await new Promise((r) => setTimeout(r, 50))';
  const ran = await session.execute(`const seen = beats; ${sleep}; clearInterval(beat); beats > seen`);
  expect(ran.data?.['text/plain']).toBe('true');
});

test('with AsyncLocalStorage in use, the process may die, but never hangs', async () => {
  const storage = 'const { AsyncLocalStorage } = require("node:async_hooks"); const store = new AsyncLocalStorage();';
  const outcome = await interrupt(`${storage} await store.run(1, async () => { await null; while (true) {} })`).then(
    ({ error }) => error!.ename,
    () => 'died',
  );
  expect(['KernelInterrupt', 'died']).toContain(outcome);
  expect(session.deaths).toHaveLength(outcome === 'died' ? 1 : 0);
});

test.each([
  ['noGrad', 'noGrad(() => { for (;;) {} })'],
  ['a backward pass', 'for (;;) w.mul(w).sum().backward()'],
  ['a pass within noGrad', 'noGrad(() => enableGrad(() => { for (;;) w.mul(w).sum().backward() }))'],
  ['detectAnomaly', 'detectAnomaly(() => { for (;;) w.mul(w).sum().backward() })'],
])('an interrupt in %s restores the modes', async (_, cell) => {
  await session.execute(`
    import { detectAnomaly, enableGrad, isAnomalyEnabled, isGradEnabled, noGrad, ones, setGradEnabled } from 'gradlab';
    const w = ones([1000], { requiresGrad: true });`);
  const modes = '[isGradEnabled(), isAnomalyEnabled()]';
  expect((await interrupt(cell)).error).toMatchObject({ ename: 'KernelInterrupt' });
  expect((await session.execute(modes)).data?.['text/plain']).toBe('[ true, false ]');
  await session.execute('setGradEnabled(false); noGrad(() => {})');
  expect((await interrupt('for (;;) noGrad(() => w.add(w))')).error).toMatchObject({ ename: 'KernelInterrupt' });
  expect((await session.execute(modes)).data?.['text/plain']).toBe('[ false, false ]');
  await session.execute('setGradEnabled(true)');
});
