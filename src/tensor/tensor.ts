import ndarray, { type NdArray } from 'ndarray';
import type { AutogradMethods } from '../autograd/methods';
import type { Node } from '../autograd/node';
import { noTensor } from '../describe';
import { DtypeError, IndexError, ShapeError, ValueError } from '../errors';
import { copyStrided } from '../kernels/elementwise';
import { strideLike } from '../kernels/layout';
import { contiguousStride, type NumberArray, numel, part } from '../kernels/strides';
import { allocate, allocateUnset, arrayOf, type Dtype } from './dtype';
import { type Layout, layoutOf, rowMajorLayout } from './layout';
import { isHandedOut, movedTo, requireThere, unshared } from './memory';
import { type NestedArray, nest } from './nested';
import { formatTensor, summarizeTensor } from './print';
import { checkDim, formatShape, type Shape, sameShape } from './shape';

/** How many tensors have been made so far. @internal */
export let births = 0;

/**
 * Counts the tensors made so far. A tensor whose `birth` is larger than an earlier reading was made since.
 * @internal
 */
export function tensorsMade(): number {
  return births;
}

/** `structuredClone` cannot copy this function; its error message quotes it. */
const refusal = () => 'use clone() of the tensor';

/** The scijs views, in a map because few tensors need one. */
const ndarrays = new WeakMap<Tensor, NdArray<NumberArray>>();

// Operations and autograd add their methods to this class when they are loaded; each family of operations adds its
// declarations as well (see ops/table/define.ts).
export interface Tensor extends AutogradMethods {}

/**
 * Numbers with a shape, and, if wanted, the history of how they came about (`torch.Tensor`).
 *
 * A tensor is a strided view of a typed array: element `(i, j, …)` is `data[offset + i·stride[0] + j·stride[1] + …]`.
 * Transposing, slicing and expanding make new views of the same numbers.
 */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: see above
export class Tensor {
  /** The value of {@link memory}, unless another view has moved it. */
  private storage: NumberArray;
  /** Shape and strides, and values derived from them. @internal */
  readonly layout: Layout;
  private readonly start: number;
  private readonly kind: Dtype;
  private gradient: Tensor | null = null;
  /** Whether gradients are wanted; read it as `requiresGrad`. @internal */
  tracked = false;
  /** The node that made this tensor; for a leaf, the node that collects its gradient. @internal */
  node: Node | null = null;
  /** Which output of `node` this is. @internal */
  output = 0;
  /** The tensor whose memory this one shares; it also counts the versions. @internal */
  owner: Tensor | null = null;
  /** The tensor that this one is a differentiable view of. @internal */
  viewOf: Tensor | null = null;
  /** Whether it is one of several views that one operation made, or a view of one: no history of changes. @internal */
  fromSeveral = false;
  /** How often the memory has been modified in place; kept on the owner. @internal */
  writes = 0;
  /** The owner's `writes` when `node` was made; a view's history is updated when it is older. @internal */
  seen = 0;
  /** A count of holders: 1 if the tape has claimed it, plus 2 for each node that saved it or a view of it; see {@link ownership}. @internal */
  held = 0;
  /** @internal */
  readonly birth = ++births;
  /** Makes `structuredClone` throw, which would copy the fields without the class. @internal */
  readonly refusal = refusal;

  /** Use `tensor()`, `zeros()` and the like. @internal */
  constructor(memory: NumberArray, layout: Layout, offset: number, dtype: Dtype) {
    this.storage = memory;
    this.layout = layout;
    this.start = offset;
    this.kind = dtype;
  }

  /** Sizes of the dimensions, outermost first: a list that cannot be changed (`torch.Tensor.shape`). */
  get shape(): Shape {
    return this.layout.shape;
  }

  /** Distance in `data`, in elements, between neighbours along each dimension: a list that cannot be changed. */
  get stride(): Shape {
    return this.layout.stride;
  }

  /** The same as `shape`, faster to read in loops; see {@link Layout}. @internal */
  get sizes(): readonly number[] {
    return this.layout.sizes;
  }

  /** The same as `stride`, faster to read in loops. @internal */
  get steps(): readonly number[] {
    return this.layout.steps;
  }

