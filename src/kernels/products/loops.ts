import { until } from '../../cancellation';
import { type ForEachKind, monomorphic } from '../monomorphic';
import type { NumberArray } from '../strides';
import type { Matrix } from './strided-matrix';

/**
 * `y += a · b` for row-major matrices: `a` is `m × k`, `b` is `k × n`, `y` is `m × n`, each starting at its offset.
 * The middle loop runs over `k`, four at a time, so that rows of `b` and `y` are read in order.
 */
export function matmulRows(
  m: number,
  n: number,
  k: number,
  a: NumberArray,
  ao: number,
  b: NumberArray,
  bo: number,
  y: NumberArray,
  yo: number,
): void {
  const whole = k - (k % 4);
  for (let i = 0; i < m; i++) {
    const row = yo + i * n;
    const left = ao + i * k;
    for (let p = 0; p < whole; )
      for (const end = until(p, whole, n); p < end; p += 4) {
        const a0 = a[left + p];
        const a1 = a[left + p + 1];
        const a2 = a[left + p + 2];
        const a3 = a[left + p + 3];
        const b0 = bo + p * n;
        const b1 = b0 + n;
        const b2 = b1 + n;
        const b3 = b2 + n;
        for (let j = 0; j < n; j++) y[row + j] += a0 * b[b0 + j] + a1 * b[b1 + j] + a2 * b[b2 + j] + a3 * b[b3 + j];
      }
    for (let p = whole; p < k; )
      for (const end = until(p, k, n); p < end; p++) {
        const factor = a[left + p];
        const right = bo + p * n;
        for (let j = 0; j < n; j++) y[row + j] += factor * b[right + j];
      }
  }
}

type Tiny = (
  m: number,
  n: number,
  k: number,
  a: Matrix,
  b: Matrix,
  y: NumberArray,
  to: number,
  start: Matrix | null,
) => void;

/** `y = start + a·b`, by a loop for each element, which needs no copies. */
export const tiny: ForEachKind<Tiny> = monomorphic<Tiny>((m, n, k, a, b, y, to, start) => {
  const { memory: as, offset: ao, row: ar, col: ac } = a;
  const { memory: bs, offset: bo, row: br, col: bc } = b;
  for (let i = 0, q = to; i < m; i++)
    for (let j = 0; j < n; j++, q++) {
      let sum = start === null ? 0 : start.memory[start.offset + i * start.row + j * start.col];
      for (let p = 0, u = ao + i * ar, v = bo + j * bc; p < k; p++, u += ac, v += br) sum += as[u] * bs[v];
      y[q] = sum;
    }
});
