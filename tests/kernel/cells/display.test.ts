// Output of a cell: its result, and what it displays.
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { CellSession } from '../support/cell-session';

let session: CellSession;

beforeAll(async () => {
  session = await CellSession.start();
  await session.execute('const { Jupyter } = globalThis as any');
});

beforeEach(() => session.clear());

afterAll(() => session?.close());

/** Returns what a cell displays; it must have no result. */
async function displayed(cell: string) {
  const { ok, data } = await session.execute(cell);
  expect({ ok, data }).toEqual({ ok: true, data: undefined });
  return session.all('display').map((m) => m.data);
}

test.each([
  ['display', 'Jupyter.display({ "text/html": "<b>1</b>" })'],
  [
    'display of a value with a method',
    'Jupyter.display({ [Symbol.for("Jupyter.display")]: () => ({ "text/html": "<b>1</b>" }) })',
  ],
  ['display, awaited', 'await Jupyter.display({ "text/html": "<b>1</b>" })'],
])('%s is output, not a result', async (_, cell) => {
  expect(await displayed(cell)).toEqual([{ 'text/html': '<b>1</b>' }]);
});

test('a broadcast is not a result', async () => {
  await displayed('Jupyter.broadcast("custom", {})');
  expect(session.all('broadcast')).toMatchObject([{ msgType: 'custom' }]);
});

test('a failed display that is not awaited fails its cell', async () => {
  const { ok, error } = await session.execute('Jupyter.display(1, { raw: true })');
  expect(ok).toBe(false);
  expect(error!.evalue).toMatch(/with raw/);
});

test('displayed data arrives in the form that front ends read', async () => {
  const figure =
    '{ data: [{ x: new Float32Array([1, 0.5]), y: [new Uint8Array([2])] }], layout: undefined, on: new Date(0) }';
  const cell = `Jupyter.display({
    'image/png': Buffer.from('picture'),
    'application/pdf': new Uint8Array([37, 80]).buffer,
    'text/plain': 5,
    'text/html': undefined,
    'application/vnd.plotly.v1+json': ${figure},
    'application/json': new Int16Array([1, 2]),
  })`;
  expect(await displayed(cell)).toEqual([
    {
      'image/png': Buffer.from('picture').toString('base64'),
      'application/pdf': 'JVA=',
      'text/plain': '5',
      'application/vnd.plotly.v1+json': { data: [{ x: [1, 0.5], y: [[2]] }], on: '1970-01-01T00:00:00.000Z' },
      'application/json': [1, 2],
    },
  ]);
});
