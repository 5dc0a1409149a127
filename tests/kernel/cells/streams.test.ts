// Output: complete, in order, and assigned to the cell that caused it, however late it arrives.
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { CellSession } from '../support/cell-session';

let session: CellSession;

beforeAll(async () => {
  session = await CellSession.start();
});

beforeEach(() => session.clear());

afterAll(() => session?.close());

/** Runs a cell, and returns its number. */
async function run(cell: string): Promise<number> {
  const parentId = session.begin(cell) as number;
  expect(await session.end(parentId)).toMatchObject({ ok: true });
  return parentId;
}

const sleep = (ms: number) => `await new Promise((r) => setTimeout(r, ${ms}))`;

test('console and both streams, in order', async () => {
  await run(
    'console.log("a"); console.error("b"); process.stdout.write("c\\n"); console.warn("d"); console.info("e", { x: [1] });',
  );
  const written = session.all('stream').map(({ name, text }) => [name, text]);
  expect(written).toEqual([
    ['stdout', 'a\n'],
    ['stderr', 'b\n'],
    ['stdout', 'c\n'],
    ['stderr', 'd\n'],
    ['stdout', 'e { x: [ 1 ] }\n'],
  ]);
});

test('streams are not terminals, as in a pipe: no width, and progress is printed in lines', async () => {
  const parentId = await run(
    `const { stdout, stderr, stdin } = process; console.log([stdout, stderr, stdin].map(({ isTTY }) => isTTY), stdout.columns);
     // As packages do that show how far they are.
     const bar = (share: number) => {
       const text = '#'.repeat(10 * share).padEnd(10, '.');
       if (!stdout.isTTY) return stdout.write(text + '\\n');
       stdout.cursorTo(0);
       return stdout.write(text);
     };
     bar(0); bar(0.5); bar(1);`,
  );
  expect(session.outputOf(parentId)).toBe(
    '[ undefined, undefined, undefined ] undefined\n..........\n#####.....\n##########\n',
  );
});

test('supports the other methods of console', async () => {
  const parentId = await run(
    'console.table([{ a: 1 }]); console.group("g"); console.log("in"); console.groupEnd(); console.count(); console.assert(false, "no"); console.dir({ d: 1 }); console.debug("%s=%d", "n", 5);',
  );
  const text = session.outputOf(parentId);
  expect(text).toMatch(/│ 0 +│ 1 │/);
  expect(text).toContain('g\n  in\ndefault: 1\nAssertion failed: no\n{ d: 1 }\nn=5\n');
});

test('console.trace', async () => {
  const parentId = await run('function traced() {\n  console.trace("a %s", "trace");\n}\ntraced();');
  expect(session.outputOf(parentId)).toMatch(
    /^Trace: a trace\n {4}at traced \(Cell \[\d+\]:2:11\)\n {4}at Cell \[\d+\]:4:1\n$/,
  );
});

test('a group ends with its cell, also while that continues in the background', async () => {
  const first = await run('console.group("first"); setTimeout(() => console.log("late in first"), 100);');
  const second = await run(`console.log("second"); console.group("inner"); ${sleep(200)}; console.log("in inner")`);
  expect(session.outputOf(first)).toBe('first\n  late in first\n');
  expect(session.outputOf(second)).toBe('second\ninner\n  in inner\n');
  const third = await run('console.log("third"); console.groupEnd(); console.table([1])');
  expect(session.outputOf(third)).toMatch(/^third\n┌/);
});

test('packages and child processes print colours, but a cell that reads such output gets none', async () => {
  const shell = 'echo "colours: $FORCE_COLOR"';
  await run(`
    import { execSync as read, spawn as start, spawnSync as readAll } from "child_process";
    console.log("package: " + process.env.FORCE_COLOR);
    console.log("read " + read('${shell}') + readAll('${shell}', { shell: true }).stdout);
    read('${shell}', { stdio: "inherit" });
    const child = start('${shell}', { shell: true, stdio: "inherit" });
    await new Promise((r) => child.on("close", r));
    const other = start('${shell}', { shell: true });
    other.stdout.on("data", (d) => process.stdout.write("piped " + d));
    await new Promise((r) => other.on("close", r));
    console.log(String(read('${shell}', { env: { FORCE_COLOR: "2" } })));`);
  const text = session
    .all('stream')
    .map((m) => m.text)
    .join('');
  expect(text).toBe('package: true\nread colours: \ncolours: \n\ncolours: true\npiped colours: \ncolours: 2\n\n');
  await session.until(() => session.native === 'colours: true\n');
});

