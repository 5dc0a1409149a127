import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import {
  afterEach,
  beforeAll,
  beforeEach,
  describe,
  expect,
  type MockInstance,
  onTestFinished,
  test,
  vi,
} from 'vitest';
import { buildIfStale } from '../../kernel-setup/setup/build.mjs';
import { paths } from '../../kernel-setup/setup/paths.mjs';
import { getNumThreads, setNumThreads, tensor, ValueError } from '../../src';
import { type ConvolutionPlan, convolve, convolveBack, convolveWeight } from '../../src/kernels/convolution';
import { multiply } from '../../src/kernels/products';
import type { Matrix } from '../../src/kernels/products/strided-matrix';
import { numel } from '../../src/kernels/strides';
import { teamFor } from '../../src/kernels/threads';
import { type Switches, setSwitches } from '../../src/kernels/wasm/runtime';
import { Team } from '../../src/kernels/wasm/team';
import { eachVariant } from '../support/kernels';
import { ready, teamWith } from '../support/teams';

type FloatsConstructor = Float32ArrayConstructor | Float64ArrayConstructor;

/** Numbers between -1 and 1 that differ by position. */
function numbers(Kind: FloatsConstructor, n: number, seed: number): Float32Array | Float64Array {
  const values = new Kind(n);
  for (let i = 0; i < n; i++) values[i] = ((Math.imul(i + 1, 0x9e3779b1) ^ Math.imul(seed, 0x85ebca6b)) >> 8) / 2 ** 23;
  return values;
}

/** A matrix by rows, by columns, with wider rows, and every other element, from an odd or even offset on. */
function laidOut(Kind: FloatsConstructor, rows: number, cols: number, layout: number, seed: number): Matrix {
  const [row, col, offset] = [
    [cols, 1, 0],
    [1, rows, 1],
    [cols + 5, 1, 2],
    [2 * cols + 3, 1, 3],
    [1, 3 * rows, 0],
    [2 * cols, 2, 1],
  ][layout];
  return { memory: numbers(Kind, offset + (rows - 1) * row + (cols - 1) * col + 1, seed), offset, row, col };
}

