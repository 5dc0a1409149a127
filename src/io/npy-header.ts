// The beginning of an npy file: eight bytes of magic and version, the header's length, and a dict as Python prints it.
import { describe } from '../describe';
import { DtypeError, FormatError } from '../errors';
import type { Dtype } from '../tensor/dtype';
import { type Kind, kinds, type Layout } from './elements';
import { countOf } from './shape';

/** The content of the header of an npy file. */
export interface NpyHeader extends Layout {
  readonly isFortran: boolean;
  /** The number of elements. */
  readonly count: number;
  /** The offset of the first element. */
  readonly start: number;
}

/** Bytes from which the header's length is known. */
export const npyPrefix = 12;

/** NumPy writes headers of about a hundred bytes; only structured dtypes, which are not supported, have long ones. */
const longest = 2 ** 16;

const magic = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];

/** Returns the offset where the header ends and the elements begin. @param prefix the first twelve bytes */
export function headerEnd(where: string, prefix: Uint8Array): number {
  if (magic.some((byte, i) => prefix[i] !== byte))
    throw new FormatError(
      `${where}: this is not an npy file, which begins with \\x93NUMPY; numpy.save(file, array) writes one`,
    );
  const [major, minor] = [prefix[6], prefix[7]];
  if (![1, 2, 3].includes(major) || minor !== 0)
    throw new FormatError(`${where}: this is version ${major}.${minor} of npy; known are 1.0, 2.0 and 3.0`);
  const view = new DataView(prefix.buffer, prefix.byteOffset, prefix.byteLength);
  const [start, length] = major === 1 ? [10, view.getUint16(8, true)] : [12, view.getUint32(8, true)];
  if (length > longest)
    throw new FormatError(`${where}: its header has ${length} bytes; that of an array of numbers has about a hundred`);
  return start + length;
}

/** @param bytes from the beginning of the file to the end of the header */
export function parseHeader(where: string, bytes: Uint8Array): NpyHeader {
  const from = bytes[6] === 1 ? 10 : 12;
  // The text of versions 1 and 2 is Latin-1, but supported headers contain only ASCII.
  const text = new TextDecoder().decode(bytes.subarray(from));
  const dict = new Literal(where, text).dict();
  const names = Object.keys(dict).sort().join();
  if (names !== 'descr,fortran_order,shape')
    throw new FormatError(
      `${where}: its header must have descr, fortran_order and shape, and has ${names || 'nothing'}`,
    );
  const { descr, fortran_order: isFortran, shape } = dict;
  if (typeof isFortran !== 'boolean')
    throw new FormatError(`${where}: fortran_order in its header must be True or False`);
  if (!Array.isArray(shape) || !shape.every((size) => typeof size === 'number'))
    throw new FormatError(`${where}: the shape in its header must be a tuple of whole numbers`);
  const count = countOf(where, shape);
  return { ...elementsOf(where, descr), isFortran, shape, count, start: bytes.length };
}

const byCode: Record<string, Kind> = {
  f2: kinds.float16,
  f4: kinds.float32,
  f8: kinds.float64,
  i1: kinds.int8,
  i2: kinds.int16,
  i4: kinds.int32,
  i8: kinds.int64,
  u1: kinds.uint8,
  u2: kinds.uint16,
  u4: kinds.uint32,
  u8: kinds.uint64,
  b1: kinds.bool,
};

const codes: Record<Dtype, string> = { float32: '<f4', float64: '<f8', int32: '<i4', uint8: '|u1', bool: '|b1' };

/** Unsupported kinds by their letter, and what to do in Python. */
const unread: Record<string, readonly [string, string]> = {
  c: ['complex numbers', 'save array.real and array.imag'],
  O: [
    'Python objects, which are pickled, and pickled data can run any program',
    'save an array of numbers: numpy.array(array.tolist(), dtype=numpy.float32)',
  ],
  S: ['texts in bytes', 'save the texts as JSON, or numbers of classes: numpy.unique(array, return_inverse=True)[1]'],
  U: ['texts', 'save the texts as JSON, or numbers of classes: numpy.unique(array, return_inverse=True)[1]'],
  M: ['dates', "save array.astype('int64').astype('float64')"],
  m: ['spans of time', "save array.astype('int64').astype('float64')"],
  V: ['raw bytes (bfloat16 is stored so, too)', 'save array.astype(numpy.float32)'],
  f: ['floats of this size', 'save array.astype(numpy.float64)'],
};

