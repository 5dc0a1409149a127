import { AutogradError } from '../errors';
import { checkCanRequireGrad } from '../tensor/creation';
import { Tensor, viewWith } from '../tensor/tensor';
import { type BackwardOptions, runBackward, startingGradients } from './backward';
import { edge, wantsGrad } from './history';
import { ACCUMULATE, type GradHook, type Node } from './node';

/** What automatic differentiation adds to every tensor. */
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
  /** Whether `backward()` keeps the gradient of this non-leaf (`torch.Tensor.retains_grad`). */
  readonly retainsGrad: boolean;
  /** Sets `requiresGrad` and returns the tensor (`torch.Tensor.requires_grad_`). */
  requiresGrad_(requiresGrad?: boolean): Tensor;
  /**
   * Computes the gradient of this tensor with respect to every leaf it was computed from and adds it to their `grad`
   * (`torch.Tensor.backward`). `gradient` is the gradient to start from; a single number starts from 1.
   * @throws {AutogradError} if there is no graph, or it has been freed by an earlier pass.
   */
  backward(gradient?: Tensor | null, options?: BackwardOptions): void;
  /** The same elements without history, sharing memory (`torch.Tensor.detach`). */
  detach(): Tensor;
  /** Makes `backward()` keep the gradient of this non-leaf in `grad` (`torch.Tensor.retain_grad`). */
  retainGrad(): void;
  /**
   * Calls `hook` with the gradient of this tensor during `backward()`; what it returns, if anything, replaces the
   * gradient (`torch.Tensor.register_hook`). Returns a function that removes the hook.
   */
  registerHook(hook: GradHook): () => void;
}

const methods: Pick<AutogradMethods, 'requiresGrad_' | 'backward' | 'detach' | 'retainGrad' | 'registerHook'> = {
  requiresGrad_(this: Tensor, requiresGrad = true) {
    this.requiresGrad = requiresGrad;
    return this;
  },

  backward(this: Tensor, gradient?: Tensor | null, options: BackwardOptions = {}) {
    runBackward([this], startingGradients('backward', [this], [gradient]), options);
  },

  detach(this: Tensor) {
    return viewWith(this, this, false);
  },

  retainGrad(this: Tensor) {
    if (!wantsGrad(this)) throw new AutogradError('retainGrad: this tensor does not require a gradient');
    if (this.isLeaf || this.retainsGrad) return;
    const node = edge(this)!;
    node.hooks ??= [];
    node.hooks.push({ output: this.output, hook: keeper(this) });
  },

  registerHook(this: Tensor, hook: GradHook) {
    const node = edge(this);
    if (node === null)
      throw new AutogradError(
        'registerHook: this tensor does not require a gradient, so the hook would never be called',
      );
    const entry = { output: this.output, hook };
    node.hooks ??= [];
    // A kept gradient is the one after all hooks, whichever was registered first.
    const kept = node.hooks.findIndex((h) => keepers.has(h.hook) && h.output === entry.output);
    node.hooks.splice(kept < 0 ? node.hooks.length : kept, 0, entry);
    return () => {
      node.hooks = node.hooks?.filter((h) => h !== entry) ?? null;
    };
  },
};

/** Hooks made by `retainGrad`. */
const keepers = new WeakSet<GradHook>();

function keeper(t: Tensor): GradHook {
  const hook: GradHook = (grad) => {
    t.grad = t.grad === null ? grad.clone() : t.grad.add(grad);
  };
  keepers.add(hook);
  return hook;
}

Object.assign(Tensor.prototype, methods);

Object.defineProperties(Tensor.prototype, {
  requiresGrad: {
    get(this: Tensor) {
      return wantsGrad(this);
    },
    set(this: Tensor, wanted: boolean) {
      if (wanted) checkCanRequireGrad('requiresGrad', this.dtype);
      if (!this.isLeaf && !wanted)
        throw new AutogradError(
          'requiresGrad: only leaves can be switched off; use detach() for a tensor without history',
        );
      this.tracked = wanted || !this.isLeaf;
    },
  },
  isLeaf: {
    get(this: Tensor) {
      return this.gradFn === null;
    },
  },
  gradFn: {
    get(this: Tensor): Node | null {
      wantsGrad(this);
      return this.node === null || this.node.op.name === ACCUMULATE ? null : this.node;
    },
  },
  retainsGrad: {
    get(this: Tensor) {
      return this.node?.hooks?.some((h) => h.output === this.output && keepers.has(h.hook)) ?? false;
    },
  },
});
