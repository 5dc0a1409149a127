import { joined } from '../bytes';
import { FormatError } from '../errors';
import { requireOneOf } from '../ops/table/arguments';
import { layoutOf } from '../tensor/layout';
import { packed, Tensor } from '../tensor/tensor';
import { decode, encode } from './elements';
import { headerEnd, type NpyHeader, npyPrefix, parseHeader, writeHeader } from './npy-header';
import { inMemory, type OpenFile, part, reading, requireBytes, write } from './source';

/** Options of functions that read arrays. */
export interface ReadOptions {
  /**
   * `'float64'` accepts whole numbers beyond 2³¹ - 1, up to 2⁵³, which are an error otherwise. Default: see
   * {@link loadNpy}.
   */
  dtype?: 'float64';
}

/** @throws {ValueError} for another dtype. @internal */
export function requireReadOptions(op: string, options: ReadOptions): void {
  requireOneOf(op, { dtype: options.dtype }, ['float64', undefined]);
}

/**
 * Reads an npy file with one array (`numpy.load`): versions 1.0, 2.0 and 3.0, C or Fortran order, either byte order.
 * float32, float64, int32, uint8 and bool are kept; float16 becomes float32; other integers become int32, if they are
 * within its range. The tensor is contiguous.
 *
 * @param file its path, relative to the notebook's folder, or its address, https://…
 * @example
 * await io.saveNpy('x.npy', tensor([[1, 2], [3, 4]]));
 * await io.loadNpy('x.npy') // tensor([[1., 2.], [3., 4.]])
 * @throws {FormatError} if it is damaged, truncated, continues after the array, or is of another format;
 * {@link DtypeError} for complex numbers, strings, dates, objects (nothing is unpickled) and structures, with what to do in
 * Python, and for integers beyond int32; {@link GradlabError} if the file does not exist.
 */
export async function loadNpy(file: string, options: ReadOptions = {}): Promise<Tensor> {
  requireReadOptions('loadNpy', options);
  return reading('loadNpy', file, (opened) => readNpy(`loadNpy: ${file}`, opened, options));
}

/**
 * Returns the tensor in the bytes of an npy file; see {@link loadNpy}.
 * @example
 * io.decodeNpy(io.encodeNpy(tensor([true, false]))) // tensor([True, False])
 * @throws {FormatError} if they are damaged; {@link DtypeError} for elements without a matching dtype.
 */
export function decodeNpy(bytes: Uint8Array, options: ReadOptions = {}): Tensor {
  requireReadOptions('decodeNpy', options);
  requireBytes('decodeNpy', bytes);
  return readNpy('decodeNpy', inMemory(bytes), options);
}

/**
 * Writes a tensor as an npy file (`numpy.save`), byte for byte as NumPy does for a contiguous array: float32, float64,
 * int32, uint8 and bool; views in their logical order. The gradient is not written. The file is written atomically: if
 * that fails, the old one stays.
 *
 * @param file its path, relative to the notebook's folder
 * @example
 * await io.saveNpy('x.npy', arange(3));
 * // In Python: numpy.load('x.npy')
 * @throws {ValueError} unless it is a tensor; {@link GradlabError} if the file cannot be written.
 */
export async function saveNpy(file: string, x: Tensor): Promise<void> {
  await write('saveNpy', file, npyPieces(x));
}

/**
 * Returns the bytes that {@link saveNpy} writes.
 * @example
 * io.encodeNpy(zeros([2])).length // 136
 * @throws {ValueError} unless it is a tensor.
 */
export function encodeNpy(x: Tensor): Uint8Array {
  return joined(npyPieces(x));
}

/** @internal */
export const npyPieces = (x: Tensor): Uint8Array[] => [writeHeader(x.dtype, x.shape), encode(x)];

/** Reads the header of an npy file whose elements fill the rest. @internal */
export function npyHeaderOf(where: string, file: OpenFile): NpyHeader {
  const end = headerEnd(where, part(where, file, 0, npyPrefix, 'its first bytes'));
  const header = parseHeader(where, part(where, file, 0, end, 'its header'));
  requireSize(where, header, file.size);
  return header;
}

/** @throws {FormatError} unless a file of `size` bytes has all elements and nothing else. @internal */
export function requireSize(where: string, { start, count, kind, shape }: NpyHeader, size: number): void {
  const promised = start + count * kind.bytes;
  if (promised === size) return;
  const what = `${kind.name} of shape [${shape.join(', ')}]`;
  throw new FormatError(
    promised > size
      ? `${where}: its header promises ${what}, ${promised} bytes in all, and there are ${size}; it has been cut short or is damaged`
      : `${where}: ${what} end after ${promised} bytes, and it has ${size}; save several arrays with numpy.savez`,
  );
}

/** @internal */
export function readNpy(where: string, file: OpenFile, options: ReadOptions): Tensor {
  const header = npyHeaderOf(where, file);
  return tensorOf(where, header, part(where, file, header.start, file.size, 'its numbers'), options);
}

/** @param bytes of the elements only @internal */
export function tensorOf(where: string, header: NpyHeader, bytes: Uint8Array, { dtype }: ReadOptions): Tensor {
  if (!header.isFortran) return decode(where, header, bytes, dtype);
  return columnsFirst(decode(where, { ...header, shape: [...header.shape].reverse() }, bytes, dtype));
}

/** Returns the transpose of `x`, contiguous. */
const columnsFirst = (x: Tensor): Tensor =>
  packed(new Tensor(x.memory, layoutOf([...x.shape].reverse(), [...x.stride].reverse()), x.offset, x.dtype));
