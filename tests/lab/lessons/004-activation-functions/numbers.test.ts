import { describe, expect, it } from 'vitest';
import * as lesson from '../../../../src/lab/lessons/004-activation-functions';

const named = (name: string) => lesson.activations.find((one) => one.name === name)!;

describe('activations', () => {
  it.each(lesson.activations.map((one) => [one.name, one] as const))(
    'the slope of %s is that of its curve',
    (_, one) => {
      for (let x = -5; x <= 5; x += 0.25) {
        const at = x === 0 ? 0.01 : x; // not at a kink
        const felt = (one.f(at + 1e-6) - one.f(at - 1e-6)) / 2e-6;
        expect(one.slope(at)).toBeCloseTo(felt, 7);
      }
    },
  );

  it('GELU has the values of its definition by the error function', () => {
    // x Φ(x) from tables of Φ.
    expect(named('GELU').f(1)).toBeCloseTo(0.8413447460685429, 8);
    expect(named('GELU').f(-2)).toBeCloseTo(-2 * 0.02275013194817921, 8);
  });
});

describe('means over a normal distribution', () => {
  it('has its moments', () => {
    expect(lesson.normalMean((x) => x, 0.7, 1.3)).toBeCloseTo(0.7, 9);
    expect(lesson.normalMean((x) => (x - 0.7) ** 2, 0.7, 1.3)).toBeCloseTo(1.69, 8);
    expect(lesson.normalMean(named('ReLU').f, 0, 1)).toBeCloseTo(1 / Math.sqrt(2 * Math.PI), 5);
  });

  it('half of the slopes of ReLU are 1 around 0', () => {
    expect(lesson.rmsSlope('ReLU', 0, 1)).toBeCloseTo(Math.SQRT1_2, 4);
  });

  it('tanh(x) = 2σ(2x) − 1, so its slopes are four times those of a sigmoid over inputs twice as wide', () => {
    expect(lesson.rmsSlope('tanh', 0.5, 1)).toBeCloseTo(4 * lesson.rmsSlope('sigmoid', 1, 2), 8);
  });
});

describe('walks', () => {
  it('a step moves along its row, to the plane of that row at rate 1 / |x|²', () => {
    const [, after] = lesson.walk([[3, 4]], [1, 1], 1 / 25, 1);
    expect(3 * after![0] + 4 * after![1]).toBeCloseTo(7, 12);
    expect(after![0] / after![1]).toBeCloseTo(3 / 4, 12);
  });

  it('two orthogonal rows arrive after two steps, and their valley is round', () => {
    const best = lesson.bestWalk(
      [
        [1, 0],
        [0, 1],
      ],
      [1.5, -1],
    );
    expect(best.rows).toBe(2);
    expect(best.stretch).toBeCloseTo(1, 12);
  });

  it('the stretch is the ratio of the eigenvalues of the mean outer product', () => {
    // [[5, 3], [3, 5]] / 2 has the eigenvalues 4 and 1.
    const { stretch } = lesson.bestWalk(
      [
        [2, 2],
        [1, -1],
      ],
      [1, 1],
    );
    expect(stretch).toBeCloseTo(4, 12);
  });

  it('rejects an empty list of rows', () => {
    expect(() => lesson.bestWalk([], [1, 1])).toThrow('expected at least one row of inputs, got none');
  });
});

describe('dying units', () => {
  const course = lesson.fitSine('ReLU', { rates: [0.2, 0.05], steps: 60, seed: 70 });

  it('a unit that is active on no row keeps its kink forever', () => {
    const dead = course[15]!.flatMap(({ alive }, k) => (alive ? [] : [k]));
    expect(dead).toHaveLength(2);
    for (const k of dead) expect(course[60]![k]!.kink).toBe(course[15]![k]!.kink);
    expect(lesson.deadAt(course, 60)).toBe(2);
  });

  it('a unit is alive depending on its kink and its side', () => {
    for (const { kink, up, alive } of course[30]!)
      expect(alive).toBe(lesson.rows.some((x) => (up ? x > kink : x < kink)));
  });

  it('a net that diverges ends its curve', () => {
    expect(lesson.fitSine('ReLU', { rates: [50, 50], steps: 60, seed: 70 }).length).toBeLessThan(61);
  });
});

describe('signs of gradients', () => {
  it('are equal after positive outputs, and independent otherwise', () => {
    const [first, behindSigmoid, last] = lesson.partedShares([(z) => z.sigmoid(), (z) => z.tanh()]);
    expect(behindSigmoid).toBe(0);
    // Ten inputs of random signs are alike with probability 2 / 2¹⁰.
    expect(first).toBeGreaterThan(0.99);
    expect(last).toBeGreaterThan(0.9);
  });

  it('rejects a net without an activation', () => {
    expect(() => lesson.partedShares([])).toThrow('at least one activation');
  });
});

describe('XOR with a bend', () => {
  it('a line gets three rows right, a tent all four, from a bend of ¾ on', () => {
    expect([0, 0.5, 0.7, 0.8, 1].map(lesson.rightRows)).toEqual([3, 3, 3, 4, 4]);
  });
});

describe('figures', () => {
  it('shares are formatted in words', () => {
    expect([1.5, 0.26, 0.004, 4.6e-7, 2.4e-13].map(lesson.share)).toEqual([
      '1.5 ×',
      '26 %',
      '1 in 250',
      '1 in 2 × 10⁶',
      '1 in 4 × 10¹²',
    ]);
  });

  it('the title figure has a dot on each curve and on each slope', () => {
    const { data } = lesson.functionsAndSlopes(2);
    const dotOf = (name: string) => data.find((trace) => trace.name === name)!.y as number[];
    expect(dotOf('tanh, here')[0]).toBeCloseTo(0.964, 3);
    expect(dotOf('slope, tanh, here')[0]).toBeCloseTo(0.071, 3);
  });
});
