import { ValueError } from '../errors';
import { Tensor } from '../tensor/tensor';

/** Tensors in lists and records, of any depth. */
export type TensorTree = Tensor | readonly TensorTree[] | { readonly [name: string]: TensorTree };

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;

/** Whether something is a list or record, whose parts are looked at. */
export const isBranch = (value: unknown): value is readonly unknown[] | Record<string, unknown> =>
  Array.isArray(value) || isRecord(value);

/** Lists and objects in one another; one that is in itself would have no end. */
const deepest = 1000;

/** The same tree with `change` of everything that is no list or record. */
export function mapTree(tree: unknown, change: (leaf: unknown) => unknown, depth = 0): unknown {
  if (depth > deepest)
    throw new ValueError(`lists and objects in one another, ${deepest} deep: is one of them in itself?`);
  if (Array.isArray(tree)) return tree.map((value) => mapTree(value, change, depth + 1));
  if (isRecord(tree))
    return Object.fromEntries(Object.entries(tree).map(([name, value]) => [name, mapTree(value, change, depth + 1)]));
  return change(tree);
}

/** The tensors of a tree, from left to right. */
export function tensorsIn(tree: unknown): Tensor[] {
  const found: Tensor[] = [];
  mapTree(tree, (leaf) => {
    if (leaf instanceof Tensor) found.push(leaf);
    return leaf;
  });
  return found;
}

/** The results of a function, from left to right. @throws {ValueError} unless they are tensors, or lists and records of them. */
export function outputsOf(op: string, value: TensorTree): Tensor[] {
  mapTree(value, (y) => {
    if (!(y instanceof Tensor))
      throw new ValueError(`${op}: the function must give tensors, or lists and records of them; got ${typeof y}`);
  });
  return tensorsIn(value);
}
