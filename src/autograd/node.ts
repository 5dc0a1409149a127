import { AutogradError, GradlabError } from '../errors';
import type { Op } from '../ops/table/table';
import type { Dtype } from '../tensor/dtype';
import type { Shape } from '../tensor/shape';
import { Tensor } from '../tensor/tensor';
import { noteOrigin } from './anomaly';
import type { Collected } from './collected';
import { type NodeHook, NodeHooks, type NodePreHook, type RemovableHandle } from './hooks';
import { gradMode } from './mode';
import { ownership } from './ownership';

/** A saved input as a rule reads it: a tensor, a plain number in its place, or `null` if not saved. */
export type Kept = Tensor | number | null;

/** The shape of an argument that is not a tensor. Compare by identity: a 0-d tensor has another empty list. @internal */
export const NO_SHAPE: Shape = [];
let order = 0;
/** The number of nodes made so far. @internal */
export const nodesMade = (): number => order;

/**
 * One recorded operation (`torch.autograd.graph.Node`). Its edges lead to the nodes that made its inputs; the last
 * ones, `AccumulateGrad`, add what arrives to the `grad` of a leaf.
 */
export class Node {
  /** Nodes are visited from the latest to the earliest. @internal */
  readonly order = ++order;
  /** The record of the innermost pass that has collected gradients for this node. @internal */
  collected: Collected | null = null;
  /** @internal */
  freed = false;
  /** Whether anything has been saved. @internal */
  keeps: boolean;
  /** @internal */
  hooks: NodeHooks | null = null;

  /** The output, if a derivative reads it; of `AccumulateGrad` the leaf. @internal */
  output: Tensor | null = null;
  /** @internal */ outputVersion = 0;
  /** The output, if a container has released it: its memory is reused after this node has run; see {@link ownership}. @internal */
  transient: Tensor | null = null;
  /** Shape and dtype of the only output. @internal */
  outShape: Shape = NO_SHAPE;
  /** @internal */ outDtype: Dtype = 'float32';
  /** Outputs of an operation with several: kept tensors, or only their shapes. @internal */
  outputs: OutputRecord[] | null = null;

  /** @internal */
  constructor(
    /** @internal */ readonly op: Op,
    /** The inputs: tensors, and values in the place of one. @internal */
    readonly inputs: readonly Input[],
    /** Arguments after the tensors. @internal */ readonly args: readonly unknown[],
  ) {
    this.keeps = op.saves;
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
    // A number in the place of the second tensor has no node.
    const tensors = this.inputs.length === 2 ? this.inputs.filter((i) => !i.isNumber) : this.inputs;
    return tensors.map(({ next, output }) => [next, output] as const);
  }

  /** The leaf whose gradient an `AccumulateGrad` node collects; `null` for every other node. */
  get variable(): Tensor | null {
    return this.op.name === ACCUMULATE ? this.output : null;
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
    ownership.pin(this);
    this.op.describeSaved(this, found);
    return found;
  }

  /** The memory that it saves for its backward step: that of tensors, and positions of an index. @internal */
  get kept(): ArrayLike<number>[] {
    const values = [...this.inputs, ...(this.outputs ?? [])].map(({ value }): unknown => value);
    const saved = Object.values(this.saved);
    const inside = saved.flatMap((x) =>
      typeof x === 'object' && x !== null && !(x instanceof Tensor) ? Object.values(x) : [],
    );
    return [...values, this.output, ...saved, ...inside].flatMap((x) =>
      x instanceof Tensor ? [x.memory] : x instanceof Int32Array ? [x] : [],
    );
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

  toString(): string {
    return `<${this.name}>`;
  }

  /** The output of Node's `console.log` and stock tslab: the name without the graph. @internal */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }

  /**
   * @throws {AutogradError} if a saved tensor has been freed, or modified in place since.
   * @internal
   */
  checkUsable(): void {
    if (this.freed)
      throw new AutogradError(
        `${this.name}: the values saved for the backward pass were freed by an earlier one; ` +
          'call the first backward with { retainGraph: true } to go through the graph a second time',
      );
    const { inputs } = this;
    for (let i = 0; i < inputs.length; i++) this.checkVersion(inputs[i].value, inputs[i].version);
    this.checkVersion(this.output, this.outputVersion);
    if (this.outputs !== null) for (const o of this.outputs) this.checkVersion(o.value, o.version);
  }

