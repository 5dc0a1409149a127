import { AutogradError } from '../errors';
import type { Op } from '../ops/table';
import type { Dtype } from '../tensor/dtype';
import type { Shape } from '../tensor/shape';
import type { Tensor } from '../tensor/tensor';
import { noteOrigin } from './anomaly';
import { type Gradients, type NodeHook, NodeHooks, type NodePreHook, type RemovableHandle } from './hooks';
import { gradMode } from './mode';

/** What a rule may read in its forward inputs: a tensor, a plain number in a tensor's place, or nothing kept. */
export type Kept = Tensor | number | null;

/** The shape of what is no tensor, told from that of a single number by identity. @internal */
export const NO_SHAPE: Shape = [];
let order = 0;

/**
 * One recorded operation (`torch.autograd.graph.Node`). Its edges lead to the nodes that made its inputs; the last
 * ones, `AccumulateGrad`, add what arrives to the `grad` of a leaf.
 *
 * One or two inputs stand in fields, because almost every operation has no more; `list` holds the inputs of the rest
 * (`cat`, `where`). All fields are set here in one order, which keeps nodes fast.
 */
export class Node {
  /** Nodes are visited from the latest to the earliest. @internal */
  readonly order = ++order;
  /** The gradient of the output collected so far. @internal */
  grad: Tensor | null = null;
  /** Whether the tape made `grad` itself and may add to it in place. @internal */
  gradOwned = false;
  /** Gradients of each output, for operations with several. @internal */
  grads: (Tensor | null)[] | null = null;
  /** @internal */
  queued = false;
  /** @internal */
  freed = false;
  /** @internal */
  hooks: NodeHooks | null = null;

  /** @internal */ a: Kept = null;
  /** @internal */ b: Kept = null;
  /** @internal */ y: Tensor | null = null;
  /** @internal */ nextA: Node | null = null;
  /** @internal */ nextB: Node | null = null;
  /** @internal */ outputA = 0;
  /** @internal */ outputB = 0;
  /** @internal */ versionA = 0;
  /** @internal */ versionB = 0;
  /** @internal */ versionY = 0;
  /** Shape and dtype of the inputs, which their gradients must have. @internal */
  shapeA: Shape = NO_SHAPE;
  /** @internal */ shapeB: Shape = NO_SHAPE;
  /** @internal */ dtypeA: Dtype = 'float32';
  /** @internal */ dtypeB: Dtype = 'float32';
  /** @internal */ list: InputRecord[] | null = null;
  /** Outputs of an operation with several: kept tensors, or only their shapes. @internal */
  outputs: OutputRecord[] | null = null;

  /** @internal */
  constructor(
    /** @internal */ readonly op: Op,
    /** Arguments after the tensors. @internal */ readonly args: readonly unknown[],
  ) {
    if (gradMode.anomaly !== 'off') noteOrigin(this);
  }

  /** PyTorch's name of the operation's backward step, such as `PowBackward0` or `AccumulateGrad`. */
  get name(): string {
    return this.op.gradName(this);
  }

  /**
   * The nodes that made the tensors among the inputs, with the number of the output used; `null` where no gradient is
   * wanted (`next_functions`).
   */
  get nextFunctions(): readonly (readonly [Node | null, number])[] {
    if (this.op.name === ACCUMULATE) return [];
    const all = this.edges;
    return this.list === null && typeof this.b === 'number' ? all.slice(0, 1) : all;
  }

  /** One edge for each input, plain numbers included. @internal */
  get edges(): readonly (readonly [Node | null, number])[] {
    return Array.from({ length: this.inputCount }, (_, i) => [this.nextOf(i), this.outputOf(i)] as const);
  }

  /** @internal */ get inputCount(): number {
    return this.list === null ? this.op.inputs : this.list.length;
  }
  /** @internal */ nextOf(input: number): Node | null {
    if (this.list !== null) return this.list[input].next;
    return input === 0 ? this.nextA : this.nextB;
  }
  /** @internal */ outputOf(input: number): number {
    if (this.list !== null) return this.list[input].output;
    return input === 0 ? this.outputA : this.outputB;
  }
  /** @internal */ shapeOf(input: number): Shape {
    if (this.list !== null) return this.list[input].shape;
    return input === 0 ? this.shapeA : this.shapeB;
  }
  /** @internal */ dtypeOf(input: number): Dtype {
    if (this.list !== null) return this.list[input].dtype;
    return input === 0 ? this.dtypeA : this.dtypeB;
  }

  /** @internal */ keptOf(input: number): Kept {
    if (this.list !== null) return this.list[input].value;
    return input === 0 ? this.a : this.b;
  }

  /** Whether an optional input was left out, as against a tensor that was not kept. @internal */
  isAbsent(input: number): boolean {
    return this.keptOf(input) === null && this.shapeOf(input) === NO_SHAPE;
  }

