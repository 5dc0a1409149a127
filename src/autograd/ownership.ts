// Ownership: whose memory it is, and when it serves again.
import { batching } from '../tensor/batched';
import { recycle } from '../tensor/memory';
import type { Tensor } from '../tensor/tensor';
import type { Kept, Node } from './node';

/** What is counted in a tensor's `held`: that it is claimed, and each node that has saved it. */
const claimed = 1;
const saved = 2;

/** What a prototype held when it was {@link Ownership.guard | guarded}. */
interface Guarded {
  readonly prototype: object;
  readonly values: readonly (readonly [key: PropertyKey, value: unknown])[];
}

/**
 * Decides who may write to memory, and is the only one that hands it on: to the next tensor of its size, or to the tape,
 * which adds to a gradient in place.
 *
 * The invariant: memory is written to or handed on only while its tensor is *claimed*, and a tensor is claimed only
 * - if the library has just made it, with nothing of anybody else's having run meanwhile (no hook, no rule of a user's
 *   operation, no method that somebody has replaced), so that the tape alone holds it;
 * - as long as it has been shared with nobody: a hook, a program that asks for what is saved, a gradient that is handed
 *   out, or one that is a view of it;
 * and it is handed on only when no node has it saved: neither one of the graph that it belongs to, nor one of a derivative
 * that was recorded.
 *
 * Who is in doubt does not claim, or shares: that costs the making of an array, and never a number. What this relies on is
 * that the rules of the op table keep nothing that they give, and that the language's own objects are as they were.
 */
class Ownership {
  /** Whether every guarded method was the library's own when it was last looked at: another may keep what it is given. */
  private isTrusted = true;
  private readonly guarded: Guarded[] = [];
  /** Compares every guarded method; made when first asked for. */
  private compare: (() => boolean) | null = null;

  /** Has the methods of a prototype watched, which are the library's as they are now. */
  guard(prototype: object): void {
    if (this.guarded.some((other) => other.prototype === prototype)) return;
    const values = Reflect.ownKeys(prototype).flatMap((key) => {
      const described = Object.getOwnPropertyDescriptor(prototype, key)!;
      return 'value' in described ? [[key, described.value] as const] : [];
    });
    this.guarded.push({ prototype, values });
    this.compare = null;
  }

  /** Looks whether what is guarded is as it was; to be called when code of somebody else's may have run. */
  look(): boolean {
    this.compare ??= comparing(this.guarded);
    // What stands for all examples is a mark on memory that others may have.
    this.isTrusted = batching.carried === 0 && this.compare();
    return this.isTrusted;
  }

  /** Whether it was when last looked at. */
  get trusts(): boolean {
    return this.isTrusted;
  }

  /**
   * Claims a tensor that the library has made after `made` tensors, if it was not an older one, nor a view; gives whether it is
   * claimed. Not of one who records what it comes from.
   */
  claim(x: Tensor, made: number): boolean {
    if (x.birth <= made || x.owner !== null || !this.isTrusted) return false;
    x.held |= claimed;
    return true;
  }

  /**
   * Claims `x`, an input of what `y` is, for the graph alone: its memory serves again when no node needs it. Of one who knows
   * that nobody else holds it.
   */
  giveUp(x: Tensor, y: Tensor): void {
    // A view, or what `y` is a view of, has its memory in common with something else.
    if (x.memory === y.memory || x.owner !== null || !this.isTrusted) return;
    x.held |= claimed;
    if (!x.tracked) {
      // What has gone on to a node may be needed for another's gradient.
      if (!y.tracked) this.release(x);
    } else if (this.mayWrite(x))
      this.release(x); // no node has saved it
    else if (x.node !== null) x.node.transient = x;
  }

  /** Whether the tape may write to `x`, of which nobody will know. */
  mayWrite(x: Tensor): boolean {
    return x.held === claimed && this.isTrusted;
  }

  /** Somebody else may reach `x` from now on. */
  share(x: Tensor): void {
    x.held &= ~claimed;
    if (x.owner !== null) x.owner.held &= ~claimed;
  }

  /** Somebody else may reach what a node has saved, from now on. */
  pin(node: Node): void {
    for (const { value } of node.inputs) this.shareKept(value);
    if (node.output !== null) this.share(node.output);
    if (node.outputs !== null) for (const { value } of node.outputs) this.shareKept(value);
  }

  private shareKept(value: Kept): void {
    if (value !== null && typeof value !== 'number') this.share(value);
  }

  /** A node saves `x`. */
  save(x: Tensor): void {
    (x.owner ?? x).held += saved;
  }

  /** A node that has saved something lets go of it. */
  unsave(value: Kept): void {
    if (value !== null && typeof value !== 'number') (value.owner ?? value).held -= saved;
  }

  /** The tape has no more use for `x`: if it is claimed, and nothing needs it, its memory serves again. */
  release(x: Tensor): void {
    if (!this.mayWrite(x)) return;
    // First, since an interrupt may come anywhere, and memory must not be handed on twice.
    x.held &= ~claimed;
    recycle(x.memory);
  }
}

/**
 * A function that compares each method with what it was, one after the other by its name. V8 finds that all of it is constant,
 * and that leaves five nanoseconds; a loop over a list of names takes 13 microseconds.
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
