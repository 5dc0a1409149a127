import { Batched, type Level, levelOf, physicalAt } from '../../tensor/batched';
import type { Shape } from '../../tensor/shape';
import { Tensor } from '../../tensor/tensor';
import type { BatchedCall, BatchKind } from '../table/rule';
import { opTable, type TableEntry } from '../table/table';
import { kinds } from './kinds';

/** The result of a rule that is one example's already. */
export class OfOne {
  readonly result: unknown;

  constructor(result: unknown) {
    this.result = result;
  }
}

/** Whether a value, or a part of it, is batched at this level. */
export const isAt = (x: unknown, level: Level): boolean => levelOf(x) === level;

/** A call of an operation, or of a composite, which has no row. */
export class Call implements BatchedCall {
  readonly name: string;
  readonly args: readonly unknown[];
  readonly level: Level;
  readonly run: (...args: readonly unknown[]) => unknown;

  constructor(name: string, args: readonly unknown[], level: Level, run: (...args: never[]) => unknown) {
    this.name = name;
    this.args = args;
    this.level = level;
    this.run = run as (...args: readonly unknown[]) => unknown;
  }

  /** The row of the operation. */
  get op(): TableEntry {
    return opTable.get(this.name)!;
  }

  get size(): number {
    return this.level.size;
  }

  isBatched(i: number): boolean {
    const x = this.args[i];
    return x instanceof Batched ? x.level === this.level : isAt(x, this.level);
  }

  isBatchedValue(x: Tensor): boolean {
    return isAt(x, this.level);
  }

  tensor(i: number): Tensor {
    return this.args[i] as Tensor;
  }

  physical(i: number): Tensor {
    return physicalAt(this.tensor(i), this.level);
  }

  spread(x: Tensor): Tensor {
    const p = physicalAt(x, this.level);
    return p !== x ? p : x.expand([this.size, ...x.sizes]);
  }

  aligned(x: Tensor, ndim: number): Tensor {
    return aligned(x, ndim, this.level);
  }

  wrap(physical: Tensor): Tensor {
    return new Batched(physical, this.level);
  }

  shape(): Shape {
    const shapes = this.args.map((x) => (x instanceof Tensor ? x.sizes : x));
    return (this.op.rule.shape as (...args: unknown[]) => Shape)(...shapes);
  }

  dim(dim: number, ndim: number = this.tensor(0).ndim): number {
    if (Number.isInteger(dim) && dim >= -ndim && dim < ndim) return (dim < 0 ? dim + ndim : dim) + 1;
    return dim < 0 ? dim - 1 : dim + 1;
  }

  call(name: string, ...args: readonly unknown[]): Tensor {
    return opTable.get(name)!.invoke(...args) as Tensor;
  }

  as(kind: BatchKind): unknown {
    return kinds[kind](this);
  }

  ofOne(result: unknown): unknown {
    return new OfOne(result);
  }
}

/** Returns all examples of a tensor; see {@link BatchedCall.aligned}. */
export function aligned(x: Tensor, ndim: number, level: Level): Tensor {
  const p = physicalAt(x, level);
  if (p === x || x.ndim >= ndim) return p;
  return p.view([p.sizes[0], ...new Array<number>(ndim - x.ndim).fill(1), ...x.sizes]);
}
