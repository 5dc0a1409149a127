import { AutogradError, ValueError } from '../errors';
import * as names from '../option-names';
import { checkOptions, checkSwitch } from '../options';
import { checkCanRequireGrad } from '../tensor/creation';
import { refuseWrites, Tensor, viewWith } from '../tensor/tensor';
import { type BackwardOptions, backwardFrom } from './grad';
import { edge, wantsGrad } from './history';
import type { GradHook, PostAccumulateGradHook, RemovableHandle } from './hooks';
import { ACCUMULATE, type Node } from './node';

/** The methods that automatic differentiation adds to every tensor. */
export interface AutogradMethods {
  /**
   * Whether `backward()` computes a gradient with respect to this tensor (`torch.Tensor.requires_grad`). Set it on
   * leaves; results require a gradient if anything they were computed from does.
   */
  requiresGrad: boolean;
  /** Whether this tensor was made by the user and not by a recorded operation (`torch.Tensor.is_leaf`). */
  readonly isLeaf: boolean;
  /** The node of the operation that made this tensor; `null` for a leaf (`torch.Tensor.grad_fn`). */
  readonly gradFn: Node | null;
  /** Which output of the operation this tensor is; 0 for a leaf (`torch.Tensor.output_nr`). */
  readonly outputNr: number;
  /** Whether `backward()` keeps the gradient of this non-leaf (`torch.Tensor.retains_grad`). */
  readonly retainsGrad: boolean;
  /** Sets `requiresGrad` and returns the tensor (`torch.Tensor.requires_grad_`). */
  requiresGrad_(requiresGrad?: boolean): Tensor;
  /**
   * Computes the gradient of this tensor with respect to every leaf it was computed from and adds it to their `grad`
   * (`torch.Tensor.backward`). `gradient`, of this tensor's shape, is the gradient to start from; a single number starts
   * from 1. The options may come first: `y.backward({ retainGraph: true })`.
   * @throws {AutogradError} if there is no graph, it has been freed by an earlier pass, or there is no gradient to start
   *   from; {@link ShapeError} for one of another shape; {@link ValueError} for an empty list of `inputs`.
   */
  backward(gradient?: Tensor | null, options?: BackwardOptions): void;
  backward(options: BackwardOptions): void;
  /** The same elements without history, sharing memory (`torch.Tensor.detach`). */
  detach(): Tensor;
  /**
   * Forgets the history of this tensor, which becomes a leaf that requires no gradient (`torch.Tensor.detach_`).
   * @throws {AutogradError} for a view.
   */
  detach_(): Tensor;
  /**
   * Makes `backward()` keep the gradient of this non-leaf in `grad` (`torch.Tensor.retain_grad`), as it is after all
   * hooks, and after later changes of this tensor in place. Leaves always keep theirs.
   * @throws {AutogradError} if this tensor does not require a gradient.
   */
  retainGrad(): void;
  /**
   * Calls `hook` with the gradient of this tensor during `backward()`; what it returns, if anything, replaces the
   * gradient (`torch.Tensor.register_hook`). Hooks are called in the order in which they were registered. One that is
   * registered before a change in place sees the gradient of the value before it.
   * @throws {AutogradError} if this tensor does not require a gradient. In `backward()`: {@link ShapeError} or
   *   {@link DtypeError} if what the hook returns is of another shape or dtype.
   */
  registerHook(hook: GradHook): RemovableHandle;
  /**
   * Calls `hook` with this leaf each time `backward()` has added to its `grad`
   * (`torch.Tensor.register_post_accumulate_grad_hook`).
   * @throws {AutogradError} if this tensor does not require a gradient, or is not a leaf.
   */
  registerPostAccumulateGradHook(hook: PostAccumulateGradHook): RemovableHandle;
}

/** @throws {AutogradError} if no gradient of `t` is ever computed. */
function nodeFor(op: string, t: Tensor): Node {
  const node = edge(t, op);
  if (node === null)
    throw new AutogradError(`${op}: this tensor does not require a gradient, so the hook would never be called`);
  return node;
}

type Methods = {
  [K in keyof AutogradMethods as AutogradMethods[K] extends (...args: never[]) => unknown
    ? K
    : never]: AutogradMethods[K];
};

const methods: Methods & ThisType<Tensor> = {
  requiresGrad_(requiresGrad = true) {
    this.requiresGrad = requiresGrad;
    return this as Tensor;
  },

  backward(gradient?: Tensor | BackwardOptions | null, options?: BackwardOptions) {
    const isLast = typeof gradient === 'object' && gradient !== null && !(gradient instanceof Tensor);
    const given = isLast ? gradient : (options ?? {});
    if (isLast && options !== undefined)
      throw new ValueError('backward: the gradient to start from must be a tensor or null, got an object');
    checkOptions('backward', isLast ? given : options, names.BackwardOptions);
    backwardFrom([this as Tensor], [isLast ? null : gradient], given);
  },

  detach() {
    return viewWith(this as Tensor, this, false);
  },

  detach_() {
    if (this.viewOf !== null)
      throw new AutogradError('detach_: a view cannot be detached in place from the history of its base; use detach()');
    this.tracked = false;
    this.node = null;
    this.output = 0;
    return this as Tensor;
  },

  retainGrad() {
    if (!wantsGrad(this)) throw new AutogradError('retainGrad: this tensor does not require a gradient');
    if (!this.isLeaf) edge(this, 'retainGrad')!.withHooks().retaining.set(this.output, this);
  },

  registerHook(hook) {
    return nodeFor('registerHook', this).withHooks().tensor.add({ output: this.output, hook });
  },

  registerPostAccumulateGradHook(hook) {
    const node = nodeFor('registerPostAccumulateGradHook', this);
    if (!this.isLeaf)
      throw new AutogradError(
        'registerPostAccumulateGradHook: only leaves accumulate gradients; use registerHook() for this result',
      );
    return node.withHooks().accumulated.add(hook);
  },
};

Object.assign(Tensor.prototype, methods);

Object.defineProperties(Tensor.prototype, {
  requiresGrad: {
    get(this: Tensor) {
      return wantsGrad(this);
    },
    set(this: Tensor, wanted: boolean) {
      checkSwitch('requiresGrad', wanted);
      if (wanted) checkCanRequireGrad('requiresGrad', this.dtype);
      if (!this.isLeaf && !wanted)
        throw new AutogradError(
          'requiresGrad: only leaves can be switched off; use detach() for a tensor without history',
        );
      this.tracked = wanted || !this.isLeaf;
    },
  },
  isLeaf: {
    configurable: true,
    get(this: Tensor) {
      return this.gradFn === null;
    },
  },
  gradFn: {
    configurable: true,
    get(this: Tensor): Node | null {
      wantsGrad(this);
      return this.node === null || this.node.op.name === ACCUMULATE ? null : this.node;
    },
  },
  outputNr: {
    configurable: true,
    get(this: Tensor) {
      return this.gradFn === null ? 0 : this.output;
    },
  },
  retainsGrad: {
    configurable: true,
    get(this: Tensor) {
      return this.node?.hooks?.retaining.get(this.output) === this;
    },
  },
});

refuseWrites(Tensor.prototype, {
  isLeaf: 'detach() gives a tensor without history, which is a leaf',
  gradFn: 'detach() gives a tensor without history',
  outputNr: 'the operation that made the tensor decides it',
  retainsGrad: 'call retainGrad()',
});
