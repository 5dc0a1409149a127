// Errors as a user reads them: positions as typed, excerpts, causes; and what remains of the failed cell.
import fs from 'node:fs/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { CellSession, failureOf, type Ran } from '../support/cell-session';

let session: CellSession;

beforeAll(async () => {
  session = await CellSession.start({
    'lib/other.ts': 'export const some = 1;',
    'lib/caught.ts': `import * as other from './other';
export function caught(): string {
  try { (other as any).none() } catch (e: any) { return e.message }
  return '';
}`,
    'lib/deep.ts': `interface A {
  a: 1
}
export function deep(): never {
  const o: A = { a: 1 };
  throw new RangeError("from a module " + o.a);
}
export class Thing { go() { deep() } }`,
    'node_modules/later/package.json': '{ "name": "later", "main": "index.js" }',
    'node_modules/later/index.js': `const call = (fn, values) => fn(values);
exports.later = (fn, values) => new Promise((resolve, reject) => {
  setImmediate(() => { try { resolve(call(fn, values)); } catch (error) { reject(error); } });
});`,
  });
});

afterAll(() => session?.close());

/** Runs cells; the last one must fail. */
async function failing(...cells: string[]): Promise<Ran> {
  for (const cell of cells.slice(0, -1)) expect(failureOf(await session.execute(cell))).toBe('');
  const ran = await session.execute(cells.at(-1)!);
  expect(ran.ok).toBe(false);
  return ran;
}

/** In Node 26 this error has no stack, also outside a kernel. */
const hasStack = await fs.readFile('/nope').catch((error: Error) => error.stack!.includes('\n    at '));
const row: [string, string, number] = [
  'of a promise of Node',
  'import fsp from "fs/promises";\nawait fsp.readFile("/nope")',
  2,
];
const promiseOfNode = hasStack ? [row] : [];

