import { expect } from 'vitest';
import { dataOf, type Execution, plain, textOf } from './client/execution';
import { check, code, must, sharedKernel } from './harness';

const countOf = (done: Execution) => done.reply.content.execution_count as number;

async function run(cell: string, options = {}) {
  return (await sharedKernel()).client.run(cell, options);
}

/** The only result of a cell, which has no other output. */
async function resultOf(cell: string) {
  const done = await run(cell);
  expect(
    done.outputs.map((m) => m.type),
    cell,
  ).toEqual(['execute_result']);
  return done.results[0];
}

check('exec-input', async () => {
  const { client } = await sharedKernel();
  const cell = `${code.comment('été 日本')}\n${code.print('x')}`;
  const done = await client.run(cell);
  expect(done.iopub.slice(0, 2).map((m) => m.type)).toEqual(['status', 'execute_input']);
  expect(done.iopub[1].content).toEqual({ code: cell, execution_count: countOf(done) });
  expect(done.iopub.filter((m) => m.type === 'execute_input')).toHaveLength(1);
});

check('exec-count', async () => {
  const { client } = await sharedKernel();
  const counts: number[] = [];
  for (const cell of [code.declare('one', 1), code.raise('x'), code.print('three')]) {
    counts.push(countOf(await client.execute(cell)));
  }
  const [first] = counts;
  expect(Number.isInteger(first) && first > 0).toBe(true);
  expect(counts).toEqual([first, first + 1, first + 2]);
});

check('exec-silent', async () => {
  const { client } = await sharedKernel();
  const before = countOf(await client.run(code.declare('loud', 1)));
  const silent = await client.run('1 + 1', { silent: true });
  expect(silent.iopub.filter((m) => m.type !== 'status')).toEqual([]);
  expect(silent.reply.content).toMatchObject({ status: 'ok', execution_count: expect.any(Number) });
  expect(countOf(await client.run(code.declare('loudAgain', 1)))).toBe(before + 1);
});

check('exec-nostore', async () => {
  const { client } = await sharedKernel();
  const before = countOf(await client.run(code.declare('stored', 1)));
  const done = await client.run(`${code.print('not stored')}\n1 + 1`, { store_history: false });
  expect(done.stdout).toBe('not stored\n');
  expect(textOf(done.results[0])).toBe('2');
  expect(countOf(await client.run(code.declare('storedAgain', 1)))).toBe(before + 1);
});

check('exec-reply', async () => {
  const { reply } = await run('1 + 1');
  expect(reply.type).toBe('execute_reply');
  expect(reply.content).toMatchObject({ status: 'ok', execution_count: expect.any(Number), user_expressions: {} });
});

check('exec-empty', async () => {
  for (const cell of ['', '   ', '\n\n', code.comment('only this'), `${code.comment('a')}\n\n${code.comment('b')}\n`]) {
    expect((await run(cell)).outputs, JSON.stringify(cell)).toEqual([]);
  }
});

check('result', async () => {
  const done = await run('1 + 2');
  expect(done.outputs.map((m) => m.type)).toEqual(['execute_result']);
  expect(done.results[0].content).toMatchObject({
    data: { 'text/plain': '3' },
    metadata: {},
    execution_count: countOf(done),
  });
});

check('result-ansi', async () => {
  for (const cell of ['1 + 2', '"text"', code.object, '[1, 2, 3]']) {
    const text = textOf(await resultOf(cell));
    expect(text).not.toBe('');
    expect(plain(text)).toBe(text);
  }
});

check('result-void', async () => {
  for (const cell of code.voidCells) expect((await run(cell)).outputs, cell).toEqual([]);
});

check('result-falsy', async () => {
  const shown = [];
  for (const cell of code.falsy) shown.push(textOf(await resultOf(cell)));
  expect(shown[0]).toBe('0');
  expect(shown[1]).toMatch(/^false$/i);
  expect(shown[2]).toMatch(/^(''|""|``)$/);
});

check('result-object', async () => {
  const text = textOf(await resultOf(code.object));
  for (const part of [/alpha/, /beta/, /gamma/, /two/]) expect(text).toMatch(part);
});

check('result-semicolon', async () => {
  for (const cell of code.suppressed) expect((await run(cell)).outputs, cell).toEqual([]);
});

check('rich-result', async () => {
  const { data } = (await resultOf(code.rich)).content;
  expect(data).toEqual({ 'text/html': '<b>rich</b>', 'text/plain': 'rich' });
});

check(
  'rich-async',
  async () => {
    expect(dataOf(await resultOf(must(code.richAsync)))).toEqual({
      'text/html': '<b>slow</b>',
      'text/plain': 'slow',
    });
  },
  { only: 'ts' },
);

check('user-expr', async () => {
  const { client } = await sharedKernel();
  const expressions = { sum: 'basis + 1', text: '"abc"', bad: 'thereIsNoSuchName' };
  const done = await client.run(code.declare('basis', 41), { user_expressions: expressions });
  const values = done.reply.content.user_expressions as Record<string, Record<string, unknown>>;
  expect(values.sum).toMatchObject({ status: 'ok', data: { 'text/plain': '42' }, metadata: {} });
  expect(values.text).toMatchObject({ status: 'ok', data: { 'text/plain': expect.stringContaining('abc') } });
  expect(values.bad).toMatchObject({
    status: 'error',
    ename: expect.stringMatching(/./),
    evalue: expect.stringContaining('thereIsNoSuchName'),
    traceback: expect.any(Array),
  });
  expect(done.outputs).toEqual([]);
  // Cells may use the same names.
  expect((await client.run(`${code.declare('sum', 1)}\nsum + 1`)).results).toHaveLength(1);
});
