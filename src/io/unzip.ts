// Zip archives as NumPy writes them: stored or deflated, also beyond 4 GB (zip64). Files are found by the directory,
// which must agree with the record before each file.
import { describe } from '../describe';
import { FormatError } from '../errors';
import { type OpenFile, part } from './source';

/** A file in an archive. */
export interface Entry {
  readonly name: string;
  readonly isDeflated: boolean;
  readonly crc: number;
  /** Its length after decompression. */
  readonly size: number;
  /**
   * The offset of its record in the archive, and the offsets of the first and after the last of its compressed bytes.
   */
  readonly start: number;
  readonly from: number;
  readonly to: number;
}

/** Lengths of the records of a zip file, without names and extra fields, and their signatures. */
export const record = {
  local: { length: 30, signature: 0x04034b50 },
  central: { length: 46, signature: 0x02014b50 },
  end: { length: 22, signature: 0x06054b50 },
  end64: { length: 56, signature: 0x06064b50 },
  locator64: { length: 20, signature: 0x07064b50 },
} as const;

/** Marks a value that is in a zip64 field. */
export const elsewhere = 0xffffffff;
const mostDeflate = 1032;
const longestComment = 0xffff;

/** Reads little-endian numbers in bytes. */
class Fields {
  private readonly view: DataView;
  constructor(readonly bytes: Uint8Array) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }
  u16 = (at: number): number => this.view.getUint16(at, true);
  u32 = (at: number): number => this.view.getUint32(at, true);
  u64 = (at: number): number => this.u32(at) + this.u32(at + 4) * 2 ** 32;
}

/** Returns the files of an archive, in their order there. @throws {FormatError} if it is damaged. */
export function readDirectory(where: string, file: OpenFile): Entry[] {
  const { from, to, count } = directoryOf(where, file);
  const fields = new Fields(part(where, file, from, to, 'its directory'));
  const entries: Entry[] = [];
  const names = new Set<string>();
  let at = 0;
  for (let i = 0; i < count; i++) {
    const { entry, next } = entryAt(where, file, fields, at, from);
    if (names.has(entry.name))
      throw new FormatError(`${where}: there are two files of the name ${describe(entry.name)} in it`);
    entries.push(entry);
    names.add(entry.name);
    at = next;
  }
  if (at !== fields.bytes.length) throw damaged(where, 'its directory is longer than its files need');
  const inOrder = [...entries].sort((a, b) => a.start - b.start);
  inOrder.forEach(({ name, start }, i) => {
    if (i > 0 && start < inOrder[i - 1].to)
      throw damaged(where, `${describe(name)} overlaps ${describe(inOrder[i - 1].name)}`);
  });
  return entries;
}

const damaged = (where: string, what: string) => new FormatError(`${where}: ${what}; the file is damaged`);

/** Finds the directory and the number of its files. */
function directoryOf(where: string, file: OpenFile): { from: number; to: number; count: number } {
  const { length, signature } = record.end;
  const tailFrom = Math.max(0, file.size - length - longestComment);
  const tail = new Fields(part(where, file, tailFrom, file.size, 'its end'));
  let at = tail.bytes.length - length;
  while (at >= 0 && !(tail.u32(at) === signature && at + length + tail.u16(at + 20) === tail.bytes.length)) at--;
  if (at < 0)
    throw new FormatError(
      `${where}: this is not an npz file, or it has been cut short: it has no directory at its end; numpy.savez(file, x=array) writes one`,
    );
  const end = tailFrom + at;
  const short = { disk: tail.u32(at + 4), count: tail.u16(at + 10), size: tail.u32(at + 12), from: tail.u32(at + 16) };
  const there = end64Of(where, file, end) ?? { ...short, to: end };
  if (there.disk !== 0) throw damaged(where, 'it is one of several disks');
  if (there.from + there.size !== there.to || there.count * record.central.length > there.size)
    throw damaged(where, `its directory of ${there.count} files does not lie between them and its end`);
  return there;
}

/** Reads the zip64 record of the directory, which archives beyond 4 GB have. */
function end64Of(where: string, file: OpenFile, end: number) {
  const { locator64, end64 } = record;
  const at = end - locator64.length;
  if (at < end64.length) return undefined;
  const locator = new Fields(part(where, file, at, end, 'its end'));
  if (locator.u32(0) !== locator64.signature) return undefined;
  const to = locator.u64(8);
  if (to > at - end64.length) throw damaged(where, 'the stated end of its directory is beyond it');
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
  const of = (what: string) => `${where}: ${describe(name)} in it ${what}`;
  if (flags & 1) throw new FormatError(of('is encrypted; save it without a password'));
  if (method !== 0 && method !== 8)
    throw new FormatError(of(`is packed by method ${method}; numpy.savez and numpy.savez_compressed use 0 and 8`));
  const extra = new Fields(bytes.subarray(extraFrom, extraTo));
  const short = [fields.u32(at + 24), fields.u32(at + 20), fields.u32(at + 42)];
  const [size, packed, start] = in64(where, extra, short);
  if (method === 0 && packed !== size)
    throw damaged(where, `${describe(name)} is stored in ${packed} bytes, and has ${size}`);
  // Deflate cannot compress further; a larger claimed size would allocate memory in vain.
  if (size > (packed + 1) * mostDeflate)
    throw damaged(where, `${describe(name)} says that ${packed} bytes unpack to ${size}`);
  if (start + local.length > limit) throw damaged(where, `${describe(name)} begins after the last file`);
  const before = new Fields(part(where, file, start, start + local.length, 'the record of a file'));
  const from = start + local.length + before.u16(26) + before.u16(28);
  const to = from + packed;
  if (before.u32(0) !== local.signature || to > limit)
    throw damaged(where, `${describe(name)} is not where its directory says`);
  const names = new Fields(part(where, file, start + local.length, from, 'the name of a file'));
  // In an archive written to a pipe, these numbers follow the file, so only the directory's are used.
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
  if (!isSame) throw damaged(where, `the directory entry of ${describe(name)} differs from the header before its data`);
  return { entry: { name, isDeflated: method === 8, crc, size, start, from, to }, next };
}

/** Returns numbers of 32 bits, or the 64-bit numbers of the extra fields that replace them. */
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
    throw new FormatError(`${where}: a file in it has the name ${describe(name)}, which ${fault}`);
  } catch (error) {
    if (error instanceof FormatError) throw error;
    throw damaged(where, 'the name of a file is not in UTF-8');
  }
}

/** Returns the fault of a file's name. Other programs may extract it to the path in the name. */
export function faultOf(name: string): string | undefined {
  if (/(^|[/\\])\.\.?([/\\]|$)/.test(name) || /^([/\\]|[a-z]:)/i.test(name)) return 'leads out of the archive';
  if (/[\0\p{Surrogate}]/u.test(name)) return 'is not text';
  return undefined;
}