describe('positions', () => {
  test('shows the line as typed, with a marker', async () => {
    const ran = await failing('interface I {\n  x: 1\n}\nthrow new Error("plain");');
    expect(ran.error).toMatchObject({ ename: 'Error', evalue: 'plain' });
    expect(failureOf(ran)).toBe(`Error: plain
  2 |   x: 1
  3 | }
> 4 | throw new Error("plain");
    |       ^
    at ${ran.file}:4:7`);
  });

  test('shows functions of earlier cells, and their callers', async () => {
    const define = 'type N = number\n\nfunction thrower(n: N): never { throw new TypeError("deep " + n) }';
    const ran = await failing(define, 'interface J { a: 1 }\n\nconst caller = () => thrower(1)\n\ncaller()');
    expect(failureOf(ran)).toMatch(
      /\n {4}at thrower \(Cell \[2\]:3:39\)\n {4}at caller \(Cell \[3\]:3:\d+\)\n {4}at Cell \[3\]:5:1$/,
    );
  });

  test.each([
    ['after an await', 'type W = number\nawait 1;\n  (null as any).foo', 3],
    [
      'in an async function',
      'async function later() {\n  await null;\n  throw new Error("later")\n}\nawait later()',
      3,
    ],
    ['after a template of several lines', 'const t = `\n\n${1}\n`; throw new Error("x")', 4],
    ['in a callback', 'const list = [3, 1]\nlist.sort(() => {\n  throw new Error("in sort")\n})', 3],
    ['in a getter', 'class Acc {\n  get v(): number { throw new Error("g") }\n}\nnew Acc().v', 2],
    ['in a decorator', 'function dec(..._: any[]): any {\n  throw new Error("d")\n}\nclass D {\n  @dec m() {}\n}', 2],
    ['in a field', 'class F {\n  x = JSON.parse("{");\n}\nnew F()', 2],
    ['in code passed to eval', 'const n = 1\neval("missing + 1")', 2],
    ['from a module of Node', 'import fs from "fs";\nfs.readFileSync("/nope/nope")', 2],
    ...promiseOfNode,
    [
      'through a deep library',
      `const deep = (n: number): void => n ? [n].forEach(() => deep(n - 1)) : fail()\nfunction fail() {\n  throw new Error("d")\n}\ndeep(20)`,
      3,
    ],
  ])('%s', async (_, cell, line) => {
    const ran = await failing(cell);
    const text = failureOf(ran);
    expect(text).toContain(`> ${line} | `);
    expect(text).toContain(`${ran.file}:${line}:`);
    expect(text).not.toMatch(/node:|\.gradlab|__gradlab/);
  });

  test("shows a callback passed to an import of an earlier cell, without the library's frames", async () => {
    const ran = await failing(
      'import { later } from "later"',
      'await later((values: { n: number }) => {\n  throw new Error("n");\n}, { n: 1 })',
    );
    expect(failureOf(ran)).toMatch(/\n {4}at (n \()?Cell \[\d+\]:2:9\)?$/);
  });

  test('shows `using` as typed, not as compiled', async () => {
    const text = failureOf(
      await failing(
        '{\n  using held = { [Symbol.dispose]() { throw new Error("dispose"); } };\n  throw new Error("body");\n}',
      ),
    );
    expect(text).toMatch(/SuppressedError/);
    const places = [...text.matchAll(/Cell \[\d+\]:(\d+):/g)].map(([, line]) => Number(line));
    expect(places.every((line) => line === 2 || line === 3)).toBe(true);
    expect(text).not.toMatch(/at (next|fail|new)\b/);
  });

  test('shows async callers', async () => {
    const ran = await failing(
      'async function inner() {\n  await null;\n  throw new Error("a")\n}',
      '\n\nawait inner()',
    );
    expect(failureOf(ran)).toMatch(/at inner \(Cell \[\d+\]:3:9\)\n {4}at async Cell \[\d+\]:3:1$/);
  });

  test('shows a local file', async () => {
    const ran = await failing('import { Thing } from "./lib/deep";\n[new Thing()].forEach((t) => t.go())');
    expect(failureOf(ran)).toMatch(/at deep \(lib\/deep\.ts:6:9\)\n {4}at Thing\.go \(lib\/deep\.ts:8:29\)\n/);
    expect(failureOf(ran)).toContain('> 2 | [new Thing()]');
  });

  test('shortens an infinite recursion', async () => {
    const ran = await failing('function rec(): number { return rec() + 1 }\nrec()');
    expect(ran.error).toMatchObject({ ename: 'RangeError', evalue: 'Maximum call stack size exceeded' });
    expect(ran.error!.traceback.length).toBeLessThan(15);
    expect(failureOf(ran)).toContain('more of the same');
  });

  test('survive a library that formats stacks itself', async () => {
    const ran = await failing(
      'const ours = Error.prepareStackTrace; Error.prepareStackTrace = undefined',
      'interface Q {\n  a: 1\n}\nthrow new Error("raw")',
    );
    expect(failureOf(ran)).toContain(`at ${ran.file}:4:7`);
    await session.execute('Error.prepareStackTrace = ours');
  });

  test('a line of a message is not taken for a frame', async () => {
    const ran = await failing('throw new Error("first\\n    at second (fake)\\nthird")');
    expect(ran.error!.evalue).toBe('first\n    at second (fake)\nthird');
    expect(failureOf(ran).match(/at second/g)).toHaveLength(2); // the message, and the source that contains it
  });
});