  /** @internal */
  checkVersion(kept: Kept, version: number): void {
    if (kept === null || typeof kept === 'number' || kept.version === version) return;
    throw new AutogradError(
      `${this.name}: a ${kept.dtype} tensor of shape [${kept.sizes.join(', ')}] that is needed for the gradient was ` +
        `modified in place: it is at version ${kept.version}, expected version ${version}; ` +
        'clone() it before modifying it, or use the operation that is not in place',
    );
  }

  /** Saves the only output; it replaces one that was saved before. @internal */
  saveOutput(y: Tensor): void {
    ownership.unsave(this.output);
    ownership.save(y);
    this.output = y;
    this.outputVersion = y.version;
  }

  /** Releases all saved tensors. @internal */
  free(): void {
    const { savesInPytorch } = this.op;
    this.freed = savesInPytorch === undefined ? this.op.saves : this.savesInPytorch(savesInPytorch);
    if (this.keeps) this.unsave();
    this.op.released?.(this);
  }

  private unsave(): void {
    ownership.unsave(this.output);
    this.output = null;
    // A plain number stays: it needs no memory, and the node's name may depend on it.
    const { inputs } = this;
    for (let i = 0; i < inputs.length; i++) {
      const input = inputs[i];
      if (typeof input.value === 'number') continue;
      ownership.unsave(input.value);
      input.value = null;
    }
    if (this.outputs !== null)
      for (const o of this.outputs) {
        ownership.unsave(o.value);
        o.value = null;
      }
  }

  private savesInPytorch(saves: NonNullable<Op['savesInPytorch']>): boolean {
    return saves(this, (i) => this.inputs[i].next !== null);
  }

  // The names by which rules read what was saved (see ops/table/rule.ts).
  /** @internal */ get x(): Kept {
    return this.read(0);
  }
  /** @internal */ get a(): Kept {
    return this.read(0);
  }
  /** @internal */ get b(): Kept {
    return this.read(1);
  }
  /** @internal */ get c(): Kept {
    return this.read(2);
  }
  /** @internal */ get xs(): Kept[] {
    return this.inputs.map((_, i) => this.read(i));
  }
  /** @internal */ get y(): Tensor {
    return this.output ?? this.unsaved('its result');
  }
  /** @internal */ get ys(): (Tensor | null)[] {
    return this.outputs!.map((o) => o.value);
  }

  private read(i: number): Kept {
    const input = this.inputs[i];
    return input.value === null && !input.isAbsent ? this.unsaved(`input ${i}`) : input.value;
  }

  private unsaved(what: string): never {
    throw new GradlabError(
      `${this.name}: the derivative reads ${what}, which the rule of ${this.op.name} does not save`,
    );
  }

  /** @internal */ get shape(): Shape {
    return this.inputs[0].shape;
  }
  /** @internal */ get shapeB(): Shape {
    return this.inputs[1].shape;
  }
  /** @internal */ get shapes(): Shape[] {
    return this.inputs.map((i) => i.shape);
  }
  /** @internal */ get dtype(): Dtype {
    return this.inputs[0].dtype;
  }
  /** @internal */ get isNumber(): boolean[] {
    return this.inputs.map((i) => i.isNumber);
  }
}

/** A tensor that an operation was computed from, as its backward step needs it. */
export class Input {
  constructor(
    /** The tensor itself if a derivative reads it; or the plain number in its place. */
    public value: Kept,
    /** The node that receives its gradient; `null` if none is wanted. */
    readonly next: Node | null,
    readonly output: number,
    readonly version: number,
    /** Its gradient must have this shape and dtype. */
    readonly shape: Shape,
    readonly dtype: Dtype,
    /** Which of the operation's derivatives is its: the tensors of a list share one. */
    readonly rule: number,
  ) {}

  get isNumber(): boolean {
    return typeof this.value === 'number';
  }

  /** Whether it is optional and was left out, as against a tensor that was not kept. */
  get isAbsent(): boolean {
    return this.value === null && this.shape === NO_SHAPE;
  }
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
