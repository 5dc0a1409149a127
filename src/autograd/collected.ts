import type { Tensor } from '../tensor/tensor';
import type { Gradients } from './hooks';
import type { Node } from './node';
import { ownership } from './ownership';

/**
 * The gradients that one backward pass has collected for one node. They belong to the pass, because a hook or a derivative
 * may start another pass over the same node.
 * @internal
 */
export class Collected {
  /** The gradient of the output. */
  grad: Tensor | null = null;
  /** Gradients of each output, for operations with several. */
  grads: (Tensor | null)[] | null;

  constructor(
    public node: Node,
    /** The queue of the pass, which identifies it. */
    readonly pass: NodeQueue,
    /** The record of the enclosing pass for the same node. */
    public outer: Collected | null,
  ) {
    this.grads = gradsOf(node);
  }

  /** Reuses this object for another node. */
  reset(node: Node, outer: Collected | null): void {
    this.grad = null;
    this.node = node;
    this.outer = outer;
    this.grads = gradsOf(node);
  }

  gradOf(output: number): Tensor | null {
    return this.grads === null ? this.grad : this.grads[output];
  }

  setGrad(output: number, grad: Tensor | null): void {
    if (this.grads === null) this.grad = grad;
    else this.grads[output] = grad;
  }

  /** The gradients of all outputs. */
  get all(): Gradients {
    return this.grads?.slice() ?? [this.grad];
  }

  /** Whether this node runs before another. */
  isLaterThan(other: Collected): boolean {
    return this.node.order > other.node.order;
  }
}

const gradsOf = ({ outputs }: Node) => (outputs === null ? null : new Array<Tensor | null>(outputs.length).fill(null));

/** A priority queue of the nodes that a pass has yet to visit, latest first. @internal */
export class NodeQueue {
  /** The latest: a chain of operations needs no more. */
  private first: Collected | null = null;
  /** The others, as a binary heap. */
  private readonly heap: Collected[] = [];
  /** A finished record, reused for the next node. */
  private spare: Collected | null = null;

  /** Returns this pass's record for `node`, and queues the node if necessary. */
  at(node: Node): Collected {
    const found = node.collected;
    if (found !== null && found.pass === this) return found;
    let made = this.spare;
    if (made === null) made = new Collected(node, this, found);
    else {
      this.spare = null;
      made.reset(node, found);
    }
    node.collected = made;
    const { first } = this;
    if (first === null) this.first = made;
    else if (made.isLaterThan(first)) {
      this.first = made;
      this.push(first);
    } else this.push(made);
    return made;
  }

  /** Releases a record that {@link pop} returned. */
  release(at: Collected): void {
    this.spare = at;
  }

  /** The gradient that this pass has collected for `node`, if it may be written to. */
  claimed({ collected }: Node): Tensor | null {
    if (collected?.pass !== this || collected.grad === null) return null;
    return ownership.mayWrite(collected.grad) ? collected.grad : null;
  }

  /** Removes and returns the record of the latest node. */
  pop(): Collected | null {
    const { first } = this;
    if (first === null) return null;
    this.first = this.heap.length === 0 ? null : this.top();
    first.node.collected = first.outer;
    return first;
  }

  private push(item: Collected): void {
    const { heap } = this;
    let i = heap.length;
    heap.push(item);
    while (i > 0) {
      const parent = (i - 1) >> 1;
      if (!item.isLaterThan(heap[parent])) break;
      heap[i] = heap[parent];
      i = parent;
    }
    heap[i] = item;
  }

  /** Removes and returns the top of the heap, which must not be empty. */
  private top(): Collected {
    const { heap } = this;
    const last = heap.pop()!;
    if (heap.length === 0) return last;
    const top = heap[0];
    this.sink(last);
    return top;
  }

  /** Replaces the top by `item` and restores the heap order. */
  private sink(item: Collected): void {
    const { heap } = this;
    let i = 0;
    for (;;) {
      let child = 2 * i + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && heap[child + 1].isLaterThan(heap[child])) child++;
      if (!heap[child].isLaterThan(item)) break;
      heap[i] = heap[child];
      i = child;
    }
    heap[i] = item;
  }
}