describe('a thrown value', () => {
  test.each([
    ['five()', 'five is not a function'],
    ['new five()', 'five is not a constructor'],
    ['five.part()', 'five.part is not a function'],
    ['five`text`', 'five is not a function'],
    ['for (const x of five) {}', 'five is not iterable'],
    ['(join as any).part()', 'join.part is not a function'],
    ['(import.meta as any).part()', 'import.meta.part is not a function'],
  ])('%s, with positions of the cell', async (cell, message) => {
    const ran = await failing('let five: any = 5; import { join } from "node:path"', cell);
    expect(ran.error!.evalue).toBe(message);
    expect(failureOf(ran)).not.toContain('__');
    const shown = await session.execute(`try { ${cell} } catch (error) { console.log(error) }`);
    expect(shown.output).toContain(`TypeError: ${message}\n`);
  });

  test('shows causes, each with its own source and frames', async () => {
    const ran = await failing(
      'function cause() {\n  throw new TypeError("inner") }\ntry { cause() } catch (e) {\n  throw new Error("outer", { cause: e })\n}',
    );
    expect(failureOf(ran)).toMatch(/^Error: outer\n[\s\S]*> 4 \|[\s\S]*\n\[cause\]: TypeError: inner\n[\s\S]*> 2 \|/);
  });

  test('shows a cause that is not an error, and a cyclic cause', async () => {
    expect(failureOf(await failing('throw new Error("o", { cause: { code: 5 } })'))).toContain('[cause]: { code: 5 }');
    const own = await failing('const e = new Error("loop"); e.cause = e; throw e');
    expect(failureOf(own)).toMatch(/\[cause\]: …$/);
  });

  test('shows the errors inside an AggregateError', async () => {
    const ran = await failing('await Promise.any([Promise.reject(new Error("one")), Promise.reject("two")])');
    expect(ran.error!.ename).toBe('AggregateError');
    expect(failureOf(ran)).toMatch(/\[errors\[0\]\]: Error: one[\s\S]*\[errors\[1\]\]: 'two'/);
  });

  test('shows names and properties of custom error classes', async () => {
    const named = await failing('class HttpError extends Error { status = 404 }\nthrow new HttpError("gone")');
    expect(named.error).toMatchObject({ ename: 'HttpError', evalue: 'gone' });
    expect(failureOf(named)).toContain('{ status: 404 }');
    const renamed = await failing('throw Object.assign(new Error("n"), { name: "Mine" })');
    expect(renamed.error!.ename).toBe('Mine');
  });

  test.each([
    ['5', 'Number', '5'],
    ['"text"', 'String', 'text'],
    ['null', 'null', 'null'],
    ['undefined', 'undefined', 'undefined'],
    ['({ a: 1 })', 'Object', '{ a: 1 }'],
    ['Symbol("s")', 'Symbol', 'Symbol(s)'],
    ['10n', 'BigInt', '10n'],
    ['Object.create(null)', 'Object', '[Object: null prototype] {}'],
    ['new (class Foo { x = 1 })()', 'Foo', 'Foo { x: 1 }'],
  ])('throw %s', async (value, ename, evalue) => {
    expect((await failing(`throw ${value}`)).error).toMatchObject({ ename, evalue });
  });

  test.each([
    [
      'a message that throws',
      'class G extends Error { get message(): string { throw new Error("no") } }\nthrow new G()',
      'G',
    ],
    ['a name that throws', 'throw Object.defineProperty(new Error("x"), "name", { get() { throw 1 } })', 'Error'],
    ['a stack that is not a string', 'throw Object.assign(new Error("x"), { stack: 5 })', 'Error'],
    ['a proxy that throws', 'throw new Proxy(new Error("p"), { get() { throw 1 } })', 'Error'],
  ])('%s', async (_, cell, ename) => {
    const { error } = await failing(cell);
    expect(error!.ename).toBe(ename);
    expect(error!.traceback.join('')).toContain(ename);
  });

  test('truncates a huge message', async () => {
    const { error } = await failing('throw new Error("h".repeat(5_000_000))');
    expect(error!.evalue.length).toBeLessThan(11_000);
    expect(error!.traceback.join('').length).toBeLessThan(12_000);
  });
});

describe('variables after an error', () => {
  test('names that were assigned stay; the others keep their old values, or are undefined', async () => {
    await session.execute('let old = "old"');
    await failing('let reached = 1; interface Shape { a: number }\nJSON.parse("{"); let old = 2; const zebra = 3');
    const after = await session.execute('const shape: Shape = { a: reached }; [old, shape.a]');
    expect(after.data?.['text/plain']).toBe("[ 'old', 1 ]");
    expect(failureOf(await session.execute('zebra'))).toBe("cell:1:1 TS2304 Cannot find name 'zebra'.");
  });

  test('an error in a timer is reported to its cell', async () => {
    session.clear();
    const first = session.begin('setTimeout(() => {\n  throw new Error("in a timer")\n}, 20)') as number;
    await session.end(first);
    await session.execute('await new Promise((r) => setTimeout(r, 60))', { keep: true, allowStdin: true });
    const late = session.all('late-error').map((m) => [m.parentId, m.error.evalue]);
    expect(late).toEqual([[first, 'in a timer']]);
    session.clear();
  });
});

