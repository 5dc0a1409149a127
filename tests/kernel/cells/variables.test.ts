// The panel of variables: every name with a value, on one line, without running code.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CellSession, failureOf } from '../support/cell-session';

let session: CellSession;
const run = async (cell: string) => expect(failureOf(await session.execute(cell))).toBe('');

beforeAll(async () => {
  session = await CellSession.start();
});

afterAll(() => session?.close());

/** The listed line of a name, its type, and its members if it has any. */
async function listed(name: string) {
  const found = (await session.variables()).find((one) => one.name === name);
  if (found === undefined) return undefined;
  const { value, type, reference } = found;
  const members = reference === 0 ? [] : await session.variables(reference);
  return { value, type, members: members.map((one) => `${one.name} = ${one.value}`) };
}

test('lists names in the order of the cells, functions after data, without types and the last result', async () => {
  await run(
    'function later() {}\nclass Kind {}\nlet first = 1, second: string | undefined\ntype T = number\ninterface I {}',
  );
  await run('first = 2; first');
  expect((await session.variables()).map(({ name, value, type }) => [name, value, type])).toEqual([
    ['first', '2', 'number'],
    ['second', 'undefined', 'undefined'],
    ['later', 'later()', 'function'],
    ['Kind', 'class Kind', 'class'],
  ]);
});

describe('a value on one line, with its members', () => {
  test.each<[string, string, string, string[]]>([
    ['"a\\nb"', '"a\\nb"', 'string', []],
    ['-0', '-0', 'number', []],
    ['12n', '12n', 'bigint', []],
    ['null', 'null', 'null', []],
    ['Symbol("s")', 'Symbol(s)', 'symbol', []],
    ['[1, "two", [3]]', '[1, "two", Array(1)]', 'Array(3)', ['0 = 1', '1 = "two"', '2 = [3]']],
    ['[, 1]', '[empty, 1]', 'Array(2)', ['0 = empty', '1 = 1']],
    ['new Float32Array(7)', '[0, 0, 0, 0, 0, …]', 'Float32Array(7)', Array.from({ length: 7 }, (_, i) => `${i} = 0`)],
    ['new Map([["k", { a: 1 }]])', '{"k" → {}}', 'Map(1)', ['"k" = {a: 1}']],
    ['new Set([1, 2])', '{1, 2}', 'Set(2)', ['0 = 1', '1 = 2']],
    ['new Date(NaN)', 'Invalid Date', 'Date', []],
    ['new Error("{}")', 'Error: {}', 'Error', []],
    ['new Date(0)', '1970-01-01T00:00:00.000Z', 'Date', []],
    ['/a+/g', '/a+/g', 'RegExp', []],
    ['new TypeError("no")', 'TypeError: no', 'TypeError', []],
    ['Promise.resolve(1)', '{}', 'Promise', []],
    ['{ a: 1, b: { c: 2 } }', '{a: 1, b: {}}', 'Object', ['a = 1', 'b = {c: 2}']],
    ['Object.create(null)', '{}', 'object', []],
    ['new (class Point { x = 1 })()', '{x: 1}', 'Point', ['x = 1']],
  ])('%s', async (source, value, type, members) => {
    await run(`var made: any = ${source}`);
    expect(await listed('made')).toEqual({ value, type, members });
  });

  test('shortens a sparse list like any other', async () => {
    await run('var made: any = []; made[4e9] = 1');
    const { value, members } = (await listed('made'))!;
    expect(value).toBe('[empty, empty, empty, empty, empty, …]');
    expect(members).toHaveLength(101);
  });

  test('shortens a long list', async () => {
    await run('var made: any = Array.from({ length: 1000 }, (_, i) => i)');
    const { members } = (await listed('made'))!;
    expect(members).toHaveLength(101);
    expect(members.slice(-2)).toEqual(['99 = 99', '… = 100 are listed']);
  });
});

test('shows a tensor with its gradient and node, and a module with its parameters', async () => {
  await run(`import { tensor, nn, manualSeed } from 'gradlab'
const w = tensor([[1, 2], [3, 4]], { requiresGrad: true })
const loss = w.mul(2).sum()
loss.backward()
manualSeed(1)
class Net extends nn.Module { inside = new nn.Linear(2, 3); forward(x: any) { return this.inside.forward(x) } }
const net = new Net()`);
  expect(await listed('w')).toEqual({
    value: '1, 2, 3, 4',
    type: 'Tensor float32 [2, 2], requiresGrad',
    members: [
      'shape = [2, 2]',
      'dtype = "float32"',
      'bytes = 16',
      'requiresGrad = true',
      'grad = 2, 2, 2, 2',
      'gradFn = null',
    ],
  });
  expect((await listed('loss'))?.members).toContain('gradFn = "SumBackward0"');
  const { members } = (await listed('net'))!;
  expect(members).toEqual(['training = true', expect.stringMatching(/^inside = 9 parameters$/)]);
  const [inside] = (
    await session.variables((await session.variables()).find(({ name }) => name === 'net')!.reference)
  ).slice(1);
  expect((await session.variables(inside.reference)).map(({ name }) => name)).toEqual(
    expect.arrayContaining(['weight', 'bias', 'inFeatures', 'outFeatures']),
  );
});

test('runs no getter and opens no proxy', async () => {
  await run(`var ran = 0
const lazy = { get value() { ran++; return 1 }, plain: 1 }
class Counter { get n() { ran++; return 1 } }
const counter = new Counter()
const trap: any = new Proxy({}, Object.fromEntries(Reflect.ownKeys(Reflect).map((name) => [name, () => { ran++; return undefined }])))
const below = Object.create(trap)
const list = [trap, lazy]
const text = { get [Symbol.toStringTag]() { ran++; return 'x' }, toString() { ran++; return 'x' } }`);
  expect(await listed('lazy')).toEqual({
    value: '{value: (getter), plain: 1}',
    type: 'Object',
    members: ['value = a getter, which is not called', 'plain = 1'],
  });
  expect((await listed('counter'))?.value).toBe('{}');
  expect((await listed('trap'))?.value).toBe('a Proxy');
  for (const name of ['below', 'list', 'text']) await listed(name);
  expect((await listed('ran'))?.value).toBe('0');
});

test('five hundred names block the process for at most 50 ms', async () => {
  await run(`import { zeros } from 'gradlab'
${Array.from({ length: 500 }, (_, i) => `let many${i} = ${['zeros([100, 100])', '[1, 2, 3]', '{ a: 1, b: "x" }', '"text"', 'new Map([[1, 2]])'][i % 5]}`).join('\n')}
const usage = () => process.cpuUsage().user + process.cpuUsage().system; let before = 0`);
  await session.variables();
  await run('before = usage()');
  expect((await session.variables()).length).toBeGreaterThan(500);
  const { data } = await session.execute('(usage() - before) / 1000');
  expect(Number(data?.['text/plain'])).toBeLessThan(50);
});

test('lists a value whose summary throws by its class', async () => {
  await run(`class Odd { [Symbol.for('Jupyter.summary')]() { throw new Error('no') } }\nconst odd = new Odd()`);
  expect(await listed('odd')).toMatchObject({ value: '{}', type: 'Odd' });
});