test('prints no colours if they are off', async () => {
  const parentId = await run(
    'console.log({ n: 1, s: "x", u: undefined }, 5, true); console.error(new Map([["k", null]]))',
  );
  expect(session.outputOf(parentId)).not.toContain('\u001b');
});

test('supports callbacks and bytes; a character may be split', async () => {
  const parentId = await run(`
    const order: string[] = [];
    const bytes = Buffer.from("é🙂");
    for (const byte of bytes) process.stdout.write(Uint8Array.of(byte));
    await new Promise<void>((done) => process.stdout.write("|", () => { order.push("callback"); done(); }));
    await new Promise<void>((done) => process.stdout.write("68", "hex", () => done()));
    console.log(order.join());`);
  expect(session.outputOf(parentId)).toBe('é🙂|hcallback\n');
});

test('5 MB and 5,000 lines arrive complete', async () => {
  const big = await run('process.stdout.write("x".repeat(5_000_000)); for (let i = 0; i < 5000; i++) console.log(i);');
  const text = session.outputOf(big);
  expect(text.length).toBe(5_000_000 + Array.from({ length: 5000 }, (_, i) => `${i}\n`).join('').length);
  expect(text.endsWith('\n4998\n4999\n')).toBe(true);
});

test('output arrives while the cell runs', async () => {
  const parentId = session.begin('console.log("early"); while (true) {}') as number;
  await session.until(() => session.outputOf(parentId) === 'early\n');
  session.interrupt();
  await session.end(parentId);
});

test('late output belongs to the cell that started it', async () => {
  const first = await run(`
    setTimeout(() => { console.log("timer"); Promise.resolve().then(() => console.log("promise behind it")) }, 30);
    setImmediate(() => console.log("immediate"));
    const beat = setInterval(() => { console.log("interval"); clearInterval(beat) }, 20);
    (async () => { ${sleep(40)}; console.log("async"); ${sleep(20)}; console.log("async again") })();`);
  const second = await run(`console.log("second"); ${sleep(120)}; console.log("second again")`);
  await expect
    .poll(() => session.outputOf(first).trim().split('\n').sort())
    .toEqual(['async', 'async again', 'immediate', 'interval', 'promise behind it', 'timer'].sort());
  expect(session.outputOf(second)).toBe('second\nsecond again\n');
});

test('timers keep promisify, refresh, clear and arguments', async () => {
  const parentId = await run(`
    import { promisify } from "util"; import { setTimeout as later } from "timers/promises";
    console.log(await promisify(setTimeout)(1, "value"), await later(1, "promised"), await promisify(setImmediate)("at once"));
    const cleared = setImmediate(() => console.log("never")); clearImmediate(cleared);
    const never = setTimeout(() => console.log("never"), 1); clearTimeout(never);
    await new Promise<void>((r) => setTimeout((a: number, b: string) => { console.log(a, b); r() }, 1, 5, "b"));
    await new Promise<void>((r) => setImmediate((a: number) => { console.log(a); r() }, 6));
    console.log(typeof setTimeout(() => {}, 1).refresh, typeof setImmediate(() => {}).hasRef);`);
  expect(session.outputOf(parentId)).toBe('value promised at once\n5 b\n6\nfunction function\n');
});

test('output of child processes, threads and writes to descriptors reaches the host', async () => {
  await run(`
    import { execFileSync } from "child_process"; import fs from "fs"; import { Worker } from "worker_threads";
    execFileSync(process.execPath, ["-e", "console.log('from a child')"], { stdio: "inherit" });
    fs.writeSync(1, "to the descriptor\\n");
    const thread = new Worker("console.log('from a thread')", { eval: true });
    await new Promise((r) => thread.on("exit", r));`);
  const whole = () =>
    session.native +
    session
      .all('stream')
      .map((m) => m.text)
      .join('');
  await session.until(
    () => /from a child[\s\S]*to the descriptor/.test(session.native) && /from a thread/.test(whole()),
  );
  expect(whole().match(/from a thread/g)).toHaveLength(1);
});
