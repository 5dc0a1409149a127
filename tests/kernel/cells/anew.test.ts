// Redeclared names: functions of earlier cells see the new values, and their types are checked again.
import { afterEach, beforeEach, expect, test } from 'vitest';
import { CellSession, failureOf } from '../support/cell-session';

let session: CellSession;

beforeEach(async () => {
  session = await CellSession.start();
});
afterEach(() => session?.close());

/**
 * Runs cells.
 * @returns the text of the last one's result, or why a cell failed
 */
async function run(...cells: string[]): Promise<unknown> {
  let last: unknown;
  for (const cell of cells) {
    const ran = await session.execute(cell);
    if (!ran.ok) return failureOf(ran);
    last = ran.data?.['text/plain'];
  }
  return last;
}

test('a function sees the value after another cell redeclares its constant', async () => {
  expect(await run('const rate = 0.1; function train() { return rate; }', 'train()')).toBe('0.1');
  expect(await run('const rate = 0.5; train()')).toBe('0.5');
  expect(await run('let rate = 1; rate += 1; train()')).toBe('2');
  expect(await run('rate = 7', 'train()')).toBe('7');
  expect(await run('for (let i = 0; i < 3; i++) rate++;', '[rate, train()]')).toBe('[ 10, 10 ]');
});

test('also for functions, classes and patterns, and several in one cell', async () => {
  await run(
    'function helper() { return "old"; }\nclass Part { name = "old"; }\nlet [a, { b }] = [1, { b: 2 }];\nconst use = () => [helper(), new Part().name, a, b];',
  );
  expect(await run('use()')).toBe("[ 'old', 'old', 1, 2 ]");
  expect(await run('const before = use(); function helper() { return "new"; }\nbefore[0]')).toBe("'new'");
  expect(await run('class Part { name = "new"; }\nuse()[1]')).toBe("'new'");
  expect(
    await run('let a = 0, b = 0; [a, b] = [3, 4]; const [one, two] = [a++, --b]; [one, two, ...use().slice(2)]'),
  ).toBe('[ 3, 3, 4, 3 ]');
});

test('a cell that runs again starts fresh: its functions use its own names', async () => {
  const cell = 'let total = 0; const add = (n: number) => { total += n; return total; }; add(5)';
  expect(await run(cell, cell)).toBe('5');
  expect(await run('add(1)', 'total')).toBe('6');
});

test('an expression evaluated for a front end changes nothing', async () => {
  await run('const rate = 1; function train() { return rate; }');
  await session.execute('const rate = 2; rate', { keep: false });
  expect(await run('train()')).toBe('1');
});

test('a class that is declared again accepts instances of its earlier version, and works with functions of other cells', async () => {
  const box =
    'class Box { private items: number[] = []; add(n: number) { this.items.push(n); return this.items.length; } }';
  await run(box, 'const box = new Box();', 'function fill(b: Box) { return b.add(1); }', box);
  expect(await run('fill(new Box()) + fill(box)')).toBe('2');
});

test('functions, types and classes of other cells see a property added to an interface', async () => {
  await run(
    'interface Point { x: number }',
    'type Line = Point[];\nclass Bag { private all: Line = []; put(p: Point) { this.all.push(p); return this.all.length; } }',
    'const bag = new Bag(); function draw(p: Point) { return p.x; }\nconst measure = (l: Line) => l.length; const open = (b: Bag) => b;',
    'interface Point { x: number; label?: string }',
  );
  expect(
    await run('[draw({ x: 1, label: "a" }), measure([{ x: 1, label: "b" }]), open(bag).put({ x: 2, label: "c" })]'),
  ).toBe('[ 1, 1, 1 ]');
  expect(await run('interface Point { x: string }', 'draw({ x: 1 })')).toMatch(/TS2322/);
});

test('a method added to a class: new instances have it, an error explains that old ones do not', async () => {
  await run('class Net { a() { return 1; } }', 'const make = () => new Net(); const old = make();');
  expect(await run('class Net { a() { return 1; } b() { return 2; } }', 'make().b()')).toBe('2');
  const { diagnostics } = await session.execute('old.b()');
  expect(diagnostics).toMatchObject([
    { code: 2339, hint: expect.stringContaining('run the cell that makes the value again') },
  ]);
  await run('function need(n: Net) { return n.b(); }');
  const [refused] = (await session.execute('need(old)')).diagnostics;
  expect(refused).toMatchObject({ code: 2345, hint: expect.stringContaining('`Net` has been declared again') });
});

test('a type that was not redeclared, or not with that member, is not named as the cause', async () => {
  const hintOf = async (...cells: string[]) => {
    for (const cell of cells.slice(0, -1)) await run(cell);
    const { diagnostics } = await session.execute(cells.at(-1)!);
    return { code: diagnostics?.[0]?.code, hint: diagnostics?.[0]?.hint ?? '' };
  };
  const again = /declared again/;
  // A function of a package, imported under its own name.
  const ofPackage = await hintOf('import { tensor, nn } from "gradlab";', 'tensor.randn(2)');
  expect(ofPackage.code).toBe(2339);
  expect(ofPackage.hint).not.toMatch(again);
  expect((await hintOf('const layer = new nn.Linear(1, 1);', 'layer.wieght')).hint).not.toMatch(again);
  // A module of Node, and a class with the same name as a package's.
  expect((await hintOf('import fs from "node:fs";', 'fs.redFile')).hint).not.toMatch(again);
  const own = ['class Linear { mine() {} }', 'layer.mine()'];
  expect((await hintOf(...own)).hint).not.toMatch(again);
  // Declared again, but without that member.
  const twice = ['class Net { a() {} }', 'const old = new Net();', 'class Net { a() {} b() {} }'];
  expect((await hintOf(...twice, 'old.c()')).hint).not.toMatch(again);
  expect((await hintOf('old.b()')).hint).toMatch(again);
  // A name imported twice.
  expect((await hintOf('import { tensor } from "gradlab";', 'tensor.rand(2)')).hint).not.toMatch(again);
});

test('two functions in two cells call each other, with and without a declaration', async () => {
  await run('const even = (n: number): boolean => n === 0 || odd(n - 1);');
  expect(await run('even(1)')).toMatch(/ReferenceError: odd is not defined/);
  expect(await run('function odd(n: number): boolean { return n !== 0 && even(n - 1); }', 'even(10)')).toBe('true');
  await run(
    'declare function up(n: number): number;\nfunction down(n: number): number { return n <= 0 ? 0 : up(n - 2); }',
  );
  expect(await run('function up(n: number): number { return down(n + 1) + 1; }', 'down(3)')).toBe('3');
});

test('a name that is used immediately, or under another name, must already exist', async () => {
  expect(await run('nowhere(1)')).toMatch(/TS2304/);
  expect(await run('const f = () => nowhere + 1')).toMatch(/TS2304/);
  expect(await run('function g() { print("x"); }')).toMatch(/TS2304/);
});
