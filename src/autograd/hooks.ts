import { describe } from '../describe';
import { AutogradError, DtypeError, ShapeError, ValueError } from '../errors';
import { contiguousStride } from '../kernels/strides';
import { formatShape, sameShape } from '../tensor/shape';
import { Tensor } from '../tensor/tensor';
import type { Collected } from './collected';
import { ownership } from './ownership';

// A hook that changes no gradient returns nothing, whose type in TypeScript 5.0 is void.
/** Called with the gradient of a tensor; a returned tensor replaces it. */
// biome-ignore lint/suspicious/noConfusingVoidType: see above
export type GradHook = (grad: Tensor) => Tensor | undefined | void;
/** Called with a leaf whose `grad` has just been updated. */
export type PostAccumulateGradHook = (leaf: Tensor) => void;
/** Gradients of the outputs or inputs of an operation; `null` where there is none. */
export type Gradients = readonly (Tensor | null)[];
/** Called before a node runs, with the gradients of its outputs; returned gradients replace them. */
// biome-ignore lint/suspicious/noConfusingVoidType: see above
export type NodePreHook = (gradOutputs: Gradients) => Gradients | undefined | void;
/** Called after a node has run; returned gradients replace those of its inputs. */
// biome-ignore lint/suspicious/noConfusingVoidType: see above
export type NodeHook = (gradInputs: Gradients, gradOutputs: Gradients) => Gradients | undefined | void;

/** Removes a registered hook (`torch.utils.hooks.RemovableHandle`). */
export class RemovableHandle {
  private readonly takeOut: () => void;

  /** @internal */
  constructor(takeOut: () => void) {
    this.takeOut = takeOut;
  }

  /** Removes the hook; a second call has no effect. */
  remove(): void {
    this.takeOut();
  }
}

/**
 * A list of hooks, called in the order of registration. A hook may remove itself or others while the list is iterated.
 * @internal
 */
export class HookList<H> {
  private entries: { readonly hook: H }[] = [];

  get isEmpty(): boolean {
    return this.entries.length === 0;
  }

  add(hook: H): RemovableHandle {
    const called = (hook as { hook?: unknown } | null)?.hook ?? hook;
    if (typeof called !== 'function') throw new ValueError(`a hook must be a function, got ${describe(called)}`);
    const entry = { hook };
    this.entries = [...this.entries, entry];
    return new RemovableHandle(() => {
      this.entries = this.entries.filter((e) => e !== entry);
    });
  }

  addAll(others: HookList<H>): void {
    this.entries = [...this.entries, ...others.entries];
  }

  *[Symbol.iterator](): Iterator<H> {
    for (const { hook } of this.entries) yield hook;
  }
}

/** The hooks of a node, by the time at which they are called. @internal */
export class NodeHooks {
  /** With the gradient of one output. */
  readonly tensor = new HookList<{ readonly output: number; readonly hook: GradHook }>();
  readonly pre = new HookList<NodePreHook>();
  /** Tensors that keep their gradient, by output number. */
  readonly retaining = new Map<number, Tensor>();
  readonly accumulated = new HookList<PostAccumulateGradHook>();
  readonly post = new HookList<NodeHook>();
}

/**
 * Calls the hooks of tensors on their collected gradients. Then tensors with `retainGrad` get a copy.
 * @internal
 */
export function callTensorHooks(at: Collected, hooks: NodeHooks): void {
  for (const { output, hook } of hooks.tensor) {
    const grad = at.gradOf(output);
    if (grad === null) continue;
    ownership.share(grad);
    const replaced = hook(grad) ?? null;
    if (replaced !== null) at.setGrad(output, checked(grad, replaced));
  }
  for (const [output, tensor] of hooks.retaining) {
    const grad = at.gradOf(output);
    if (grad !== null)
      tensor.grad = tensor.grad === null ? grad.arranged(contiguousStride(grad.sizes)) : tensor.grad.add(grad);
  }
}

/** Calls the pre-hooks of a node on the gradients of its outputs. @internal */
export function callPreHooks(at: Collected, hooks: NodeHooks): void {
  for (const hook of hooks.pre) {
    const given = at.all;
    shareAll(given);
    const replaced = hook(given) ?? null;
    if (replaced !== null)
      checkedAll(at.all, replaced).forEach((grad, i) => {
        at.setGrad(i, grad);
      });
  }
}

/** Calls the post-hooks of a node. Returns the gradients of its inputs, replaced where a hook returned others. @internal */
export function callPostHooks(at: Collected, hooks: NodeHooks, gradInputs: Gradients): Gradients {
  let found = gradInputs;
  for (const hook of hooks.post) {
    const outputs = at.all;
    shareAll(found);
    shareAll(outputs);
    const replaced = hook(found, outputs) ?? null;
    if (replaced !== null) found = checkedAll(found, replaced);
  }
  return found;
}

/** A hook may have kept the gradients, so they are shared. */
function shareAll(grads: Gradients): void {
  for (const grad of grads) if (grad !== null) ownership.share(grad);
}

function checkedAll(before: Gradients, after: Gradients): Gradients {
  if (!Array.isArray(after))
    throw new ValueError(`hook: a hook of a node must return nothing or a list of gradients, got ${describe(after)}`);
  if (after.length !== before.length)
    throw new AutogradError(`hook: ${before.length} gradients were given, the hook returned ${after.length}`);
  return after.map((grad: Tensor | null, i) => {
    const given = before[i];
    if (grad !== null && given === null)
      throw new AutogradError(`hook: there is no gradient ${i} to replace; return null in its place`);
    return grad === null || given === null ? grad : checked(given, grad);
  });
}

function checked(given: Tensor, replaced: Tensor): Tensor {
  if (!(replaced instanceof Tensor))
    throw new ValueError(
      `hook: a hook must return nothing or a gradient, got ${describe(replaced)}; ` +
        'write (g) => { … } for one that only looks',
    );
  if (!sameShape(replaced.sizes, given.sizes))
    throw new ShapeError(
      `hook: the gradient has shape ${formatShape(given.sizes)}, the hook returned ${formatShape(replaced.sizes)}`,
    );
  if (replaced.dtype !== given.dtype)
    throw new DtypeError(`hook: the gradient is ${given.dtype}, the hook returned ${replaced.dtype}`);
  return replaced;
}
