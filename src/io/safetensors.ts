import { joined } from '../bytes';
import { describe } from '../describe';
import { ValueError } from '../errors';
import type { Tensor } from '../tensor/tensor';
import { decode, encode } from './elements';
import { type ReadOptions, requireReadOptions } from './npy';
import { type Arrays, type ReadSomeOptions, some, tensorsOf } from './npz';
import { type Place, readHeader, writeHeader } from './safetensors-header';
import { inMemory, type OpenFile, part, reading, requireBytes, write } from './source';

/** Options of {@link saveSafetensors}. */
export interface SafetensorsOptions {
  /** Strings by name in the file's header. Default: none. */
  metadata?: Readonly<Record<string, string>>;
}

/**
 * Reads the tensors of a safetensors file, by name (`safetensors.torch.load_file`). F32, F64, I32, U8 and BOOL are
 * kept; F16 and BF16 become float32; other integers become int32, if they are within its range. In Node, the bytes of
 * tensors outside `names` are not read.
 *
 * @param file its path, relative to the notebook's folder, or its address, https://…
 * @example
 * const net = new nn.Linear(2, 1);
 * await io.saveSafetensors('net.safetensors', net.stateDict());
 * net.loadStateDict(await io.loadSafetensors('net.safetensors')) // { missingKeys: [], unexpectedKeys: [] }
 * @throws {FormatError} if it breaks a rule of the format: it is truncated, has a duplicate name, or offsets overlap,
 * leave gaps or do not fit shape and dtype; {@link DtypeError} for 8-bit floats and complex numbers, and for integers
 * beyond int32; {@link ValueError} for an unknown name in `names`; {@link GradlabError} if the file does not exist.
 */
export async function loadSafetensors(file: string, options: ReadSomeOptions = {}): Promise<Record<string, Tensor>> {
  requireReadOptions('loadSafetensors', options);
  return reading('loadSafetensors', file, (opened) => readTensors(`loadSafetensors: ${file}`, opened, options));
}

/**
 * Returns the tensors in the bytes of a safetensors file (`safetensors.torch.load`); see {@link loadSafetensors}.
 * @example
 * io.decodeSafetensors(io.encodeSafetensors({ x: tensor([1]) })) // { x: tensor([1.]) }
 * @throws {FormatError} if they are damaged; {@link DtypeError} for elements without a matching dtype.
 */
export function decodeSafetensors(bytes: Uint8Array, options: ReadSomeOptions = {}): Record<string, Tensor> {
  requireReadOptions('decodeSafetensors', options);
  requireBytes('decodeSafetensors', bytes);
  return readTensors('decodeSafetensors', inMemory(bytes), options);
}

/**
 * Writes tensors by name, such as a `stateDict()`, as a safetensors file (`safetensors.torch.save_file`), byte for byte
 * as that function does. Lists of numbers are written as float64. The file is written atomically: if that fails, the
 * old one stays.
 *
 * @param file its path, relative to the notebook's folder
 * @example
 * const net = new nn.Linear(2, 1);
 * await io.saveSafetensors('net.safetensors', io.toPytorch(net.stateDict()), { metadata: { epochs: '20' } });
 * @throws {ValueError} if a value is not a tensor or list of numbers, a name is `__metadata__` or not valid text;
 * {@link GradlabError} if the file cannot be written.
 */
export async function saveSafetensors(file: string, tensors: Arrays, options: SafetensorsOptions = {}): Promise<void> {
  await write('saveSafetensors', file, safetensorsPieces('saveSafetensors', tensors, options));
}

/**
 * Returns the bytes that {@link saveSafetensors} writes (`safetensors.torch.save`).
 * @example
 * io.encodeSafetensors({ x: zeros([2]) }).length // 72
 * @throws {ValueError} as {@link saveSafetensors}.
 */
export function encodeSafetensors(tensors: Arrays, options: SafetensorsOptions = {}): Uint8Array {
  return joined(safetensorsPieces('encodeSafetensors', tensors, options));
}

/** @internal */
export function safetensorsPieces(op: string, arrays: Arrays, options: SafetensorsOptions): Uint8Array[] {
  const { metadata = {} } = options;
  const isTexts = typeof metadata === 'object' && metadata !== null && !Array.isArray(metadata);
  if (!isTexts || !Object.values(metadata).every((text) => typeof text === 'string'))
    throw new ValueError(`${op}: metadata must have texts by name, got ${describe(metadata)}`);
  const tensors = tensorsOf(op, arrays);
  for (const text of [...Object.keys(tensors), ...Object.entries(metadata).flat()])
    if (/\p{Surrogate}/u.test(text)) throw new ValueError(`${op}: ${describe(text)} is half of a character`);
  if (Object.hasOwn(tensors, '__metadata__'))
    throw new ValueError(`${op}: a tensor cannot have the name __metadata__; texts go into the option metadata`);
  const bytes = new Map(Object.entries(tensors).map(([name, x]) => [name, encode(x)]));
  const infos = Object.entries(tensors).map(([name, { dtype, shape }]) => ({
    name,
    dtype,
    shape,
    bytes: bytes.get(name)!.length,
  }));
  const { header, names } = writeHeader(infos, metadata);
  return [header, ...names.map((name) => bytes.get(name)!)];
}

function readTensors(where: string, file: OpenFile, options: ReadSomeOptions): Record<string, Tensor> {
  const chosen = some(where, readHeader(where, file).places, options.names);
  return Object.fromEntries(
    chosen.map(([name, place]) => [name, readPlace(`${where}: ${name}`, file, place, options)]),
  );
}

/** @internal */
export function readPlace(where: string, file: OpenFile, place: Place, { dtype }: ReadOptions): Tensor {
  const bytes = part(where, file, place.from, place.to, 'its numbers');
  return decode(where, place, bytes, dtype);
}
