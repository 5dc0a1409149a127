import type { Node } from './node';

/** Binary heap that gives the latest node first. @internal */
export class NodeQueue {
  private readonly heap: Node[] = [];

  push(node: Node): void {
    const { heap } = this;
    let i = heap.length;
    heap.push(node);
    while (i > 0) {
      const parent = (i - 1) >> 1;
      if (heap[parent].order >= node.order) break;
      heap[i] = heap[parent];
      i = parent;
    }
    heap[i] = node;
  }

  pop(): Node | null {
    const { heap } = this;
    const last = heap.pop();
    if (last === undefined) return null;
    if (heap.length === 0) return last;
    const top = heap[0];
    let i = 0;
    for (;;) {
      let child = 2 * i + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && heap[child + 1].order > heap[child].order) child++;
      if (heap[child].order <= last.order) break;
      heap[i] = heap[child];
      i = child;
    }
    heap[i] = last;
    return top;
  }
}
