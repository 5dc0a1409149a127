// Archives of zip as NumPy writes and reads them: stored or deflated, also beyond 4 GB (zip64). Archives are read by their
// directory, which must agree with what stands before each file. The platform inflates.
import { joined } from '../bytes';
import { FormatError, ValueError } from '../errors';
import { crc32 } from '../kernels/crc32';
import { deflateRaw } from '../platform';
import { type OpenFile, part } from './source';

/** A file in an archive. */
export interface Entry {
  readonly name: string;
  readonly isDeflated: boolean;
  readonly crc: number;
  /** Its length, unpacked. */
  readonly size: number;
  /** Where what belongs to it begins in the archive, where its bytes begin, as they are packed, and where they end. */
  readonly start: number;
  readonly from: number;
  readonly to: number;
}

/** Lengths of the records of a zip file, without names and extra fields, and what they begin with. */
const record = {
  local: { length: 30, signature: 0x04034b50 },
  central: { length: 46, signature: 0x02014b50 },
  end: { length: 22, signature: 0x06054b50 },
  end64: { length: 56, signature: 0x06064b50 },
  locator64: { length: 20, signature: 0x07064b50 },
} as const;

/** Stands for what is in a zip64 field. */
const elsewhere = 0xffffffff;
const mostDeflate = 1032;
const longestComment = 0xffff;

/** The numbers in bytes, little end first. */
class Fields {
  private readonly view: DataView;
  constructor(readonly bytes: Uint8Array) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }
  u16 = (at: number): number => this.view.getUint16(at, true);
  u32 = (at: number): number => this.view.getUint32(at, true);
  u64 = (at: number): number => this.u32(at) + this.u32(at + 4) * 2 ** 32;
}

/** The files in an archive, in their order there. @throws {FormatError} if it is damaged. */
export function readDirectory(where: string, file: OpenFile): Entry[] {
  const { from, to, count } = directoryOf(where, file);
  const fields = new Fields(part(where, file, from, to, 'its directory'));
  const entries: Entry[] = [];
  const names = new Set<string>();
  let at = 0;
  for (let i = 0; i < count; i++) {
    const { entry, next } = entryAt(where, file, fields, at, from);
    if (names.has(entry.name))
      throw new FormatError(`${where}: there are two files of the name ${JSON.stringify(entry.name)} in it`);
    entries.push(entry);
    names.add(entry.name);
    at = next;
  }
  if (at !== fields.bytes.length) throw damaged(where, 'its directory is longer than its files need');
  const inOrder = [...entries].sort((a, b) => a.start - b.start);
  inOrder.forEach(({ name, start }, i) => {
    if (i > 0 && start < inOrder[i - 1].to)
      throw damaged(where, `${JSON.stringify(name)} overlaps ${JSON.stringify(inOrder[i - 1].name)}`);
  });
  return entries;
}

const damaged = (where: string, what: string) => new FormatError(`${where}: ${what}; the file is damaged`);

/** Where the directory is, and how many files it has. */
function directoryOf(where: string, file: OpenFile): { from: number; to: number; count: number } {
  const { length, signature } = record.end;
  const tailFrom = Math.max(0, file.size - length - longestComment);
  const tail = new Fields(part(where, file, tailFrom, file.size, 'its end'));
  let at = tail.bytes.length - length;
  while (at >= 0 && !(tail.u32(at) === signature && at + length + tail.u16(at + 20) === tail.bytes.length)) at--;
  if (at < 0)
    throw new FormatError(
      `${where}: this is no npz file, or it has been cut short: it has no directory at its end; numpy.savez(file, x=array) writes one`,
    );
  const end = tailFrom + at;
  const short = { disk: tail.u32(at + 4), count: tail.u16(at + 10), size: tail.u32(at + 12), from: tail.u32(at + 16) };
  const there = end64Of(where, file, end) ?? { ...short, to: end };
  if (there.disk !== 0) throw damaged(where, 'it is one of several disks');
  if (there.from + there.size !== there.to || there.count * record.central.length > there.size)
    throw damaged(where, `its directory of ${there.count} files does not lie between them and its end`);
  return there;
}

/** What the longer record says of the directory, which files beyond 4 GB have. */
function end64Of(where: string, file: OpenFile, end: number) {
  const { locator64, end64 } = record;
  const at = end - locator64.length;
  if (at < end64.length) return undefined;
  const locator = new Fields(part(where, file, at, end, 'its end'));
  if (locator.u32(0) !== locator64.signature) return undefined;
  const to = locator.u64(8);
  if (to > at - end64.length) throw damaged(where, 'the end of its directory is said to lie behind it');
  const fields = new Fields(part(where, file, to, to + end64.length, 'the end of its directory'));
  if (fields.u32(0) !== end64.signature) throw damaged(where, 'there is no end of its directory where it should be');
  return {
    disk: fields.u32(16) | fields.u32(20),
    count: fields.u64(32),
    size: fields.u64(40),
    from: fields.u64(48),
    to,
  };
}

