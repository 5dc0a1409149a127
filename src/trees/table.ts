import { turn } from '../cancellation';
import { type NumberList, type NumberMatrix, type TensorLike, toPlain } from '../display';
import { ValueError } from '../errors';

/**
 * Rows of numbers, stored by columns, with the sorted order of each column, which is computed once for many trees. It
 * is accepted wherever a matrix is.
 * @internal
 */
export class Table implements TensorLike {
  private sorted: readonly Int32Array[] | undefined;

  constructor(
    /** Number of rows. */
    readonly rows: number,
    /** The values of each feature. */
    readonly columns: readonly Float64Array[],
  ) {}

  /** @throws {ValueError} unless X has rows of equally many finite numbers, of `features` if that is given. */
  static read(who: string, X: NumberMatrix, features?: number): Table {
    const table = X instanceof Table ? X : readRows(who, toPlain(X));
    if (features !== undefined && table.columns.length !== features) {
      throw new ValueError(
        `${who}: X has ${table.columns.length} columns, the model was fitted to ${features}; they must be the same features`,
      );
    }
    return table;
  }

  /** The row indices sorted by each feature. */
  get orders(): readonly Int32Array[] {
    this.sorted ??= this.columns.map((column) =>
      Int32Array.from({ length: this.rows }, (_, i) => i).sort((a, b) => column[a]! - column[b]! || a - b),
    );
    return this.sorted;
  }

  get shape(): readonly number[] {
    return [this.rows, this.columns.length];
  }

  tolist(): number[][] {
    return Array.from({ length: this.rows }, (_, i) => this.columns.map((column) => column[i]!));
  }
}

function readRows(who: string, rows: unknown): Table {
  if (!Array.isArray(rows) || rows.length === 0) {
    throw new ValueError(`${who}: X must be rows of numbers, such as [[1, 2], [3, 4]]; got ${briefly(rows)}`);
  }
  if (!Array.isArray(rows[0])) {
    throw new ValueError(
      `${who}: X must be rows of numbers, got a plain list; for one feature give x.map((v) => [v]) or x.unsqueeze(1)`,
    );
  }
  const width = rows[0].length;
  if (width === 0) throw new ValueError(`${who}: the rows of X are empty`);
  const columns = Array.from({ length: width }, () => new Float64Array(rows.length));
  for (const [i, row] of rows.entries()) {
    if (!Array.isArray(row) || row.length !== width) {
      throw new ValueError(`${who}: row 0 of X has ${width} numbers, row ${i} is ${briefly(row)}`);
    }
    for (let j = 0; j < width; j++) {
      if (typeof row[j] !== 'number' || !Number.isFinite(row[j])) {
        throw new ValueError(
          `${who}: X must be finite; row ${i}, column ${j} is ${briefly(row[j])}. Leave such rows out`,
        );
      }
      columns[j]![i] = row[j];
    }
    turn(width);
  }
  return new Table(rows.length, columns);
}

const briefly = (value: unknown) =>
  Array.isArray(value) ? `a list of ${value.length}` : typeof value === 'number' ? String(value) : typeof value;

/** @throws {ValueError} unless these are finite numbers, one for each row. @internal */
export function readTargets(who: string, y: NumberList, rows: number, name = 'y'): Float64Array {
  const list = toPlain(y);
  if (!Array.isArray(list) || ![...list].every((value) => typeof value === 'number' && Number.isFinite(value))) {
    throw new ValueError(`${who}: ${name} must be a list of finite numbers, one for each row of X`);
  }
  if (list.length !== rows) {
    throw new ValueError(`${who}: X has ${rows} rows, ${name} has ${list.length} numbers; the counts must be equal`);
  }
  return Float64Array.from(list as number[]);
}

/** Returns the weight of each row; default 1. @internal */
export function readWeights(who: string, weights: NumberList | undefined, rows: number): Float64Array {
  if (weights === undefined) return new Float64Array(rows).fill(1);
  const read = readTargets(who, weights, rows, 'sampleWeight');
  if (read.some((weight) => weight < 0) || !read.some((weight) => weight > 0)) {
    throw new ValueError(`${who}: sampleWeight must be 0 or more, and somewhere above 0`);
  }
  return read;
}

/** Returns the distinct labels in ascending order, and the index of each row's label among them. @internal */
export function readClasses(who: string, y: NumberList, rows: number): { classes: number[]; codes: Float64Array } {
  const labels = readTargets(who, y, rows);
  const classes = [...new Set(labels)].sort((a, b) => a - b);
  const place = new Map(classes.map((label, k) => [label, k]));
  return { classes, codes: labels.map((label) => place.get(label)!) };
}