  /** The leaf whose gradient an `AccumulateGrad` node collects; `null` for every other node. */
  get variable(): Tensor | null {
    return this.op.name === ACCUMULATE ? this.y : null;
  }

  /**
   * What the operation keeps for its backward step, by PyTorch's names: `self` and `other` for inputs, `result` for
   * the output, and its arguments, such as `exponent`.
   * @throws {AutogradError} if a backward pass has freed it.
   */
  get saved(): Readonly<Record<string, unknown>> {
    const found: Record<string, unknown> = {};
    if (this.op.name === ACCUMULATE) return found;
    this.checkUsable();
    this.op.describeSaved(this, found);
    return found;
  }

  /**
   * Calls `hook` with the gradients of the inputs and outputs each time this node has run in a backward pass; what it
   * returns, if anything, replaces the gradients of the inputs (`torch.autograd.graph.Node.register_hook`).
   */
  registerHook(hook: NodeHook): RemovableHandle {
    return this.withHooks().post.add(hook);
  }

  /**
   * Calls `hook` with the gradients of the outputs each time before this node runs in a backward pass; what it returns,
   * if anything, replaces them (`torch.autograd.graph.Node.register_prehook`).
   */
  registerPrehook(hook: NodePreHook): RemovableHandle {
    return this.withHooks().pre.add(hook);
  }

  /** @internal */
  withHooks(): NodeHooks {
    this.hooks ??= new NodeHooks();
    return this.hooks;
  }

  /** The gradient of output `output` collected so far. @internal */
  gradOf(output: number): Tensor | null {
    return this.grads === null ? this.grad : this.grads[output];
  }

  /** @internal */
  setGrad(output: number, grad: Tensor | null): void {
    if (this.grads === null) this.grad = grad;
    else this.grads[output] = grad;
  }

  /** The gradients of all outputs. @internal */
  get gradients(): Gradients {
    return this.grads?.slice() ?? [this.grad];
  }

  toString(): string {
    return `<${this.name}>`;
  }

  /** What Node's `console.log` and stock tslab print: the name, not the graph behind it. */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }

  /**
   * @throws {AutogradError} if what was saved has been freed, or modified in place since.
   * @internal
   */
  checkUsable(): void {
    if (this.freed)
      throw new AutogradError(
        `${this.name}: the values saved for the backward pass were freed by an earlier one; ` +
          'call the first backward with { retainGraph: true } to go through the graph a second time',
      );
    this.checkVersion(this.a, this.versionA);
    this.checkVersion(this.b, this.versionB);
    this.checkVersion(this.y, this.versionY);
    if (this.list !== null) for (const i of this.list) this.checkVersion(i.value, i.version);
    if (this.outputs !== null) for (const o of this.outputs) this.checkVersion(o.value, o.version);
  }

  /** @internal */
  checkVersion(kept: Kept, version: number): void {
    if (kept === null || typeof kept === 'number' || kept.version === version) return;
    throw new AutogradError(
      `${this.name}: a ${kept.dtype} tensor of shape [${kept.shape.join(', ')}] that is needed for the gradient was ` +
        `modified in place: it is at version ${kept.version}, expected version ${version}; ` +
        'clone() it before modifying it, or use the operation that is not in place',
    );
  }

  /** Lets go of everything saved. @internal */
  free(): void {
    this.freed = this.op.saves;
    this.a = this.y = null;
    // A plain number costs nothing, and the node's name may depend on it.
    if (typeof this.b !== 'number') this.b = null;
    if (this.list !== null) for (const i of this.list) i.value = null;
    if (this.outputs !== null) for (const o of this.outputs) o.value = null;
    this.op.released?.(this);
  }

  // The names by which rules read what was saved (see ops/define.ts).
  /** @internal */ get x(): Kept {
    return this.a;
  }
  /** @internal */ get xs(): Kept[] {
    return this.list!.map((i) => i.value);
  }
  /** @internal */ get c(): Kept {
    return this.list![2].value;
  }
  /** @internal */ get ys(): (Tensor | null)[] {
    return this.outputs!.map((o) => o.value);
  }
  /** @internal */ get shape(): Shape {
    return this.shapeA;
  }
  /** @internal */ get dtype(): Dtype {
    return this.dtypeA;
  }
  /** @internal */ get shapes(): Shape[] {
    return this.list!.map((i) => i.shape);
  }
}

/** One input of an operation with many. */
export interface InputRecord {
  value: Kept;
  readonly next: Node | null;
  readonly output: number;
  readonly version: number;
  readonly shape: Shape;
  readonly dtype: Dtype;
}

/** One output of an operation with several. */
export interface OutputRecord {
  value: Tensor | null;
  version: number;
  readonly shape: Shape;
  readonly dtype: Dtype;
}

/** Name of the operation that collects the gradient of a leaf. @internal */
export const ACCUMULATE = 'accumulate';
