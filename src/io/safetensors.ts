import { joined } from '../bytes';
import { requireOptions } from '../data/checks';
import { ValueError } from '../errors';
import { describe } from '../ops/table/arguments';
import { refuseSurplus } from '../surplus';
import type { Tensor } from '../tensor/tensor';
import { decode, encode } from './elements';
import { type ReadOptions, requireReadOptions } from './npy';
import { type Arrays, type ReadSomeOptions, some, tensorsOf } from './npz';
import { type Place, readHeader, writeHeader } from './safetensors-header';
import { inMemory, type OpenFile, part, reading, requireBytes, write } from './source';

/** Options of {@link saveSafetensors}. */
export interface SafetensorsOptions {
  /** Texts by name that stand in the file's header. Default: none. */
  metadata?: Readonly<Record<string, string>>;
}

/**
 * Reads the tensors of a safetensors file, by name (`safetensors.torch.load_file`). F32, F64, I32, U8 and BOOL stay what they
 * are; F16 and BF16 become float32; all other whole numbers become int32, if they are within it. In Node, nothing of tensors
 * that are not in `names` is read.
 *
 * @param file its path, from the notebook's folder on, or its address, https://…
 * @example
 * const net = new nn.Linear(2, 1);
 * await io.saveSafetensors('net.safetensors', net.stateDict());
 * net.loadStateDict(await io.loadSafetensors('net.safetensors')) // { missingKeys: [], unexpectedKeys: [] }
 * @throws {FormatError} if it breaks a rule of the format: it is cut short, a name stands there twice, places overlap, leave
 *   something out or do not fit shape and dtype; {@link DtypeError} for 8-bit floats and complex numbers, and for whole numbers
 *   that int32 has not; {@link ValueError} if it has none of a name in `names`; {@link GradlabError} if there is no such file.
 */
export async function loadSafetensors(file: string, options: ReadSomeOptions = {}): Promise<Record<string, Tensor>> {
  if (arguments.length > 2) refuseSurplus('loadSafetensors', arguments, 2);
  requireReadOptions('loadSafetensors', options, ['names']);
  return reading('loadSafetensors', file, (opened) => readTensors(`loadSafetensors: ${file}`, opened, options));
}

/**
 * The tensors in the bytes of a safetensors file (`safetensors.torch.load`); see {@link loadSafetensors}.
 * @example
 * io.decodeSafetensors(io.encodeSafetensors({ x: tensor([1]) })) // { x: tensor([1.]) }
 * @throws {FormatError} if they are damaged; {@link DtypeError} for elements that no dtype stands for.
 */
export function decodeSafetensors(bytes: Uint8Array, options: ReadSomeOptions = {}): Record<string, Tensor> {
  if (arguments.length > 2) refuseSurplus('decodeSafetensors', arguments, 2);
  requireReadOptions('decodeSafetensors', options, ['names']);
  requireBytes('decodeSafetensors', bytes);
  return readTensors('decodeSafetensors', inMemory(bytes), options);
}

/**
 * Writes tensors by name, such as a `stateDict()`, as a safetensors file (`safetensors.torch.save_file`), byte for byte as
 * that does. Lists of numbers are written as float64. The file appears whole or not at all; what stood there before stays if it
 * cannot be written.
 *
 * @param file its path, from the notebook's folder on
 * @example
 * const net = new nn.Linear(2, 1);
 * await io.saveSafetensors('net.safetensors', io.toPytorch(net.stateDict()), { metadata: { epochs: '20' } });
 * @throws {ValueError} if something is no tensor, a name is no text, or is `__metadata__`; {@link GradlabError} if the file
 *   cannot be written.
 */
export async function saveSafetensors(file: string, tensors: Arrays, options: SafetensorsOptions = {}): Promise<void> {
  if (arguments.length > 3) refuseSurplus('saveSafetensors', arguments, 3);
  await write('saveSafetensors', file, safetensorsPieces('saveSafetensors', tensors, options));
}

/**
 * The bytes that {@link saveSafetensors} writes (`safetensors.torch.save`).
 * @example
 * io.encodeSafetensors({ x: zeros([2]) }).length // 72
 * @throws {ValueError} as {@link saveSafetensors}.
 */
export function encodeSafetensors(tensors: Arrays, options: SafetensorsOptions = {}): Uint8Array {
  if (arguments.length > 2) refuseSurplus('encodeSafetensors', arguments, 2);
  return joined(safetensorsPieces('encodeSafetensors', tensors, options));
}

/** @internal */
export function safetensorsPieces(op: string, arrays: Arrays, options: SafetensorsOptions): Uint8Array[] {
  requireOptions(op, options, ['metadata']);
  const { metadata = {} } = options;
  const isTexts = typeof metadata === 'object' && metadata !== null && !Array.isArray(metadata);
  if (!isTexts || !Object.values(metadata).every((text) => typeof text === 'string'))
    throw new ValueError(`${op}: metadata must have texts by name, got ${describe(metadata)}`);
  const tensors = tensorsOf(op, arrays);
  for (const text of [...Object.keys(tensors), ...Object.entries(metadata).flat()])
    if (/\p{Surrogate}/u.test(text)) throw new ValueError(`${op}: ${JSON.stringify(text)} is half of a character`);
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