  /** Position in `data` of the first element. */
  get offset(): number {
    return this.start;
  }

  /** Kind of the elements. */
  get dtype(): Dtype {
    return this.kind;
  }

  /**
   * The memory, for the library's own use. Small tensors may share a slab.
   * @internal
   */
  get memory(): NumberArray {
    return isHandedOut ? this.found : this.storage;
  }

  /** {@link memory} once a program may have moved or transferred it. */
  private get found(): NumberArray {
    const { owner } = this;
    if (owner !== null && owner.storage !== this.storage) this.storage = movedTo(this.storage);
    const { storage } = this;
    if (storage.length === 0) requireThere(this.sizes);
    return storage;
  }

  /**
   * The memory, shared with this tensor's views and with no other tensor; element order is given by `stride` and `offset`.
   * `toArray()` returns the elements in row-major order, in a new array.
   */
  get data(): NumberArray {
    const { memory } = this;
    const own = unshared(memory);
    if (own !== memory) {
      const root = this.owner ?? this;
      if (root.storage === memory) root.storage = own;
      this.storage = own;
    }
    return own;
  }

  /**
   * The gradient that `backward()` has accumulated here, or `null` (`torch.Tensor.grad`). An assigned value must be another
   * tensor of the same shape and dtype.
   * @throws {ValueError} for a value that is not a tensor, or the tensor itself; {@link ShapeError} for another shape; {@link DtypeError} for
   *   another dtype.
   */
  get grad(): Tensor | null {
    return this.gradient;
  }

  set grad(gradient: Tensor | null) {
    if (gradient !== null) {
      if (!(gradient instanceof Tensor))
        throw new ValueError(`grad: expected a tensor, or null for none, got ${noTensor(gradient)}`);
      if (gradient === this)
        throw new ValueError('grad: a tensor cannot be its own gradient; assign a copy of it, made with clone()');
      if (!sameShape(gradient.sizes, this.sizes))
        throw new ShapeError(
          `grad: a gradient of shape ${formatShape(gradient.sizes)} does not fit a tensor of shape ${formatShape(this.sizes)}`,
        );
      if (gradient.dtype !== this.dtype)
        throw new DtypeError(
          `grad: a ${gradient.dtype} gradient does not fit a ${this.dtype} tensor; convert it with to('${this.dtype}')`,
        );
    }
    this.gradient = gradient;
  }

  /** Number of dimensions (`torch.Tensor.ndim`). */
  get ndim(): number {
    return this.layout.sizes.length;
  }

  /**
   * Size of the first dimension (`torch.Tensor.__len__`).
   * @throws {ShapeError} for a 0-d tensor.
   */
  get length(): number {
    if (this.ndim === 0) throw new ShapeError('length: a 0-d tensor is a single number, without rows; see numel()');
    return this.layout.sizes[0];
  }

  /** Number of elements, the product of the sizes (`torch.Tensor.numel`). */
  numel(): number {
    return this.layout.count;
  }

  /** Number of dimensions (`torch.Tensor.dim`). */
  dim(): number {
    return this.layout.sizes.length;
  }

  /**
   * All sizes, or the size of one dimension (`torch.Tensor.size`).
   * @throws {IndexError} if there is no such dimension.
   */
  size(): Shape;
  size(dim: number): number;
  size(dim?: number): Shape | number {
    if (dim === undefined) return this.shape;
    if (this.ndim === 0) throw new IndexError(`size: there is no dimension ${dim}; the tensor is a single number`);
    return this.shape[checkDim('size', dim, this.ndim)];
  }

  /** Whether the elements lie in memory in row-major order without gaps (`torch.Tensor.is_contiguous`). */
  isContiguous(): boolean {
    return this.layout.isContiguous;
  }

  /** How often the elements have been modified in place (`torch.Tensor._version`); views count together. */
  get version(): number {
    return (this.owner ?? this).writes;
  }

