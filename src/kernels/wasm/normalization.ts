// Normalization of one row of float32 elements that share their statistics. The mean comes in two parts, so that taking it
// away is as exact as in float64.

import { type Code, Module } from './assembler';
import { f32, f32x4, f64, f64x2, i32, i32x4, type Local, type Vector, v128 } from './instructions';

/** The functions of {@link normalizationModule}; addresses are in bytes, and `w` and `b` are rows, too. */
export interface NormalizationExports {
  /** `Σ (x - mean)²`. */
  squares(n: number, x: number, mean: number): number;
  /** `y = (x - mean)·scale·w + b`. */
  transform(n: number, x: number, y: number, w: number, b: number, mean: number, scale: number): void;
  /** Stores `Σ dy·w` and `Σ dy·w·(x - mean)` as two float64 numbers at `to`. */
  sums(n: number, dy: number, x: number, w: number, to: number, mean: number): void;
  /** `dx = dy·w·scale - level - (x - mean)·slope`. */
  combine(
    n: number,
    dy: number,
    x: number,
    w: number,
    dx: number,
    mean: number,
    scale: number,
    level: number,
    slope: number,
  ): void;
  /** Adds `dy·(x - mean)·scale` to the float64 numbers at `to`. */
  weigh(n: number, dy: number, x: number, to: number, mean: number, scale: number): void;
}

const { add, sub, mul } = f32x4;
/** Bytes that are summed in float32; such sums are added in float64. */
const stretch = 512;

/** What the functions share: `x - mean`, loops over a row, and sums. */
class Row {
  readonly j: Local<'i32'>;
  private readonly bytes: Local<'i32'>;
  private readonly high: Vector;
  private readonly low: Vector;

  constructor(
    readonly f: Code,
    private readonly n: Local<'i32'>,
    mean: Local<'f64'>,
  ) {
    this.j = f.local('i32');
    this.bytes = f.local('i32', i32.shl(n, 2));
    const high = f.local('f32', f32.demote(mean));
    this.high = f.local('v128', f32x4.splat(high));
    this.low = f.local('v128', f32x4.splat(f32.demote(f64.sub(mean, f64.promote(high)))));
  }

  splat(x: Local<'f64'>): Vector {
    return this.f.local('v128', f32x4.splat(f32.demote(x)));
  }

  at(address: Local<'i32'>): Vector {
    return v128.load(i32.add(address, this.j));
  }

  centered(x: Local<'i32'>): Vector {
    return sub(sub(this.at(x), this.high), this.low);
  }

  each(body: () => void): void {
    this.f.for(this.j, 0, this.bytes, 16, body);
  }

  /** Sums of what `terms` gives for each vector, as float64. */
  sums(count: number, terms: () => readonly Vector[]): Local<'f64'>[] {
    const { f, j, n } = this;
    const whole = f.local('i32', i32.and(this.bytes, -16));
    const stop = f.local('i32');
    const parts = f.locals('v128', count);
    const totals = f.locals('v128', count);
    // Which lanes of the last, incomplete vector belong to the row.
    const mask = f.local('v128', i32x4.lt(i32x4.const(0, 1, 2, 3), i32x4.splat(i32.and(n, 3))));
    const flush = () =>
      parts.forEach((part, k) => {
        const swapped = v128.shuffle(part, part, 2, 3, 0, 1);
        f.set(totals[k], f64x2.add(totals[k], f64x2.add(f64x2.promote(part), f64x2.promote(swapped))));
        f.set(part, f32x4.const(0));
      });
    f.set(j, 0);
    f.while(
      () => i32.lt(j, whole),
      () => {
        f.set(stop, i32.add(j, stretch));
        f.if(i32.gt(stop, whole), () => f.set(stop, whole));
        f.repeat(
          () => {
            terms().forEach((term, k) => {
              f.set(parts[k], add(parts[k], term));
            });
            f.advance(j, 16);
          },
          () => i32.lt(j, stop),
        );
        flush();
      },
    );
    f.if(i32.and(n, 3), () => {
      terms().forEach((term, k) => {
        f.set(parts[k], v128.and(term, mask));
      });
      flush();
    });
    return totals.map((total) => f.local('f64', f64.add(f64x2.lane(total, 0), f64x2.lane(total, 1))));
  }
}

export function normalizationModule(): Module {
  const module = new Module();
  module.define(
    'squares',
    { n: 'i32', x: 'i32', mean: 'f64' },
    (f, { n, x, mean }) => {
      const row = new Row(f, n, mean);
      const [total] = row.sums(1, () => {
        const d = f.local('v128', row.centered(x));
        return [mul(d, d)];
      });
      f.return(total);
    },
    'f64',
  );
  module.define(
    'transform',
    { n: 'i32', x: 'i32', y: 'i32', w: 'i32', b: 'i32', mean: 'f64', scale: 'f64' },
    (f, { n, x, y, w, b, mean, scale }) => {
      const row = new Row(f, n, mean);
      const factor = row.splat(scale);
      row.each(() => f.store(i32.add(y, row.j), add(mul(mul(row.centered(x), factor), row.at(w)), row.at(b))));
    },
  );
  module.define(
    'sums',
    { n: 'i32', dy: 'i32', x: 'i32', w: 'i32', to: 'i32', mean: 'f64' },
    (f, { n, dy, x, w, to, mean }) => {
      const row = new Row(f, n, mean);
      const totals = row.sums(2, () => {
        const g = f.local('v128', mul(row.at(dy), row.at(w)));
        return [g, mul(g, row.centered(x))];
      });
      totals.forEach((total, k) => {
        f.store(to, total, 8 * k);
      });
    },
  );
  module.define(
    'combine',
    {
      ...({ n: 'i32', dy: 'i32', x: 'i32', w: 'i32', dx: 'i32' } as const),
      ...({ mean: 'f64', scale: 'f64', level: 'f64', slope: 'f64' } as const),
    },
    (f, { n, dy, x, w, dx, mean, scale, level, slope }) => {
      const row = new Row(f, n, mean);
      const [factor, less, tilt] = [scale, level, slope].map((v) => row.splat(v));
      row.each(() => {
        const upper = sub(mul(mul(row.at(dy), row.at(w)), factor), less);
        f.store(i32.add(dx, row.j), sub(upper, mul(row.centered(x), tilt)));
      });
    },
  );
  module.define(
    'weigh',
    { n: 'i32', dy: 'i32', x: 'i32', to: 'i32', mean: 'f64', scale: 'f64' },
    (f, { n, dy, x, to, mean, scale }) => {
      const row = new Row(f, n, mean);
      const factor = row.splat(scale);
      row.each(() => {
        const v = f.local('v128', mul(mul(row.at(dy), row.centered(x)), factor));
        const at = f.local('i32', i32.add(to, i32.shl(row.j, 1)));
        [v, v128.shuffle(v, v, 2, 3, 0, 1)].forEach((half, k) => {
          f.store(at, f64x2.add(v128.load(at, 16 * k), f64x2.promote(half)), 16 * k);
        });
      });
    },
  );
  return module;
}
