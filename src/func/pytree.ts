import { describe } from '../describe';
import { ValueError } from '../errors';
import { mapNested } from '../nested-values';
import { Tensor } from '../tensor/tensor';

/** Tensors in lists and records, of any depth. */
export type TensorTree = Tensor | readonly TensorTree[] | { readonly [name: string]: TensorTree };

/** Returns the tree with `change` applied to every value that is not a list or record. */
export const mapTree = (tree: unknown, change: (leaf: unknown) => unknown): unknown => mapNested('', tree, change);

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
      throw new ValueError(`${op}: the function must return tensors, or lists and records of them; got ${describe(y)}`);
  });
  return tensorsIn(value);
}