  /**
   * Returns the only element as a number; a bool is 0 or 1 (`torch.Tensor.item`).
   * @throws {ValueError} if there is not exactly one element.
   */
  item(): number {
    if (this.numel() !== 1)
      throw new ValueError(
        `item: a tensor of shape ${formatShape(this.sizes)} has ${this.numel()} elements, not one; ` +
          'use tolist(), or pick one with at(…)',
      );
    return this.memory[this.offset];
  }

  /** Returns the elements as nested arrays of numbers (booleans for `bool`); a 0-d tensor is its element (`torch.Tensor.tolist`). */
  tolist(): NestedArray {
    return nest(this);
  }

  /** The value for `JSON.stringify`: `tolist()`. JSON has no NaN and no infinity: they become `null`. */
  toJSON(): NestedArray {
    return this.tolist();
  }

  /**
   * Takes over the memory of another tensor of the same shape and any dtype. References to this tensor stay valid. @internal
   */
  become({ memory: storage, layout, offset: start, dtype: kind }: Tensor): void {
    // A node that saved this tensor must detect the change.
    const writes = this.version + 1;
    Object.assign(this, { storage, layout, start, kind, owner: null, writes });
    ndarrays.delete(this);
  }

  /** The elements in row-major order as a new typed array. */
  toArray(): NumberArray {
    const out = arrayOf(this.dtype, this.numel());
    copyStrided(this.sizes, { memory: out, steps: contiguousStride(this.sizes), offset: 0 }, this);
    return out;
  }

  /** The scijs ndarray view of the same memory, created on first access. */
  get ndarray(): NdArray<NumberArray> {
    let view = ndarrays.get(this);
    if (view === undefined) {
      view = ndarray(this.data, this.sizes.slice(), this.steps.slice(), this.offset);
      ndarrays.set(this, view);
    }
    return view;
  }

  /** PyTorch's printed form, such as `tensor([6., 8.])`. */
  toString(): string {
    return formatTensor(this);
  }

  /**
   * The conversion to a number or a text by JavaScript (`torch.Tensor.__float__`): in `loss < 0.5`, `Math.max(...x)`
   * and `+x` the only element; in `\`${x}\`` and `String(x)` the printed form. With `+` and `==` JavaScript does not
   * say which it needs. There it is the number, and an error for several elements: `x + 1` is meant as a sum and would
   * be a text. Write `x.add(1)`, or `\`… ${x}\`` for a text.
   * @throws {ValueError} where a number is needed, if there is not exactly one element.
   */
  [Symbol.toPrimitive](hint: string): number | string {
    if (hint === 'string') return this.toString();
    if (this.numel() !== 1)
      throw new ValueError(
        `a tensor of shape ${formatShape(this.sizes)} is not a single number: it has ${this.numel()} elements, not one; pick one with ` +
          'at(…).item(), compute with methods such as add() and lt(), or print it with String(x)',
      );
    return this.item();
  }

  /** The output of Node's `console.log` and stock tslab. @internal */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }

  /** The output in a notebook for a tensor at the end of a cell. @internal */
  [Symbol.for('Jupyter.display')](): { 'text/plain': string } {
    return { 'text/plain': this.toString() };
  }

  /** The summary of a variable in a notebook: dtype, shape, whether it requires a gradient, numbers. @internal */
  [Symbol.for('Jupyter.summary')](): string {
    return summarizeTensor(this);
  }
}

/**
 * Makes assignments to read-only properties throw an error with advice.
 * @param advice by property name
 * @internal
 */
export function refuseWrites(prototype: Tensor, advice: Readonly<Record<string, string>>): void {
  for (const [name, instead] of Object.entries(advice))
    Object.defineProperty(prototype, name, {
      ...Object.getOwnPropertyDescriptor(prototype, name),
      set() {
        throw new ValueError(`${name}: this property of a tensor cannot be assigned; ${instead}`);
      },
    });
}

const reshape = 'make a tensor of another shape with reshape()';
refuseWrites(Tensor.prototype, {
  shape: reshape,
  stride: 'make a view with other strides with asStrided()',
  offset: 'make a view of a part with narrow()',
  dtype: "convert it with to('float64') or the like",
  data: 'copy numbers into the tensor with copy_(), for a parameter within noGrad()',
  ndim: reshape,
  length: reshape,
  version: 'it counts changes in place',
  ndarray: 'write into it, or copy numbers into the tensor with copy_()',
});

