// `node:test` in cells.
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { CellSession, failureOf } from '../support/cell-session';

let session: CellSession;

beforeAll(async () => {
  session = await CellSession.start({
    'sum.ts': 'import test from "node:test";\nexport const check = () => test("of a file", () => {});\n',
  });
  await session.execute(
    'import test, { describe, it } from "node:test";\nimport assert from "node:assert/strict";\nimport { check } from "./sum";',
  );
});
beforeEach(() => session.clear());
afterAll(() => session?.close());

/** The output without times. */
const plain = (output: string) => output.replace(/\d+\.\d ms/g, 't');

test('lists passed tests in the cell', async () => {
  const cell = `test("one", () => {});
describe("sums", () => {
  it("two", async () => { await new Promise((done) => setTimeout(done, 20)); console.log("within"); });
  it.skip("three", () => { throw new Error("never runs"); });
  it.todo("four");
});
check();
console.log("declared");
7`;
  const ran = await session.execute(cell);
  expect(failureOf(ran)).toBe('');
  expect(ran.data).toEqual({ 'text/plain': '7' });
  expect(plain(ran.output).split('\n')).toEqual([
    'declared',
    '✔ one (t)',
    'within',
    '▶ sums',
    '  ✔ two (t)',
    '  ﹣ three (t) # skipped',
    '  ✔ four (t) # to do',
    '✔ sums (t)',
    '✔ of a file (t)',
    '3 tests passed, 2 skipped or to do',
    '',
  ]);
});

test('a failure fails the cell and shows its position; the other tests are listed', async () => {
  const ran = await session.execute(`test("right", () => {});
test("outer", async (t) => {
  await t.test("inner", () => assert.equal(1 + 1, 3));
});
test("thrown", () => {
  throw new RangeError("far out");
});`);
  expect(ran.ok).toBe(false);
  expect(plain(ran.output).split('\n')).toEqual(
    expect.arrayContaining(['✔ right (t)', '▶ outer', '  ✖ inner (t)', '✖ outer (t)', '✖ thrown (t)']),
  );
  expect(ran.error).toMatchObject({
    ename: 'TestFailure',
    evalue: '2 of 3 tests failed: outer › inner; thrown',
  });
  const failure = failureOf(ran);
  expect(failure).toMatch(/AssertionError[\s\S]*Cell \[\d+\]:3:/);
  expect(failure).toMatch(/RangeError: far out[\s\S]*> ?6 \|[\s\S]*Cell \[\d+\]:6:/);
  expect(failure).not.toMatch(/node:internal|ERR_TEST_FAILURE/);
});

test('does not affect cells without tests, or awaited tests', async () => {
  const first = await session.execute('await test("awaited", () => {});\n1');
  expect([first.ok, plain(first.output)]).toEqual([true, '✔ awaited (t)\n1 test passed\n']);
  const second = await session.execute('2');
  expect([second.ok, second.output]).toEqual([true, '']);
});

test('an interrupt cancels a test that waits; later tests run', async () => {
  const parent = session.begin('console.log("begun");\ntest("long", () => new Promise(() => {}));') as number;
  await session.until(() => session.outputOf(parent).includes('begun'));
  session.interrupt();
  const stopped = await session.end(parent);
  expect(stopped.error?.ename).toBe('KernelInterrupt');
  const next = await session.execute('test("next", () => {});');
  expect(failureOf(next)).toBe('');
  expect(next.output).toMatch(/✔ next/);
  expect(session.deaths).toEqual([]);
});

test('an interrupt cancels a test that loops', async () => {
  const parent = session.begin('test("long", () => { console.log("loops"); for (;;); });') as number;
  await session.until(() => session.outputOf(parent).includes('loops'));
  session.interrupt();
  expect((await session.end(parent)).error?.ename).toBe('KernelInterrupt');
  expect((await session.execute('test("next", () => {});')).output).toMatch(/✔ next/);
  expect(session.deaths).toEqual([]);
});

test('errors that nothing catches are those of a test while it runs, and of their cells afterwards', async () => {
  const late = 'await new Promise((done) => setTimeout(done, 30));';
  const within = await session.execute(`test("careless", async () => {
  setTimeout(() => { throw new Error("by a timer"); }, 1);
  ${late}
});`);
  expect(within.ok).toBe(false);
  expect(failureOf(within)).toContain('by a timer');
  for (const careless of [
    'setTimeout(() => { throw new Error("later"); }, 1);',
    'queueMicrotask(() => { throw new Error("later"); });',
    'Promise.reject(new Error("later"));',
  ]) {
    session.clear();
    const ran = await session.execute(`${careless} ${late}`);
    expect(failureOf(ran), careless).toContain('later');
  }
  session.clear();
  const heard = `process.once("unhandledRejection", (e) => console.log("heard", (e as Error).message));
Promise.reject(new Error("it")); ${late}`;
  expect(await session.execute(heard)).toMatchObject({ ok: true, output: 'heard it\n' });
});