function elementsOf(where: string, descr: Value): { kind: Kind; isLittle: boolean } {
  if (Array.isArray(descr))
    throw new DtypeError(`${where}: it has a structured dtype; save each of its fields by itself: array['name']`);
  const [, order, code] = /^([<>=|]?)([a-zA-Z]\d*)/.exec(typeof descr === 'string' ? descr : '') ?? [];
  const found = code !== undefined && Object.hasOwn(byCode, code) ? byCode[code] : undefined;
  if (found !== undefined && descr === `${order}${code}`) return { kind: found, isLittle: order !== '>' };
  const [what, remedy] = unread[code?.[0] ?? ''] ?? ['elements of a type that gradlab does not have', 'save numbers'];
  throw new DtypeError(`${where}: it has dtype ${describe(descr)}, ${what}; in Python, ${remedy}`);
}

/** Returns the header of a contiguous tensor's file, byte for byte as NumPy writes it. */
export function writeHeader(dtype: Dtype, shape: readonly number[]): Uint8Array {
  const tuple = `(${shape.join(', ')}${shape.length === 1 ? ',' : ''})`;
  const dict = `{'descr': '${codes[dtype]}', 'fortran_order': False, 'shape': ${tuple}, }`;
  // Room for the first size to grow to 21 digits, when rows are appended to the file.
  const grown = dict + ' '.repeat(shape.length === 0 ? 0 : 21 - String(shape[0]).length);
  const text = `${grown}${' '.repeat(64 - ((10 + grown.length + 1) % 64))}\n`;
  const bytes = new Uint8Array(10 + text.length);
  bytes.set([...magic, 1, 0, text.length & 255, text.length >> 8]);
  for (let i = 0; i < text.length; i++) bytes[10 + i] = text.charCodeAt(i);
  return bytes;
}

/** The Python literals that a header may contain. */
type Value = string | boolean | number | Value[];

/** Parses Python's printed form of a dict of strings, booleans, numbers, tuples and lists; no code is run. */
class Literal {
  private readonly tokens: string[];
  private next = 0;

  constructor(
    private readonly where: string,
    text: string,
  ) {
    // In Python 2, whole numbers may end with L.
    const token = /\s*('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|True|False|-?\d[\d.eE+-]*L?|[{}()[\]:,])/y;
    this.tokens = [];
    let end = 0;
    for (let found = token.exec(text); found !== null; found = token.exec(text)) {
      this.tokens.push(found[1]);
      end = token.lastIndex;
    }
    const rest = text.slice(end).trim();
    if (rest !== '') throw this.error(`unexpected text ${describe(rest.slice(0, 20))}`);
  }

  dict(): Record<string, Value> {
    const entries: [string, Value][] = [];
    this.expect('{');
    while (this.tokens[this.next] !== '}') {
      const name = this.value(0);
      if (typeof name !== 'string' || entries.some(([other]) => other === name))
        throw this.error(`the key ${describe(name)} is not a string, or occurs twice`);
      this.expect(':');
      entries.push([name, this.value(0)]);
      if (this.tokens[this.next] !== '}') this.expect(',');
    }
    this.expect('}');
    if (this.next < this.tokens.length) throw this.error(`something follows: ${this.tokens[this.next]}`);
    return Object.fromEntries(entries);
  }

  private value(depth: number): Value {
    const token = this.tokens[this.next++] ?? '';
    if (token === 'True' || token === 'False') return token === 'True';
    if (token[0] === "'" || token[0] === '"') return token.slice(1, -1);
    if (/^[-\d]/.test(token)) return Number(token.replace('L', ''));
    const end = token === '(' ? ')' : token === '[' ? ']' : undefined;
    if (end === undefined || depth > 8) throw this.error(`${token || 'its end'} is where a value should be`);
    const values: Value[] = [];
    while (this.tokens[this.next] !== end) {
      values.push(this.value(depth + 1));
      if (this.tokens[this.next] !== end) this.expect(',');
    }
    this.next++;
    return values;
  }

  private expect(token: string): void {
    const found = this.tokens[this.next++];
    if (found !== token) throw this.error(`${found ?? 'its end'} is where ${token} should be`);
  }

  private error(what: string): FormatError {
    return new FormatError(`${this.where}: its header cannot be read: ${what}`);
  }
}
