import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { adaptiveWindows, maxBack, maxOfWindows, slidingWindows, type Windows } from '../../src/kernels/pooling';
import { resample, sparse } from '../../src/kernels/resampling';
import { type Switches, setSwitches } from '../../src/kernels/wasm/runtime';
import { eachVariant } from '../support/kernels';

const int = (min: number, max: number) => fc.integer({ min, max });
const sliding = fc
  .record({ kernel: int(1, 4), stride: int(1, 3), dilation: int(1, 2), padding: int(0, 2), more: int(0, 9) })
  .map(({ kernel, stride, dilation, padding, more }) => {
    const reach = dilation * (kernel - 1) + 1;
    const pad = Math.min(padding, Math.floor(reach / 2));
    return slidingWindows(reach + more, { kernel, stride, padding: pad, dilation, ceil: false });
  });
const adaptive = fc.tuple(int(1, 12), int(1, 12)).map(([size, count]) => adaptiveWindows(size, count));
const pairs = int(1, 9).map((n) =>
  slidingWindows(2 * n, { kernel: 2, stride: 2, padding: 0, dilation: 1, ceil: false }),
);
const axes = fc.oneof(
  fc.array(fc.oneof(sliding, adaptive), { minLength: 1, maxLength: 3 }),
  fc.array(pairs, { minLength: 2, maxLength: 2 }),
);

/** Positions in each window. */
function places(windows: readonly Windows[]): number[][] {
  return windows.reduce<number[][]>(
    (all, { size, starts, counts, step }) =>
      all.flatMap((before) =>
        Array.from(starts, (start, w) =>
          before.flatMap((b) => Array.from({ length: counts[w] }, (_, k) => b * size + start + k * step)),
        ),
      ),
    [[0]],
  );
}

const sizeOf = (windows: readonly Windows[]) => windows.reduce((n, { size }) => n * size, 1);

describe.each(eachVariant)('%s', (_, switches) => {
  let before: Switches;
  beforeEach(() => {
    before = setSwitches(switches);
  });
  afterEach(() => void setSwitches(before));

  function check(planes: number, windows: readonly Windows[]): void {
    const size = sizeOf(windows);
    const seen = places(windows);
    // Few different numbers, so that many are equal, and some NaN.
    const x = Float32Array.from({ length: planes * size + 1 }, (_, i) =>
      i % 11 === 5 ? Number.NaN : Math.round(3 * Math.sin(i * i)),
    );
    const y = new Float32Array(planes * seen.length).fill(7);
    const at = new Int32Array(y.length).fill(7);
    maxOfWindows(x.subarray(1), planes, windows, y, at);
    const expected = Array.from({ length: planes }, (_, p) =>
      seen.map((list) =>
        list.reduce((best, place) => {
          const [v, most] = [x[1 + p * size + place], x[1 + p * size + best]];
          return v > most || Number.isNaN(v) ? place : best;
        }),
      ),
    );
    expect(Array.from(at)).toEqual(expected.flat());
    expect(Array.from(y)).toEqual(expected.flatMap((list, p) => list.map((place) => x[1 + p * size + place])));

    const dy = Float32Array.from({ length: y.length + 2 }, (_, i) => 1 + i);
    const dx = new Float32Array(planes * size).fill(7);
    const back = new Float32Array(dx.length);
    expected.flat().forEach((place, i) => {
      back[Math.floor(i / seen.length) * size + place] += dy[i + 2];
    });
    maxBack(dy.subarray(2), at, planes, windows, dx);
    expect(dx).toEqual(back);
  }

  test('the maximum of each window and its gradient: ties, NaN and positions', () => {
    fc.assert(
      fc.property(int(1, 4), axes, (planes, windows) => check(planes, windows)),
      { numRuns: 200 },
    );
  });

  test('more planes than are copied at a time', () => {
    const window = { kernel: 3, stride: 2, padding: 1, dilation: 1, ceil: true };
    check(70, [slidingWindows(28, window), slidingWindows(26, window)]);
    check(
      70,
      [28, 26].map((n) => slidingWindows(n, { ...window, kernel: 2, padding: 0 })),
    );
  });

  test('sums with fixed weights in float64 are the same in every kernel and loop', () => {
    const matrix = fc
      .tuple(int(1, 6), int(1, 9))
      .map(([rows, columns]) =>
        sparse(rows, columns, (i) =>
          Array.from({ length: (3 * i) % 4 }, (_, k) => [(i + 2 * k) % columns, Math.cos(7 * i + k)] as const),
        ),
      );
    fc.assert(
      fc.property(int(1, 40), fc.array(matrix, { minLength: 1, maxLength: 3 }), (cases, matrices) => {
        const size = matrices.reduce((n, { columns }) => n * columns, 1);
        const x = Float32Array.from({ length: cases * size + 1 }, (_, i) => Math.sin(i * 78.233));
        const y = new Float32Array(cases * matrices.reduce((n, { rows }) => n * rows, 1)).fill(7);
        resample(x.subarray(1), cases, matrices, y);
        setSwitches({ wasm: false });
        const loops = y.slice().fill(7);
        resample(x.subarray(1), cases, matrices, loops);
        setSwitches(switches);
        expect(y).toEqual(loops);
        // The first element, computed by hand.
        const [a, b = sparse(1, 1, () => [[0, 1]])] = matrices;
        if (matrices.length < 3) {
          let sum = 0;
          for (let k = a.starts[0]; k < a.starts[1]; k++)
            for (let l = b.starts[0]; l < b.starts[1]; l++)
              sum += a.weights[k] * b.weights[l] * x[1 + a.at[k] * b.columns + b.at[l]];
          expect(y[0]).toBeCloseTo(sum, 5);
        }
      }),
      { numRuns: 100 },
    );
  });
});
