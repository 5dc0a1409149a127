/** Longest text and most elements of a list in a description. */
const [MOST_LETTERS, MOST_ELEMENTS] = [80, 8];

/**
 * Describes any value briefly, for messages: a string in quotes, the elements of a list, dtype and shape of a tensor, the
 * class of a module or an object. Lists may be cyclic.
 * @internal
 */
export function describe(value: unknown): string {
  return Array.isArray(value) ? listed(value) : ofOne(value);
}

function ofOne(value: unknown): string {
  if (typeof value === 'string') return quoted(value);
  if (typeof value === 'bigint') return `${value}n`;
  if (Array.isArray(value)) return 'an array';
  if (value === null || (typeof value !== 'object' && typeof value !== 'function')) return String(value);
  try {
    return typeof value === 'function' ? ofFunction(value) : ofObject(value);
  } catch {
    return 'an object'; // a proxy, or a getter that throws
  }
}

/** Describes a value that was given instead of a tensor, for messages. @internal */
export const noTensor = (value: unknown): string =>
  Array.isArray(value) ? 'an array (make it a tensor with tensor(…))' : describe(value);

function quoted(text: string): string {
  const cut = text.length > MOST_LETTERS ? `${text.slice(0, MOST_LETTERS - 1)}…` : text;
  return `'${JSON.stringify(cut).slice(1, -1).replaceAll('\\"', '"')}'`;
}

function listed(values: readonly unknown[]): string {
  const texts = Array.from(values.slice(0, MOST_ELEMENTS), ofOne);
  const more = values.length > MOST_ELEMENTS ? [`… ${values.length} elements`] : [];
  return `[${[...texts, ...more].join(', ')}]`;
}

function ofFunction(value: object): string {
  // A module is callable.
  if ('forward' in value) return `a module ${value.constructor.name}`;
  const isClass = /^class\b/.test(Function.prototype.toString.call(value));
  return isClass ? `the class ${(value as { name?: string }).name}` : 'a function';
}

function ofObject(value: object): string {
  if ('tolist' in value) return ofTensor(value as unknown as TensorLike);
  if (ArrayBuffer.isView(value) && 'length' in value)
    return `${article(value.constructor.name)} of length ${value.length}`;
  if (value instanceof Promise) return 'a promise';
  const name: unknown = Object.getPrototypeOf(value)?.constructor.name;
  return typeof name === 'string' && name !== 'Object' && name !== '' ? `an object of class ${name}` : 'an object';
}

const article = (name: string) => `${name.startsWith('Int') ? 'an' : 'a'} ${name}`;

/** What a description reads of a tensor, ours or another library's. */
interface TensorLike {
  readonly dtype?: string;
  readonly sizes?: readonly number[];
  readonly shape: readonly number[];
}

const ofTensor = ({ dtype, shape, sizes = shape }: TensorLike) =>
  `a ${dtype ? `${dtype} ` : ''}tensor of shape [${sizes.join(', ')}]`;
