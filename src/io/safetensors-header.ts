// The header of a safetensors file: its length in eight bytes, then JSON with dtype, shape and offsets of each tensor.

import { reasonOf } from '../data/files';
import { describe } from '../describe';
import { DtypeError, FormatError } from '../errors';
import type { Dtype } from '../tensor/dtype';
import { type Kind, kinds, type Layout } from './elements';
import { countOf } from './shape';
import { type OpenFile, part } from './source';

/** A tensor in a file. */
export interface Place extends Layout {
  /** The offsets of its first byte, and after its last byte, in the file. */
  readonly from: number;
  readonly to: number;
}

/** The content of the header. */
interface SafetensorsHeader {
  readonly metadata: Readonly<Record<string, string>>;
  readonly places: ReadonlyMap<string, Place>;
}

/** The format's own limit for the header, in bytes. */
const longest = 100_000_000;

const byCode: Record<string, Kind> = {
  F64: kinds.float64,
  F32: kinds.float32,
  F16: kinds.float16,
  BF16: kinds.bfloat16,
  I64: kinds.int64,
  I32: kinds.int32,
  I16: kinds.int16,
  I8: kinds.int8,
  U64: kinds.uint64,
  U32: kinds.uint32,
  U16: kinds.uint16,
  U8: kinds.uint8,
  BOOL: kinds.bool,
};

/** The codes of our dtypes, in the order in which tensors are written: widest elements first. */
const codes: Partial<Record<Dtype, string>> = {
  float64: 'F64',
  float32: 'F32',
  int32: 'I32',
  uint8: 'U8',
  bool: 'BOOL',
};
const order = Object.keys(codes);

/** Unsupported kinds of the format, by their first letter. */
const unread: Record<string, string> = { C: 'complex numbers', F: 'floats of 4 to 8 bits' };

/**
 * @throws {FormatError} for a file of `torch.save`: a zip file with a pickle, or a pickle, which is a program to run.
 */
function refusePickled(where: string, head: Uint8Array): void {
  const isZip = head[0] === 0x50 && head[1] === 0x4b && head[2] === 3 && head[3] === 4;
  if (!isZip && !(head[0] === 0x80 && head[1] >= 2 && head[1] <= 5)) return;
  throw new FormatError(
    `${where}: this is ${isZip ? 'a zip file, as torch.save and numpy.savez write them' : 'a Python pickle'}, and no safetensors file. ` +
      'In PyTorch, write the state with safetensors.torch.save_file(net.state_dict(), "net.safetensors"); here, read it with ' +
      'net.loadStateDict(io.fromPytorch(await io.loadSafetensors("net.safetensors"), net.stateDict())). io.loadNpz reads files of numpy.savez',
  );
}

/** Reads the header. @throws {FormatError} unless it satisfies all rules of the format. */
export function readHeader(where: string, file: OpenFile): SafetensorsHeader {
  const head = part(where, file, 0, 8, 'the length of its header');
  const view = new DataView(head.buffer, head.byteOffset, 8);
  const length = view.getUint32(0, true) + view.getUint32(4, true) * 2 ** 32;
  if (length > longest) {
    refusePickled(where, head);
    throw new FormatError(
      `${where}: its header would have ${length} bytes, at most ${longest} can be; this is not a safetensors file`,
    );
  }
  const bytes = part(where, file, 8, 8 + length, 'its header');
  if (bytes[0] !== 0x7b)
    throw new FormatError(`${where}: its header does not begin with {; this is not a safetensors file`);
  const { __metadata__: metadata, ...infos } = parse(where, bytes);
  const start = 8 + length;
  const places = Object.entries(infos).map(
    ([name, info]) => [name, placeOf(`${where}: ${name}`, info, start)] as const,
  );
  requireFilled(where, places, start, file.size);
  return { metadata: metadataOf(where, metadata), places: new Map(places) };
}

type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

/**
 * Parses the header. @throws {FormatError} unless it is JSON, not deeper than the format needs, without duplicate
 * names.
 */
function parse(where: string, bytes: Uint8Array): { [name: string]: Json } {
  const broken = (what: string, cause?: unknown) =>
    new FormatError(`${where}: its header is not right: ${what}`, { cause });
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw broken('it is not in UTF-8', cause);
  }
  const fault = faultOf(text);
  if (fault !== undefined) throw broken(fault);
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw broken(reasonOf(cause), cause);
  }
}

/**
 * Finds faults that `JSON.parse` accepts: duplicate names and deep nesting. Invalid JSON is left to `JSON.parse`.
 */
function faultOf(text: string): string | undefined {
  const names: Set<string>[] = [];
  const colon = /\s*:/y;
  for (let i = 0; i < text.length; i++) {
    const sign = text[i];
    if (sign === '{' || sign === '[') names.push(new Set());
    else if (sign === '}' || sign === ']') names.pop();
    else if (sign === '"') {
      const from = i;
      for (i = text.indexOf('"', i + 1); i > 0 && isEscaped(text, i); ) i = text.indexOf('"', i + 1);
      if (i < 0) return undefined;
      const known = names[names.length - 1];
      colon.lastIndex = i + 1;
      if (known === undefined || !colon.test(text)) continue;
      const name = unescaped(text.slice(from, i + 1));
      if (known.has(name)) return `${name} occurs twice`;
      known.add(name);
    }
    if (names.length > 4) return 'it is nested more deeply than names, places and shapes are';
  }
  return undefined;
}

