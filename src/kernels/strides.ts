/** The typed arrays that hold tensor elements. */
export type NumberArray = Float32Array | Float64Array | Int32Array | Uint8Array;

/** Number of elements of a shape; 1 for the empty shape. */
export function numel(shape: readonly number[]): number {
  let n = 1;
  for (let i = 0; i < shape.length; i++) n *= shape[i];
  return n;
}

/** Row-major strides of a shape, in elements. */
export function contiguousStride(shape: readonly number[]): readonly number[] {
  const stride = new Array<number>(shape.length);
  let step = 1;
  for (let i = shape.length - 1; i >= 0; i--) {
    stride[i] = step;
    step *= Math.max(shape[i], 1);
  }
  return stride;
}

/** Whether the strides walk the elements of the shape in row-major order without gaps. */
export function isContiguous(shape: readonly number[], stride: readonly number[]): boolean {
  let step = 1;
  for (let i = shape.length - 1; i >= 0; i--) {
    if (shape[i] === 0) return true;
    if (shape[i] !== 1 && stride[i] !== step) return false;
    step *= shape[i];
  }
  return true;
}

/**
 * Merges neighbouring dimensions that every operand walks in one stride, and drops dimensions of size 1,
 * so that the innermost loop is as long as possible. Returns at least one dimension.
 */
export function collapse(
  shape: readonly number[],
  strides: readonly (readonly number[])[],
): { shape: number[]; strides: number[][] } {
  const sizes: number[] = [];
  const steps: number[][] = strides.map(() => []);
  for (let d = 0; d < shape.length; d++) {
    if (shape[d] === 1) continue;
    const last = sizes.length - 1;
    const joins = last >= 0 && strides.every((s, k) => steps[k][last] === s[d] * shape[d]);
    if (joins) {
      sizes[last] *= shape[d];
      for (let k = 0; k < strides.length; k++) steps[k][last] = strides[k][d];
    } else {
      sizes.push(shape[d]);
      for (let k = 0; k < strides.length; k++) steps[k].push(strides[k][d]);
    }
  }
  if (sizes.length === 0) {
    sizes.push(1);
    for (const s of steps) s.push(0);
  }
  return { shape: sizes, strides: steps };
}

/**
 * Calls `row` once for every innermost row of an odometer over `shape`, with the position of each operand at the
 * row's start. `positions` is reused between calls.
 */
export function forEachRow(
  shape: readonly number[],
  strides: readonly (readonly number[])[],
  offsets: readonly number[],
  row: (positions: readonly number[], length: number) => void,
): void {
  const inner = shape.length - 1;
  const positions = offsets.slice();
  if (shape.some((n) => n === 0)) return;
  const counter = new Array<number>(inner).fill(0);
  for (;;) {
    row(positions, shape[inner]);
    let d = inner - 1;
    for (; d >= 0; d--) {
      for (let k = 0; k < strides.length; k++) positions[k] += strides[k][d];
      if (++counter[d] < shape[d]) break;
      for (let k = 0; k < strides.length; k++) positions[k] -= strides[k][d] * shape[d];
      counter[d] = 0;
    }
    if (d < 0) return;
  }
}

/**
 * {@link forEachRow} over as few dimensions as {@link collapse} leaves; `row` also gets the step of each operand along the
 * row.
 */
export function walkRows(
  shape: readonly number[],
  strides: readonly (readonly number[])[],
  offsets: readonly number[],
  row: (positions: readonly number[], length: number, steps: readonly number[]) => void,
): void {
  const plan = collapse(shape, strides);
  const steps = plan.strides.map((stride) => stride[plan.shape.length - 1]);
  forEachRow(plan.shape, plan.strides, offsets, (positions, length) => row(positions, length, steps));
}