function entryAt(where: string, file: OpenFile, fields: Fields, at: number, limit: number) {
  const { central, local } = record;
  const { bytes } = fields;
  if (at + central.length > bytes.length || fields.u32(at) !== central.signature)
    throw damaged(where, 'its directory names fewer files than it counts');
  const nameFrom = at + central.length;
  const extraFrom = nameFrom + fields.u16(at + 28);
  const extraTo = extraFrom + fields.u16(at + 30);
  const next = extraTo + fields.u16(at + 32);
  if (next > bytes.length) throw damaged(where, 'its directory ends within a name');
  const rawName = bytes.subarray(nameFrom, extraFrom);
  const name = nameOf(where, rawName);
  const [flags, method, crc] = [fields.u16(at + 8), fields.u16(at + 10), fields.u32(at + 16)];
  const of = (what: string) => `${where}: ${JSON.stringify(name)} in it ${what}`;
  if (flags & 1) throw new FormatError(of('is encrypted; save it without a password'));
  if (method !== 0 && method !== 8)
    throw new FormatError(of(`is packed by method ${method}; numpy.savez and numpy.savez_compressed use 0 and 8`));
  const extra = new Fields(bytes.subarray(extraFrom, extraTo));
  const short = [fields.u32(at + 24), fields.u32(at + 20), fields.u32(at + 42)];
  const [size, packed, start] = in64(where, extra, short);
  if (method === 0 && packed !== size)
    throw damaged(where, `${JSON.stringify(name)} is stored in ${packed} bytes, and has ${size}`);
  // Deflate makes nothing smaller than that: what says so would have memory be taken for nothing.
  if (size > (packed + 1) * mostDeflate)
    throw damaged(where, `${JSON.stringify(name)} says that ${packed} bytes unpack to ${size}`);
  if (start + local.length > limit) throw damaged(where, `${JSON.stringify(name)} begins behind the last file`);
  const before = new Fields(part(where, file, start, start + local.length, 'the record of a file'));
  const from = start + local.length + before.u16(26) + before.u16(28);
  const to = from + packed;
  if (before.u32(0) !== local.signature || to > limit)
    throw damaged(where, `${JSON.stringify(name)} is not where its directory says`);
  const names = new Fields(part(where, file, start + local.length, from, 'the name of a file'));
  // What was written to a pipe has these numbers behind the file, and only the directory before it was read.
  const isKnown = (flags & 8) === 0;
  const [size2, packed2] = isKnown
    ? in64(where, new Fields(names.bytes.subarray(before.u16(26))), [before.u32(22), before.u32(18)])
    : [size, packed];
  const isSame =
    before.u16(26) === rawName.length &&
    rawName.every((byte, i) => byte === names.bytes[i]) &&
    before.u16(8) === method &&
    size2 === size &&
    packed2 === packed &&
    (!isKnown || before.u32(14) === crc);
  if (!isSame)
    throw damaged(where, `what its directory says of ${JSON.stringify(name)} is not what stands before that`);
  return { entry: { name, isDeflated: method === 8, crc, size, start, from, to }, next };
}

/** Numbers of 32 bits, or those of 64 that stand in the extra fields in their place. */
function in64(where: string, extra: Fields, short: readonly number[]): number[] {
  if (!short.includes(elsewhere)) return [...short];
  const { bytes } = extra;
  for (let at = 0; at + 4 <= bytes.length; at += 4 + extra.u16(at + 2)) {
    if (extra.u16(at) !== 1) continue;
    const end = Math.min(bytes.length, at + 4 + extra.u16(at + 2));
    let next = at + 4;
    const long = short.map((value) => {
      if (value !== elsewhere) return value;
      next += 8;
      return next <= end ? extra.u64(next - 8) : Number.NaN;
    });
    if (long.every(Number.isSafeInteger)) return long;
  }
  throw damaged(where, 'a length beyond 4 GB is missing');
}

function nameOf(where: string, bytes: Uint8Array): string {
  try {
    const name = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    const fault = faultOf(name);
    if (fault === undefined) return name;
    throw new FormatError(`${where}: a file in it has the name ${JSON.stringify(name)}, which ${fault}`);
  } catch (error) {
    if (error instanceof FormatError) throw error;
    throw damaged(where, 'the name of a file is not in UTF-8');
  }
}

