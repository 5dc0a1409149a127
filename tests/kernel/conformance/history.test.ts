import { expect } from 'vitest';
import { check, code, sharedKernel } from './harness';

type Entry = [session: number, line: number, input: string | [input: string, output: string | null]];

async function history(request: object): Promise<Entry[]> {
  const { client } = await sharedKernel();
  const content = { output: false, raw: true, ...request };
  const reply = await client.request('shell', 'history_request', content);
  expect(reply.type).toBe('history_reply');
  expect(reply.content).toMatchObject({ status: 'ok', history: expect.any(Array) });
  return reply.content.history as Entry[];
}

async function run(cell: string, options = {}): Promise<number> {
  const { client } = await sharedKernel();
  return (await client.run(cell, options)).reply.content.execution_count as number;
}

check('history-tail', async () => {
  const cells = ['tail1', 'tail2', 'tail3'].map((name) => code.declare(name, 1).trim());
  let last = 0;
  for (const cell of cells) last = await run(cell);
  await run('"not stored"', { store_history: false });
  const entries = await history({ hist_access_type: 'tail', n: 2 });
  expect(entries.map(([, line, input]) => [line, input])).toEqual([
    [last - 1, cells[1]],
    [last, cells[2]],
  ]);
});

check('history-search', async () => {
  const needle = `needle${Date.now()}`; // ipykernel remembers other sessions, too
  const cells = ['A', 'B', 'C'].map((end) => code.declare(needle + end, 1).trim());
  for (const cell of [cells[0], cells[1], cells[1], cells[2]]) await run(cell);
  const search = async (request: object) =>
    (await history({ hist_access_type: 'search', pattern: `*${needle}*`, ...request })).map(([, , input]) => input);
  expect(await search({ n: 10 })).toEqual([cells[0], cells[1], cells[1], cells[2]]);
  expect((await search({ n: 10, unique: true })).sort()).toEqual(cells);
  expect(await search({ n: 2 })).toEqual([cells[1], cells[2]]);
  expect(await search({ n: 10, pattern: `*${needle}?*1*` })).toHaveLength(4);
  expect(await search({ n: 10, pattern: `no${needle}*` })).toEqual([]);
});

check('history-range', async () => {
  const start = await run('20 + 1');
  await run(code.declare('inRange', 1).trim());
  await run('20 + 2');
  const range = { hist_access_type: 'range', session: 0, start, stop: start + 2 };
  const inputs = await history(range);
  expect(inputs.map(([, line, input]) => [line, input])).toEqual([
    [start, '20 + 1'],
    [start + 1, code.declare('inRange', 1).trim()],
  ]);
  const pairs = await history({ ...range, output: true });
  expect(pairs.map(([, , pair]) => pair)).toEqual([
    ['20 + 1', '21'],
    [code.declare('inRange', 1).trim(), null],
  ]);
});
