/** Returns any value as text for messages. Objects may lack a prototype, and lists may be cyclic. @internal */
export function textOf(value: unknown, inList = false): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (Array.isArray(value)) return inList ? 'an array' : `[${Array.from(value, (v) => textOf(v, true)).join(', ')}]`;
  try {
    const text = String(value);
    return text.startsWith('[object ') ? 'an object' : text;
  } catch {
    return 'an object';
  }
}

/** Returns the kind of a value, for messages. @internal */
export function describe(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'object') return 'tolist' in value ? described(value as unknown as TensorLike) : 'an object';
  // A module is callable.
  if (typeof value === 'function') return 'forward' in value ? `a module ${value.constructor.name}` : 'function';
  return `${typeof value} ${textOf(value)}`;
}

/** Describes a value that was given instead of a tensor, for messages. @internal */
export const noTensor = (value: unknown): string =>
  Array.isArray(value) ? 'an array (make it a tensor with tensor(…))' : describe(value);

/** The text for a tensor in messages. */
interface TensorLike {
  readonly dtype: string;
  readonly sizes: readonly number[];
}

const described = ({ dtype, sizes: shape }: TensorLike) => `a ${dtype} tensor of shape [${shape.join(', ')}]`;