/** Results of a product with this many threads, which are awaited first. */
async function withThreads<T>(n: number, compute: () => T): Promise<T> {
  setNumThreads(n);
  if (n > 1) {
    teamFor(1e9, 1);
    for (const last = Date.now() + 30_000; teamFor(1e9, 1) === null; ) {
      if (Date.now() > last) throw new Error('no thread has started');
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }
  return compute();
}

const bytes = (x: Float32Array | Float64Array) => Buffer.from(x.buffer, x.byteOffset, x.byteLength);

let before: number;
let run: MockInstance<Team['run']>;
beforeEach(() => {
  before = getNumThreads();
  run = vi.spyOn(Team.prototype, 'run');
  // With a frozen clock, no team is dropped for slowness.
  vi.spyOn(performance, 'now').mockReturnValue(0);
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
  setNumThreads(before);
});

describe.each(eachVariant.filter(([, { wasm }]) => wasm))('%s', (_, switches) => {
  let former: Switches;
  beforeEach(() => {
    former = setSwitches(switches);
  });
  afterEach(() => void setSwitches(former));

  test.each([
    [2, Float32Array],
    [2, Float64Array],
    [3, Float32Array],
  ] as const)('a product has the same bits with %s threads, %s', async (threads, Kind) => {
    const size = fc.integer({ min: 190, max: 280 });
    const layout = fc.integer({ min: 0, max: 5 });
    const start = fc.constantFrom('none', 'row', 'matrix', 'columns', 'the result');
    await fc.assert(
      fc.asyncProperty(size, size, size, layout, layout, start, fc.nat(1), async (m, n, k, la, lb, ls, to) => {
        const a = laidOut(Kind, m, k, la, 1);
        const b = laidOut(Kind, k, n, lb, 2);
        const compute = () => {
          const y = numbers(Kind, m * n + 3, 4);
          const start = {
            none: null,
            row: { ...laidOut(Kind, 1, n, 2, 3), row: 0 },
            matrix: laidOut(Kind, m, n, 2, 3),
            columns: laidOut(Kind, m, n, 1, 3),
            'the result': { memory: y, offset: to, row: n, col: 1 },
          }[ls];
          multiply(m, n, k, a, b, y, to, start);
          return y;
        };
        const alone = await withThreads(1, compute);
        run.mockClear();
        expect(bytes(await withThreads(threads, compute)).equals(bytes(alone))).toBe(true);
        expect(run.mock.results).toEqual([{ type: 'return', value: true }]);
      }),
      { numRuns: 8, endOnFailure: true },
    );
  });

  test('a long, narrow or split product has the same bits, too', async () => {
    for (const [m, n, k] of [
      [190, 190, 3000],
      [3000, 97, 200],
      [97, 3001, 200],
      [300, 310, 15000],
    ])
      for (const layout of [0, 1]) {
        const a = laidOut(Float32Array, m, k, layout, 1);
        const b = laidOut(Float32Array, k, n, layout, 2);
        const compute = () => {
          const y = new Float32Array(m * n);
          multiply(m, n, k, a, b, y, 0);
          return y;
        };
        const alone = await withThreads(1, compute);
        run.mockClear();
        expect(bytes(await withThreads(2, compute)).equals(bytes(alone))).toBe(true);
        expect(run.mock.calls.length).toBe(k === 15000 ? 4 : 1);
      }
  });
});

/** Convolutions large enough for threads: of one to three dimensions, with strides, gaps, groups, and many large images. */
const plans: readonly [name: string, batch: number, plan: Partial<ConvolutionPlan> & { input: number[] }][] = [
  ['one dimension', 9, { input: [301], kernel: [5] }],
  ['two dimensions', 10, { input: [15, 17] }],
  ['strides', 25, { input: [15, 23], stride: [3, 1] }],
  ['a stride and gaps', 25, { input: [18, 14], stride: [1, 2], dilation: [2, 3], padding: [3, 1] }],
  ['groups', 21, { input: [14, 14], groups: 3 }],
  ['three dimensions', 3, { input: [6, 9, 7], kernel: [2, 3, 2] }],
  ['one image', 1, { input: [70, 60], padding: [0, 0] }],
  ['more images than the memory holds at once', 90, { input: [34, 36] }],
];

function planOf({ input, ...given }: Partial<ConvolutionPlan> & { input: number[] }): ConvolutionPlan {
  const every = (n: number) => input.map(() => n);
  const { kernel, stride, padding, dilation } = {
    ...{ kernel: every(3), stride: every(1), padding: every(1), dilation: every(1) },
    ...given,
  };
  const output = input.map((n, d) =>
    Math.floor((n + 2 * padding[d] - dilation[d] * (kernel[d] - 1) - 1) / stride[d] + 1),
  );
  const groups = given.groups ?? 1;
  return { groups, inChannels: 42, outChannels: 48, input, output, kernel, stride, padding, dilation };
}

describe.each(plans)('a convolution with %s has the same bits for any number of threads', (name, batch, given) => {
  const plan = planOf(given);
  const input = batch * plan.inChannels * numel(plan.input);
  const output = batch * plan.outChannels * numel(plan.output);
  const weight = (plan.outChannels * plan.inChannels * numel(plan.kernel)) / plan.groups;
  const packed = (n: number, offset: number, seed: number) => ({
    memory: numbers(Float32Array, n + offset, seed),
    offset,
  });

  test.each([
    ['forward', output, (y) => convolve(plan, batch, packed(input, 1, 1), packed(weight, 1, 2), packed(48, 3, 3), y)],
    [
      'input gradient',
      input,
      (x) => convolveBack(plan, batch, packed(output, 1, 1), packed(weight, 2, 2), packed(42, 1, 3), x),
    ],
    ['weight gradient', weight, (w) => convolveWeight(plan, batch, packed(input, 3, 1), packed(output, 2, 2), w)],
  ] as const satisfies readonly [string, number, (to: Float32Array) => void][])('%s', async (_, n, convolution) => {
    const compute = () => {
      const to = numbers(Float32Array, n, 4) as Float32Array;
      convolution(to);
      return to;
    };
    const alone = await withThreads(1, compute);
    for (const threads of [2, 3]) {
      run.mockClear();
      expect(bytes(await withThreads(threads, compute)).equals(bytes(alone))).toBe(true);
      const ran = run.mock.results.map(({ value }) => value);
      expect(ran).toEqual(ran.map(() => true));
      expect(ran.length).toBeGreaterThan(name.startsWith('more') ? 1 : 0);
    }
  });
});

/** A product large enough for threads, and the result of one thread. */
function sample() {
  const [m, n, k] = [200, 210, 220];
  const a = laidOut(Float32Array, m, k, 0, 1);
  const b = laidOut(Float32Array, k, n, 0, 2);
  const compute = () => {
    const y = new Float32Array(m * n);
    multiply(m, n, k, a, b, y, 0);
    return y;
  };
  setNumThreads(1);
  return { compute, alone: compute() };
}

/** The parts that the caller computes. */
type Worker = { work(): number };

describe('a team', () => {
  test('computes the parts that the caller does not take', async () => {
    const { compute, alone } = sample();
    const work = vi.spyOn(Team.prototype as unknown as Worker, 'work').mockImplementation(function (this: Team) {
      const { cells } = this as unknown as { cells: Int32Array };
      const left = 129;
      while (Atomics.load(cells, left) > 0);
      return 0;
    });
    expect(await withThreads(2, compute)).toEqual(alone);
    expect(work).toHaveBeenCalledTimes(1);
  });

  test('does not delay the caller while it starts', () => {
    const { compute, alone } = sample();
    const idle = Team.start(2, () => () => {})!;
    vi.spyOn(Team, 'start').mockReturnValue(idle);
    setNumThreads(5);
    expect(compute()).toEqual(alone);
    expect(run).not.toHaveBeenCalled();
  });

  test.each([
    ['is stuck', 'for (;;) Atomics.wait(cells, 0, 0)'],
    ['ends', 'process.exit()'],
  ])('works without a thread that %s in the middle of a task', async (_, then) => {
    vi.mocked(performance.now).mockRestore();
    const { compute, alone } = sample();
    // Takes one call and keeps it.
    const program = `(post) => {
       const { memory, own, at, state } = post;
       const cells = new Int32Array(memory.buffer);
       Atomics.store(cells, own, state.idle);
       Atomics.wait(cells, at.task, 0);
       Atomics.store(cells, own, state.busy);
       Atomics.sub(cells, at.left, 1);
       ${then};
     }`;
    const team = await ready(teamWith(program));
    const start = vi.spyOn(Team, 'start').mockReturnValue(team);
    setNumThreads(5);
    // The caller gives the thread time to take a call.
    const { cells } = team as unknown as { cells: Int32Array };
    const store = Atomics.add;
    vi.spyOn(Atomics, 'add').mockImplementation((...args: Parameters<typeof Atomics.add>) => {
      const result = (store as (...a: unknown[]) => number)(...args);
      Atomics.notify(cells, 128);
      while (Atomics.load(cells, 256) !== 2);
      return result as never;
    });
    expect(compute()).toEqual(alone);
    expect(run.mock.results).toEqual([{ type: 'return', value: false }]);
    // The next tasks run without it, and with other threads as soon as these have started.
    vi.mocked(Atomics.add).mockRestore();
    start.mockRestore();
    const restart = vi.spyOn(Team, 'start');
    expect(compute()).toEqual(alone);
    expect(run).toHaveBeenCalledTimes(1);
    expect(await withThreads(getNumThreads(), compute)).toEqual(alone);
    expect(run).toHaveBeenCalledTimes(2);
    expect(restart).toHaveBeenCalledTimes(1);
  });

  test('is not retried forever', () => {
    const { compute, alone } = sample();
    const { start: begin } = Team;
    const start = vi.spyOn(Team, 'start').mockImplementation((threads) => {
      const team = begin(threads, () => () => {})!;
      team.end();
      return team;
    });
    setNumThreads(5);
    for (let i = 0; i < 6; i++) expect(compute()).toEqual(alone);
    expect(start).toHaveBeenCalledTimes(3);
    setNumThreads(4);
    compute();
    expect(start).toHaveBeenCalledTimes(4);
  });

  test('works without a thread that fails', async () => {
    const { compute, alone } = sample();
    const program = `(post) => {
       const { memory, own, at, state } = post;
       const cells = new Int32Array(memory.buffer);
       Atomics.store(cells, own, state.idle);
       Atomics.wait(cells, at.task, 0);
       Atomics.store(cells, at.failed, 1);
     }`;
    const team = await ready(teamWith(program));
    vi.spyOn(Team, 'start').mockReturnValue(team);
    setNumThreads(5);
    const { cells } = team as unknown as { cells: Int32Array };
    const load = Atomics.load;
    vi.spyOn(Atomics, 'load').mockImplementation(((...args: [Int32Array, number]) => {
      // The caller sees the thread's messages.
      while (args[1] === 130 && load(cells, 130) === 0);
      return load(...args);
    }) as never);
    expect(compute()).toEqual(alone);
    expect(run.mock.results).toEqual([{ type: 'return', value: false }]);
  });

  test('finishes work left by an interrupt before its memory is written', async () => {
    const { compute, alone } = sample();
    // An interrupt makes the caller leave its own call in the middle.
    const stop = new Error('stopped');
    for (let i = 0; i < 10; i++) {
      const interrupted = await withThreads(2, () => {
        const work = vi.spyOn(Team.prototype as unknown as Worker, 'work').mockImplementation(() => {
          throw stop;
        });
        try {
          compute();
        } catch (error) {
          return error;
        } finally {
          work.mockRestore();
        }
      });
      expect(interrupted).toBe(stop);
      expect(bytes(compute()).equals(bytes(alone))).toBe(true);
    }
  });

  test('does not exist without shared memory', () => {
    const { compute, alone } = sample();
    vi.stubGlobal('SharedArrayBuffer', undefined);
    setNumThreads(6);
    expect(compute()).toEqual(alone);
    expect(run).not.toHaveBeenCalled();
  });

  test('pauses if it does not pay', async () => {
    const { compute, alone } = sample();
    await withThreads(2, compute);
    // The clock is frozen until the caller has computed its parts.
    const callers = Team.prototype as unknown as { work(shared: unknown): number };
    const ownParts = callers.work;
    let time = 0;
    let isDone = false;
    vi.spyOn(callers, 'work').mockImplementation(function (this: unknown, shared: unknown) {
      const taken = ownParts.call(this, shared);
      isDone = true;
      return Math.max(1, taken);
    } as never);
    vi.mocked(performance.now).mockImplementation(() => {
      if (isDone) time += time === 0 ? 1 : 1000;
      return time;
    });
    run.mockClear();
    expect(compute()).toEqual(alone);
    expect(run).toHaveBeenCalledTimes(1);
    vi.mocked(performance.now).mockReturnValue(0);
    expect(compute()).toEqual(alone);
    expect(run).toHaveBeenCalledTimes(1);
    expect(compute()).toEqual(alone);
    expect(run).toHaveBeenCalledTimes(2);
  });

  test('is still used for tasks that pay more', async () => {
    setNumThreads(2);
    await withThreads(2, () => {});
    const team = teamFor(1e9, 1)!;
    Object.assign(team, { pausing: 2, tooSmall: 80 });
    expect(teamFor(1e9, 1e9 / 80)).toBeNull();
    expect(teamFor(1e9, 1e9 / 81)).toBe(team);
    expect(teamFor(1e9, 1e9 / 70)).toBeNull();
    expect(teamFor(1e9, 1e9 / 70)).toBe(team);
  });
});

describe('setNumThreads', () => {
  test('sets the value of getNumThreads', () => {
    setNumThreads(3);
    expect(getNumThreads()).toBe(3);
    setNumThreads(1);
    expect(getNumThreads()).toBe(1);
  });

  test.each([0, -1, 1.5, 65, Number.NaN, '2', undefined, null])('rejects %s', (n) => {
    const before = getNumThreads();
    expect(() => setNumThreads(n as number)).toThrow(ValueError);
    expect(() => setNumThreads(n as number)).toThrow(
      `expected a whole number from 1 to 64, got ${n === '2' ? "'2'" : n}`,
    );
    expect(getNumThreads()).toBe(before);
  });

  test('applies only to large products', () => {
    setNumThreads(2);
    const x = tensor(Array.from({ length: 100 }, (_, i) => Array.from({ length: 100 }, (_, j) => i - j)));
    x.matmul(x);
    expect(run).not.toHaveBeenCalled();
    // 14 million operations, but few per copied element.
    expect(teamFor(7e6, 2e5)).toBeNull();
  });
});

describe('in a separate process', () => {
  beforeAll(() => buildIfStale(paths), 120_000);

  // Idle threads are notified of a task; before one has started there is no notification.
  const program = (end: string) => `
    let tasks = 0;
    const { notify } = Atomics;
    Atomics.notify = (...place) => { tasks++; return notify(...place); };
    const g = require(${JSON.stringify(join(paths.root, 'dist'))});
    const x = g.ones([300, 300]);
    const product = () => x.matmul(x).at(0, 0).item();
    product();
    const ready = async () => { while (product(), tasks === 0) await new Promise((f) => setTimeout(f, 5)); };
    ${end}
  `;
  const output = (end: string, env: Record<string, string> = {}) =>
    execFileSync(process.execPath, ['-e', program(end)], {
      encoding: 'utf8',
      timeout: 240_000,
      env: { ...process.env, ...env },
    }).trim();

  test('the threads keep no process alive', () => {
    const two = { GRADLAB_THREADS: '2' };
    expect(output('console.log(product())', two)).toBe('300');
    expect(output('ready().then(() => console.log(product()))', two)).toBe('300');
    expect(output('ready().then(() => { product(); console.log("end"); process.exit() })', two)).toBe('end');
    expect(output('ready().then(() => setTimeout(() => console.log(product()), 20))', two)).toBe('300');
    expect(() => output('ready().then(() => { product(); throw new Error("mine") })', two)).toThrow('mine');
  });

  test('a child process with a channel ends when the channel does', () => {
    const folder = mkdtempSync(join(tmpdir(), 'gradlab-threads-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const child = join(folder, 'child.cjs');
    writeFileSync(child, program('process.on("message", () => ready().then(() => process.send(product())))'));
    const parent = `
      const child = require('node:child_process').fork(${JSON.stringify(child)});
      child.on('message', (value) => { console.log(value); child.disconnect(); });
      child.on('exit', (code) => console.log(code));
      child.send('go');
    `;
    const env = { ...process.env, GRADLAB_THREADS: '2' };
    const lines = execFileSync(process.execPath, ['-e', parent], { encoding: 'utf8', timeout: 240_000, env });
    expect(lines.trim().split('\n')).toEqual(['300', '0']);
  });

  test('the environment sets their number', () => {
    const ask = (value: string) => output('console.log(g.getNumThreads())', { GRADLAB_THREADS: value });
    expect(ask('1')).toBe('1');
    expect(ask('7')).toBe('7');
    const most = String(Math.min(2, Number(output('console.log(require("os").availableParallelism())'))));
    for (const nothing of ['', '0', 'many']) expect(ask(nothing)).toBe(most);
  });
});
