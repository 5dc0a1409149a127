import { describe } from '../describe';
import { ShapeError, ValueError } from '../errors';
import { checkDepth } from '../nested-values';
import { stack } from '../ops/functions';
import { tensor } from '../tensor/creation';
import { Tensor } from '../tensor/tensor';

/** The typed arrays that become rows of a tensor. */
export type Row = Float32Array | Float64Array | Int32Array | Uint8Array;

/**
 * The batch that {@link defaultCollate} makes of items of type `T`. Tensors, numbers and booleans become a tensor with a
 * leading dimension for the items, strings a list; lists and objects are collated member by member.
 */
export type Collated<T> = T extends Tensor | number | boolean | Row
  ? Tensor
  : T extends string
    ? string[]
    : T extends readonly unknown[] | object
      ? { -readonly [K in keyof T]: Collated<T[K]> }
      : never;

/**
 * One batch from a list of items (`torch.utils.data.default_collate`). Tensors and typed arrays are stacked in their dtype.
 * Numbers become `float32`, as in `tensor([1, 2])`, booleans `bool`; strings stay a list. Lists and objects are collated member
 * by member. The dtype follows from the kind of value at a position, never from the numbers of one batch: a class number, a
 * regression target and a 0 or 1 for `BCELoss` go into their losses unchanged. For whole numbers beyond 2²⁴, or indices of an
 * embedding, use tensors or typed arrays.
 * @example
 * data.defaultCollate([[tensor([1, 2]), 0], [tensor([3, 4]), 1]]) // [tensor([[1., 2.], [3., 4.]]), tensor([0., 1.])]
 * @throws {ShapeError} if tensors differ in shape; {@link ValueError} if items differ in length, names or kind, or cannot be
 * collated.
 */
export function defaultCollate<T>(items: readonly T[]): Collated<T> {
  if (!Array.isArray(items)) throw new ValueError(`defaultCollate: needs a list of items, got ${describe(items)}`);
  return collate(items) as Collated<T>;
}

function collate(items: readonly unknown[], depth = 0): unknown {
  const [first] = items;
  checkDepth('defaultCollate', depth);
  if (items.length === 0) throw new ValueError('defaultCollate: there are no items to make a batch of');
  if (isTensor(first)) return stacked(all(items, isTensor));
  if (isRow(first)) return stacked(all(items, isRow).map((row) => tensor(row)));
  if (isNumber(first)) return tensor(all(items, isNumber));
  if (isBoolean(first)) return tensor(all(items, isBoolean));
  if (isString(first)) return all(items, isString);
  if (isList(first)) return columns(all(items, isList), depth);
  if (isRecord(first)) return byName(all(items, isRecord), depth);
  throw new ValueError(
    `defaultCollate: cannot make a batch of ${describe(first)}; items hold tensors, numbers, booleans, strings, and ` +
      'lists and objects of these; for others pass a collateFn',
  );
}

/** @throws {ValueError} unless all items are of one kind. */
function all<V>(items: readonly unknown[], is: (value: unknown) => value is V): V[] {
  const other = items.find((item) => !is(item));
  if (other === undefined && items.every(is)) return [...items];
  throw new ValueError(
    `defaultCollate: items of one batch differ in kind: ${describe(items[0])} and ${describe(other)}`,
  );
}

const isTensor = (value: unknown): value is Tensor => value instanceof Tensor;
const isNumber = (value: unknown): value is number => typeof value === 'number';
const isBoolean = (value: unknown): value is boolean => typeof value === 'boolean';
const isString = (value: unknown): value is string => typeof value === 'string';
const isRow = (value: unknown): value is Row => ArrayBuffer.isView(value) && !(value instanceof DataView);
const isList = (value: unknown): value is readonly unknown[] => Array.isArray(value);
const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !isTensor(value) && !isList(value) && !isRow(value);

function stacked(items: readonly Tensor[]): Tensor {
  const { shape } = items[0];
  const other = items.find((x) => x.shape.join() !== shape.join());
  if (other !== undefined)
    throw new ShapeError(
      `defaultCollate: tensors of one batch have shapes [${shape.join(', ')}] and [${other.shape.join(', ')}]; ` +
        'make them equal, or pass a collateFn that pads them',
    );
  return stack([...items]);
}

function columns(items: readonly (readonly unknown[])[], depth: number): unknown[] {
  const { length } = items[0];
  const other = items.find((item) => item.length !== length);
  if (other !== undefined)
    throw new ValueError(`defaultCollate: items of one batch are lists of ${length} and of ${other.length} values`);
  return Array.from({ length }, (_, k) =>
    collate(
      items.map((item) => item[k]),
      depth + 1,
    ),
  );
}

function byName(items: readonly Record<string, unknown>[], depth: number): Record<string, unknown> {
  const names = Object.keys(items[0]);
  const missing = names.find((name) => !items.every((item) => name in item));
  if (missing !== undefined) throw new ValueError(`defaultCollate: an item of the batch has no ${missing}`);
  return Object.fromEntries(
    names.map((name) => [
      name,
      collate(
        items.map((item) => item[name]),
        depth + 1,
      ),
    ]),
  );
}
