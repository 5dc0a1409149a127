// How much is done between two places where a computation can be stopped. Counted, not timed: V8 counts how often each piece of
// a program runs, and between two questions none may run as often as there are elements.
import { Session } from 'node:inspector';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { arange, cat, Generator, linspace, logspace, plot, rand, randint, tensor } from '../src';
import { setSwitches } from '../src/kernels/wasm/runtime';
import { pace, turn } from '../src/turn';

/** Elements of the largest input, about, and how often a piece may run at most: some of it is done at once. */
const elements = 2 ** 18;
const most = 2 ** 17;

const asked = Symbol.for('gradlab.turn');
const globals = globalThis as { [key: symbol]: (() => void) | undefined };
const { stretch } = pace;
const session = new Session();

interface Piece {
  name: string;
  count: number;
}

/** The piece that has run most often since the last call. */
function busiest(): Piece {
  let found: Piece = { name: '', count: 0 };
  session.post('Profiler.takePreciseCoverage', (_, taken) => {
    for (const { url, functions } of taken?.result ?? []) {
      if (url.includes('/node_modules/') || url.startsWith('node:') || url.includes('/tests/')) continue;
      for (const { functionName, ranges } of functions)
        for (const { count, startOffset } of ranges)
          if (count > found.count)
            found = { name: `${functionName || '…'} in ${url.replace(/.*\/src\//, '')} at ${startOffset}`, count };
    }
  });
  return found;
}

/** The piece that runs most often between two questions. */
function longestStretch(compute: () => unknown): Piece {
  let longest: Piece = { name: '', count: 0 };
  const look = () => {
    const piece = busiest();
    if (piece.count > longest.count) longest = piece;
  };
  turn(pace.stretch + 1);
  busiest();
  globals[asked] = look;
  try {
    compute();
  } finally {
    delete globals[asked];
  }
  look();
  return longest;
}

beforeAll(() => {
  session.connect();
  session.post('Profiler.enable');
  session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
  setSwitches({ wasm: false });
  pace.stretch = most / 2;
});
afterEach(() => {
  delete globals[asked];
});
afterAll(() => {
  pace.stretch = stretch;
  setSwitches({ wasm: true });
  session.post('Profiler.stopPreciseCoverage');
  session.disconnect();
});

const generator = new Generator().manualSeed(7);
const n = elements;
const x = () => rand([n], { generator });
const places = () => randint(0, n, [n], { generator, dtype: 'int32' });
/** A call, with its inputs made before. */
const on =
  <T extends unknown[]>(call: (...inputs: T) => unknown, inputs: () => [...T]) =>
  () => {
    const made = inputs();
    return () => call(...made);
  };
const calls: Record<string, () => () => unknown> = {
  tolist: on(
    (a) => a.tolist(),
    () => [x()],
  ),
  tensor: on(
    (a) => tensor(a),
    () => [x().tolist() as number[]],
  ),
  'tensor of an array': on(
    (a) => tensor(a, { dtype: 'bool' }),
    () => [x().toArray()],
  ),
  linspace: () => () => linspace(0, 1, n),
  logspace: () => () => logspace(0, 1, n),
  arange: () => () => arange(n),
  histogram: on(
    (a) => plot.histogram(a),
    () => [x()],
  ),
  'histogram of an array': on(
    (a) => plot.histogram(a),
    () => [x().tolist() as number[]],
  ),
  gather: on(
    (a, at) => a.gather(0, at),
    () => [x(), places()],
  ),
  take: on(
    (a, at) => a.take(at),
    () => [x(), places()],
  ),
  indexSelect: on(
    (a, at) => a.indexSelect(0, at),
    () => [x(), places()],
  ),
  'indexSelect of rows': on(
    (a, at) => a.reshape([n / 4, 4]).indexSelect(0, at.div(4, { roundingMode: 'floor' }).to('int32')),
    () => [x(), places()],
  ),
  scatter: on(
    (a, at) => a.scatter(0, at, a),
    () => [x(), places()],
  ),
  scatterAdd: on(
    (a, at) => a.scatterAdd(0, at, a),
    () => [x(), places()],
  ),
  maskedSelect: on(
    (a) => a.maskedSelect(a.gt(0.5)),
    () => [x()],
  ),
  nonzero: on(
    (a) => a.reshape([512, -1]).nonzero(),
    () => [x()],
  ),
  bincount: on(
    (at) => at.bincount(),
    () => [places()],
  ),
  unique: on(
    (a) => a.unique(),
    () => [places()],
  ),
  sort: on(
    (a) => a.sort(),
    () => [x()],
  ),
  equal: on(
    (a) => a.equal(a),
    () => [x()],
  ),
  roll: on(
    (a) => a.roll(3),
    () => [x()],
  ),
  repeatInterleave: on(
    (a, times) => a.repeatInterleave(times),
    () => [x(), randint(0, 3, [n], { generator, dtype: 'int32' })],
  ),
  contiguous: on(
    (a) => a.contiguous(),
    () => [x().reshape([512, -1]).mT],
  ),
  cat: on(
    (a) => cat([a, a]),
    () => [x().reshape([512, -1]).mT],
  ),
  print: on(
    (a) => String(a),
    () => [x()],
  ),
};

test.each(Object.entries(calls))('%s asks often enough', (_, prepare) => {
  const compute = prepare();
  compute();
  const { name, count } = longestStretch(compute);
  expect(count, name).toBeLessThanOrEqual(most);
});

test('a loop that asks nothing is found', () => {
  const loop = new Function('n', 'let sum = 0; for (let i = 0; i < n; i++) sum += i; return sum;');
  expect(longestStretch(() => loop(n)).count).toBeGreaterThanOrEqual(n);
});