/** Whether an odd number of backslashes precedes a position. */
function isEscaped(text: string, at: number): boolean {
  let from = at;
  while (text[from - 1] === '\\') from--;
  return (at - from) % 2 === 1;
}

/** Decodes the escapes of a quoted string: `"\u0061"` is `"a"`. */
function unescaped(quoted: string): string {
  if (!quoted.includes('\\')) return quoted;
  try {
    return JSON.stringify(JSON.parse(quoted));
  } catch {
    return quoted;
  }
}

const isObject = (value: Json | undefined): value is { [name: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isNumbers = (value: Json | undefined): value is number[] =>
  Array.isArray(value) && value.every((item) => typeof item === 'number');

function metadataOf(where: string, metadata: Json | undefined): Record<string, string> {
  if (metadata === undefined || metadata === null) return {};
  if (!isObject(metadata) || !Object.values(metadata).every((value) => typeof value === 'string'))
    throw new FormatError(`${where}: __metadata__ in its header must have texts by name`);
  return metadata as Record<string, string>;
}

function placeOf(where: string, info: Json, start: number): Place {
  if (!isObject(info)) throw new FormatError(`${where}: its header must say dtype, shape and data_offsets of it`);
  const { dtype, shape, data_offsets: offsets } = info;
  if (typeof dtype !== 'string') throw new FormatError(`${where}: its dtype is missing`);
  const kind = Object.hasOwn(byCode, dtype) ? byCode[dtype] : undefined;
  if (kind === undefined)
    throw new DtypeError(
      `${where}: it has dtype ${describe(dtype)}, ${unread[dtype[0]] ?? 'which is unknown'}; in Python, save tensor.to(torch.float32)`,
    );
  if (!isNumbers(shape)) throw new FormatError(`${where}: its shape must be a list of whole numbers`);
  const count = countOf(where, shape);
  if (!isNumbers(offsets) || offsets.length !== 2 || !offsets.every((at) => Number.isSafeInteger(at) && at >= 0))
    throw new FormatError(`${where}: its data_offsets must be two whole numbers`);
  const [from, to] = offsets;
  if (to - from !== count * kind.bytes)
    throw new FormatError(
      `${where}: ${dtype} of shape [${shape.join(', ')}] needs ${count * kind.bytes} bytes, and data_offsets [${from}, ${to}] have ${to - from}`,
    );
  return { kind, isLittle: true, shape, from: start + from, to: start + to };
}

/** @throws {FormatError} unless the tensors are contiguous, from the header to the end of the file. */
function requireFilled(
  where: string,
  places: readonly (readonly [string, Place])[],
  start: number,
  size: number,
): void {
  let end = start;
  for (const [name, { from, to }] of [...places].sort(([, a], [, b]) => a.from - b.from || a.to - b.to)) {
    if (from !== end)
      throw new FormatError(
        `${where}: ${name} begins at byte ${from}, where ${from < end ? 'another tensor is' : 'no tensor is before it'}; it should begin at ${end}`,
      );
    end = to;
  }
  if (end !== size)
    throw new FormatError(
      `${where}: its tensors end at byte ${end}, and the file at ${size}; it ${end > size ? 'has been cut short or is damaged' : 'continues after them'}`,
    );
}

/** Returns the header, and the order in which the tensors follow, as the format's own library writes them. */
export function writeHeader(
  tensors: readonly { name: string; dtype: Dtype; shape: readonly number[]; bytes: number }[],
  metadata: Readonly<Record<string, string>>,
): { header: Uint8Array; names: string[] } {
  const encoder = new TextEncoder();
  const sorted = tensors
    .map((t) => ({ ...t, key: encoder.encode(t.name) }))
    .sort((a, b) => order.indexOf(a.dtype) - order.indexOf(b.dtype) || compare(a.key, b.key));
  let at = 0;
  const infos = sorted.map(({ name, dtype, shape, bytes }) => {
    const info = JSON.stringify({ dtype: codes[dtype], shape, data_offsets: [at, at + bytes] });
    at += bytes;
    return `${JSON.stringify(name)}:${info}`;
  });
  const first = Object.keys(metadata).length > 0 ? [`"__metadata__":${JSON.stringify(metadata)}`] : [];
  const text = encoder.encode(`{${[...first, ...infos].join(',')}}`);
  const length = Math.ceil(text.length / 8) * 8;
  const header = new Uint8Array(8 + length).fill(0x20);
  new DataView(header.buffer).setUint32(0, length, true);
  header.fill(0, 4, 8);
  header.set(text, 8);
  return { header, names: sorted.map(({ name }) => name) };
}

/** Compares names by their bytes. */
function compare(a: Uint8Array, b: Uint8Array): number {
  for (let i = 0; i < a.length && i < b.length; i++) if (a[i] !== b[i]) return a[i] - b[i];
  return a.length - b.length;
}