/**
 * A contiguous tensor on memory without other references.
 * @internal
 */
export function fresh(data: NumberArray, shape: Shape, dtype: Dtype): Tensor {
  return new Tensor(data, rowMajorLayout(shape), 0, dtype);
}

/**
 * A contiguous tensor of zeros.
 * @internal
 */
export function empty(shape: Shape, dtype: Dtype): Tensor {
  return fresh(allocate(dtype, numel(shape)), shape, dtype);
}

/**
 * An uninitialised contiguous tensor: the caller must overwrite all of its elements.
 * @internal
 */
export function unset(shape: Shape, dtype: Dtype): Tensor {
  return fresh(allocateUnset(dtype, numel(shape)), shape, dtype);
}

/**
 * A tensor of zeros with these strides, which leave no gap.
 * @internal
 */
export function emptyStrided(shape: Shape, stride: Shape, dtype: Dtype): Tensor {
  return new Tensor(allocate(dtype, numel(shape)), layoutOf(shape, stride), 0, dtype);
}

/**
 * A tensor of zeros with the shape of `x` and the same order of dimensions in memory, without gaps.
 * @internal
 */
export function emptyLike({ sizes: shape, steps: stride }: Geometry, dtype: Dtype): Tensor {
  return emptyStrided(shape, strideLike(shape, stride), dtype);
}

/**
 * The same elements in memory with these strides, which leave no gap: the tensor itself if it has them, else a copy
 * without history.
 * @internal
 */
export function arranged(x: Tensor, stride: Shape): Tensor {
  if (hasStride(x, stride)) return x;
  const y = new Tensor(allocateUnset(x.dtype, x.numel()), layoutOf(x.sizes, stride), 0, x.dtype);
  copyStrided(x.sizes, y, x);
  return y;
}

/** Whether the elements of `x` lie in memory as the strides say; those of dimensions of size 1 do not matter. @internal */
export function hasStride({ sizes: shape, steps: stride }: Tensor, wanted: Shape): boolean {
  for (let d = 0; d < shape.length; d++) if (stride[d] !== wanted[d] && shape[d] !== 1) return false;
  return true;
}

/**
 * The same elements in row-major order: the tensor itself if it is contiguous, else a copy without history.
 * @internal
 */
export function packed(x: Tensor): Tensor {
  return x.isContiguous() ? x : fresh(x.toArray(), x.sizes, x.dtype);
}

/**
 * The same elements with no stride below 0: the tensor itself, or one in row-major order without history, in its memory where
 * only dimensions of size 1 run backwards.
 * @internal
 */
export function forwards(x: Tensor): Tensor {
  if (!x.steps.some((step) => step < 0)) return x;
  if (!x.isContiguous()) return packed(x);
  return new Tensor(x.data, rowMajorLayout(x.sizes), x.offset, x.dtype);
}

/**
 * The elements in row-major order, to be read only.
 * @internal
 */
export function valuesOf(given: Tensor): NumberArray {
  const x = packed(given);
  return part(x.memory, x.offset, x.numel());
}

/** Several tensors. A single tensor, which is iterable over its rows, does not match. */
export type TensorList = Iterable<Tensor> & { readonly dtype?: never };

/** Shape, strides and offset of a view in its base's memory. */
export interface Geometry {
  readonly sizes: Shape;
  readonly steps: Shape;
  readonly offset: number;
}

/**
 * A view of the memory of `x` that counts versions with it. With `differentiable`, it is also a view for autograd.
 * @internal
 */
export function viewWith(x: Tensor, g: Geometry, differentiable = true): Tensor {
  const layout = g instanceof Tensor ? g.layout : layoutOf(g.sizes, g.steps);
  const y = new Tensor(x.memory, layout, g.offset, x.dtype);
  y.owner = x.owner ?? x;
  y.seen = y.owner.writes;
  if (differentiable) {
    y.viewOf = x.viewOf ?? x;
    y.fromSeveral = x.fromSeveral;
  }
  return y;
}
