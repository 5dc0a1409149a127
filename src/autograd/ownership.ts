// Ownership: who may write to a tensor's memory, and when it may be reused.
import { batching } from '../tensor/batched';
import { recycle } from '../tensor/memory';
import type { Tensor } from '../tensor/tensor';
import type { Kept, Node } from './node';

/** The two counts in a tensor's `held`: a flag for *claimed*, and one unit per node that saved it. */
const claimed = 1;
const saved = 2;

/** The members of a prototype when it was {@link Ownership.guard | guarded}. */
interface Guarded {
  readonly prototype: object;
  readonly values: readonly (readonly [key: PropertyKey, value: unknown])[];
}

/**
 * Decides who may write to memory. It alone releases memory: to the next tensor of its size, or to the tape, which then adds
 * to a gradient in place.
 *
 * The invariant: memory is written to or released only while its tensor is *claimed*. A tensor is claimed only
 * - if the library has just made it and no foreign code has run since (a hook, a rule of a user's operation, a replaced
 *   method), so that only the tape refers to it;
 * - until it is shared: with a hook, with a program that reads saved tensors, as a returned gradient, or by a view.
 * It is released only when no node has saved it: neither a node of its own graph, nor one of a recorded derivative.
 *
 * In doubt, do not claim, or share: that costs an allocation, never a wrong number. This relies on two assumptions: rules of
 * the op table keep no reference to their results, and the language's own objects are unmodified.
 */
class Ownership {
  /** Whether every guarded method was the library's own at the last check. A replaced method may keep its arguments. */
  private isTrusted = true;
  private readonly guarded: Guarded[] = [];
  /** Compares every guarded method; built on first use. */
  private compare: (() => boolean) | null = null;

  /** Guards the methods of a prototype; the current ones count as the library's own. */
  guard(prototype: object): void {
    if (this.guarded.some((other) => other.prototype === prototype)) return;
    const values = Reflect.ownKeys(prototype).flatMap((key) => {
      const described = Object.getOwnPropertyDescriptor(prototype, key)!;
      return 'value' in described ? [[key, described.value] as const] : [];
    });
    this.guarded.push({ prototype, values });
    this.compare = null;
  }

  /** Checks that the guarded methods are unmodified. Call it after foreign code may have run. */
  look(): boolean {
    this.compare ??= comparing(this.guarded);
    // A batched tensor refers to memory that others may share.
    this.isTrusted = batching.carried === 0 && this.compare();
    return this.isTrusted;
  }

  /** The result of the last check. */
  get trusts(): boolean {
    return this.isTrusted;
  }

  /**
   * Claims a tensor that the library has just made, unless it is a view or was made before the count `made`. Returns whether it is
   * claimed. Do not call it while recording.
   */
  claim(x: Tensor, made: number): boolean {
    if (x.birth <= made || x.owner !== null || !this.isTrusted) return false;
    x.held |= claimed;
    return true;
  }

  /**
   * Claims `x`, an input of the operation that made `y`, for the graph: its memory is reused when no node needs it. The caller
   * must hold the only other reference.
   */
  giveUp(x: Tensor, y: Tensor): void {
    // Views share their memory.
    if (x.memory === y.memory || x.owner !== null || !this.isTrusted) return;
    x.held |= claimed;
    if (!x.tracked) {
      // If `y` is recorded, its node may need `x` for the gradient of another input.
      if (!y.tracked) this.release(x);
    } else if (this.mayWrite(x))
      this.release(x); // no node has saved it
    else if (x.node !== null) x.node.transient = x;
  }

  /** Whether the tape may write to `x`: no program can observe it. */
  mayWrite(x: Tensor): boolean {
    return x.held === claimed && this.isTrusted;
  }

  /** Marks `x` as shared: other code may refer to it from now on. */
  share(x: Tensor): void {
    x.held &= ~claimed;
    if (x.owner !== null) x.owner.held &= ~claimed;
  }

  /** Marks all saved tensors of a node as shared. */
  pin(node: Node): void {
    for (const { value } of node.inputs) this.shareKept(value);
    if (node.output !== null) this.share(node.output);
    if (node.outputs !== null) for (const { value } of node.outputs) this.shareKept(value);
  }

  private shareKept(value: Kept): void {
    if (value !== null && typeof value !== 'number') this.share(value);
  }

  /** Counts a node that saves `x`. */
  save(x: Tensor): void {
    (x.owner ?? x).held += saved;
  }

  /** Removes the count of a node that no longer saves `value`. */
  unsave(value: Kept): void {
    if (value !== null && typeof value !== 'number') (value.owner ?? value).held -= saved;
  }

  /** Releases `x` after its last use by the tape, if it is claimed and no node has saved it. */
  release(x: Tensor): void {
    if (!this.mayWrite(x)) return;
    // Before recycling: an interrupt may come anywhere, and memory must not be released twice.
    x.held &= ~claimed;
    recycle(x.memory);
  }
}

/**
 * Generates a function that compares each method, by name, with its original. V8 treats all of it as constant, so a call takes
 * five nanoseconds; a loop over a list of names takes 13 microseconds.
 */
function comparing(guarded: readonly Guarded[]): () => boolean {
  const constants: string[] = [];
  const comparisons: string[] = [];
  const given: unknown[] = [];
  const constant = (value: unknown) => {
    const name = `c${given.push(value) - 1}`;
    constants.push(name);
    return name;
  };
  for (const { prototype, values } of guarded) {
    const object = constant(prototype);
    for (const [key, value] of values) {
      const property = typeof key === 'symbol' ? constant(key) : JSON.stringify(key);
      comparisons.push(`${object}[${property}] === ${constant(value)}`);
    }
  }
  const text = `const [${constants.join()}] = given; return () => ${comparisons.join(' && ') || 'true'};`;
  return new Function('given', text)(given) as () => boolean;
}

export const ownership: Ownership = new Ownership();