describe('an uncaught error', () => {
  const fails = 'const fails = async () => {\n  throw new Error("nobody waits")\n};';
  const watched = { keep: true, allowStdin: true };
  const pause = 'await new Promise((r) => setTimeout(r, 40))';
  const lates = () => session.all('late-error').map((m) => m.error.evalue);

  beforeAll(async () => void (await session.execute(fails, watched)));
  beforeEach(() => session.clear());

  test.each([
    ['as the last expression', 'fails()', 0],
    ['as a statement', 'fails();', 0],
    ['before the last line', 'fails(); 1', 0],
    ['in a callback', '[1].forEach(async () => { await null; throw new Error("nobody waits") })', 0],
    ['of two, the first', 'fails(); Promise.reject(new Error("another"))', 1],
  ])('fails its cell: %s', async (_, cell, others) => {
    const ran = await failing(cell);
    expect(failureOf(ran)).toContain('nobody waits');
    expect(ran.error!.traceback.join('\n')).toMatch(/Cell \[\d+\]:\d/);
    expect(lates()).toHaveLength(others);
  });

  test('is shown immediately while the cell runs, and fails it at its end', async () => {
    const ran = await failing(`let kept = 1; fails(); ${pause}; kept = 2`);
    expect(lates()).toEqual(['nobody waits']);
    expect(ran.error!.traceback.join('\n')).toContain('shown above: Error: nobody waits');
    expect((await session.execute('kept')).data?.['text/plain']).toBe('2');
  });

  test.each([
    ['caught', 'fails().catch(() => {})'],
    ['caught later, in the same cell', `{ const late = fails(); ${pause}; late.catch(() => {}) }`],
  ])('does not fail its cell if it is %s', async (_, cell) => {
    const ran = await session.execute(cell);
    expect(ran.ok, JSON.stringify(ran.error)).toBe(true);
  });

  test('fails no other cell if its own has already failed', async () => {
    await failing(`fails(); ${pause}; throw new Error("own")`);
    expect((await session.execute('1')).data?.['text/plain']).toBe('1');
  });

  test('after its cell has ended fails the next one in a run without a front end', async () => {
    const later = 'void setTimeout(() => fails(), 10)';
    const first = await session.execute(later);
    await new Promise((resolve) => setTimeout(resolve, 60));
    const second = await failing('const never = 1');
    expect(second.error!.evalue).toBe('nobody waits');
    expect(second.error!.traceback[0]).toBe(`Nothing caught this error of ${first.file}:`);
    expect((await session.execute('typeof never')).data?.['text/plain']).not.toBe("'number'");
    await session.execute(later, watched);
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(lates()).toEqual(['nobody waits', 'nobody waits']);
    const third = await session.execute('2', watched);
    expect(third.data?.['text/plain']).toBe('2');
    expect((await session.execute('3')).data?.['text/plain']).toBe('3');
  });
});

describe('errors that a cell catches contain no names of the kernel', () => {
  const earlier =
    'const list: any = 5; const thing: any = { a: 1 }; const message = (e: any) => console.log(e.message);';
  const expected = 'thing.b is not a function';

  test.each<[source: string, text: string]>([
    ['try { thing.b() } catch (e) { message(e) }', expected],
    ['try { thing.b() } catch ({ message }: any) { console.log(message) }', expected],
    ['try { thing.b() } catch (e) { console.log(String(e)) }', `TypeError: ${expected}`],
    ['try { new list() } catch (e) { message(e) }', 'list is not a constructor'],
    ['try { list() } catch (e) { message(e) }', 'list is not a function'],
    ['try { await null; thing.b() } catch (e) { message(e) } finally { }', expected],
    ['await (async () => thing.b())().catch(message)', expected],
    ['await Promise.resolve().then(() => thing.b()).then(null, message)', expected],
    ['for (const s of await Promise.allSettled([(async () => thing.b())()])) message((s as any).reason)', expected],
    ['try { throw null } catch (e) { console.log(String(e)) }', 'null'],
    ['try { throw Object.freeze(new Error("frozen")) } catch (e) { message(e) }', 'frozen'],
  ])('%s', async (source, text) => {
    expect(failureOf(await session.execute(earlier))).toBe('');
    const ran = await session.execute(source);
    expect(failureOf(ran)).toBe('');
    expect(ran.output).toBe(`${text}\n`);
  });

  test('in an imported file', async () => {
    const ran = await session.execute('import { caught } from "./lib/caught"; caught()');
    expect(ran.data?.['text/plain']).toBe("'other.none is not a function'");
  });
});

describe("a cell's own listener handles uncaught errors", () => {
  const pause = 'await new Promise((go) => setTimeout(go, 50));';

  test.each([
    ['unhandledRejection', 'void Promise.reject(new Error("mine"));'],
    ['uncaughtException', 'setTimeout(() => { throw new Error("mine"); });'],
  ])('%s', async (event, fail) => {
    const listen = `let last = ""; const heard = (reason: any) => { last = reason.message }; process.on("${event}", heard as any);`;
    expect(failureOf(await session.execute(listen))).toBe('');
    const ran = await session.execute(`${fail} ${pause} last`);
    expect(failureOf(ran)).toBe('');
    expect(ran.data?.['text/plain']).toBe("'mine'");
    expect(failureOf(await session.execute(`process.off("${event}", heard as any);`))).toBe('');
    expect(failureOf(await session.execute(`${fail} ${pause}`))).toContain('Error: mine');
  });
});