/** What is wrong with the name of a file in an archive: others might unpack it, to where the name says. */
export function faultOf(name: string): string | undefined {
  if (/(^|[/\\])\.\.?([/\\]|$)/.test(name) || /^([/\\]|[a-z]:)/i.test(name)) return 'leads out of the archive';
  if (/[\0\p{Surrogate}]/u.test(name)) return 'is no text';
  return undefined;
}

/** A file for an archive. */
interface Written {
  readonly name: string;
  readonly crc: number;
  readonly size: number;
  readonly isDeflated: boolean;
  readonly packed: readonly Uint8Array[];
}

/** A file's name and its bytes, piece by piece. */
type Content = readonly [name: string, content: readonly Uint8Array[]];

/** A file as it is; its bytes are not copied. */
export const stored = ([name, content]: Content): Written => ({
  name,
  crc: content.reduce((sum, bytes) => crc32(bytes, sum), 0),
  size: lengthOf(content),
  isDeflated: false,
  packed: content,
});

/** A file, packed; of its bytes as they are at the call. */
export async function deflated([name, content]: Content): Promise<Written> {
  const whole = joined(content);
  return { ...stored([name, [whole]]), isDeflated: true, packed: [await deflateRaw(whole)] };
}

/** An archive as NumPy writes it. @throws {ValueError} if it would have 4 GB. */
export function zip(op: string, files: readonly Written[]): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let offset = 0;
  for (const { name, packed, ...rest } of files) {
    const entry = { ...rest, name: new TextEncoder().encode(name), packedSize: lengthOf(packed) };
    const before = localRecord(entry);
    directory.push(centralRecord(entry, offset));
    pieces.push(before, ...packed);
    offset += before.length + entry.packedSize;
  }
  const length = lengthOf(directory);
  if (offset + length >= elsewhere || files.length >= 0xffff)
    throw new ValueError(
      `${op}: ${files.length} arrays of ${offset} bytes in all are more than an npz file takes here, 4 GB; save several, or use saveSafetensors`,
    );
  const end = recordOf(record.end.length, record.end.signature, (view) => {
    view.setUint16(8, files.length, true);
    view.setUint16(10, files.length, true);
    view.setUint32(12, length, true);
    view.setUint32(16, offset, true);
  });
  return [...pieces, ...directory, end];
}

const lengthOf = (pieces: readonly Uint8Array[]): number => pieces.reduce((sum, { length }) => sum + length, 0);

/** What its records say of a file. */
interface Recorded {
  readonly name: Uint8Array;
  readonly crc: number;
  readonly size: number;
  readonly packedSize: number;
  readonly isDeflated: boolean;
}

function recordOf(length: number, signature: number, fill: (view: DataView) => void): Uint8Array {
  const bytes = new Uint8Array(length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, signature, true);
  fill(view);
  return bytes;
}

/** What both records of a file have in common: version 4.5, which zip64 needs; whether the name is beyond ASCII; the first day of 1980. */
function common(view: DataView, at: number, { name, crc, isDeflated }: Recorded): void {
  view.setUint16(at, 45, true);
  view.setUint16(at + 2, name.some((byte) => byte > 127) ? 0x800 : 0, true);
  view.setUint16(at + 4, isDeflated ? 8 : 0, true);
  view.setUint16(at + 8, 0x21, true);
  view.setUint32(at + 10, crc, true);
  view.setUint16(at + 22, name.length, true);
}

/** NumPy has the lengths before a file always in 64 bits, for it writes them before it knows them. */
function localRecord(entry: Recorded): Uint8Array {
  const { length, signature } = record.local;
  const { name } = entry;
  const bytes = recordOf(length + name.length + 20, signature, (view) => {
    common(view, 4, entry);
    view.setUint32(18, elsewhere, true);
    view.setUint32(22, elsewhere, true);
    view.setUint16(28, 20, true);
    const extra = length + name.length;
    view.setUint16(extra, 1, true);
    view.setUint16(extra + 2, 16, true);
    view.setUint32(extra + 4, entry.size, true);
    view.setUint32(extra + 12, entry.packedSize, true);
  });
  bytes.set(name, length);
  return bytes;
}

function centralRecord(entry: Recorded, offset: number): Uint8Array {
  const { length, signature } = record.central;
  const bytes = recordOf(length + entry.name.length, signature, (view) => {
    view.setUint8(4, 45);
    view.setUint8(5, 3); // Unix
    common(view, 6, entry);
    view.setUint32(20, entry.packedSize, true);
    view.setUint32(24, entry.size, true);
    view.setUint32(38, 0o600 << 16, true); // the owner reads and writes it
    view.setUint32(42, offset, true);
  });
  bytes.set(entry.name, length);
  return bytes;
}
