// Writes zip archives byte for byte as NumPy does: stored or deflated, also beyond 4 GB (zip64).
import { joined } from '../bytes';
import { crc32 } from '../kernels/crc32';
import { deflateRaw } from '../platform';
import { elsewhere, record } from './unzip';

/** A file for an archive. */
interface Written {
  readonly name: string;
  readonly crc: number;
  readonly size: number;
  readonly isDeflated: boolean;
  readonly packed: readonly Uint8Array[];
}

/** The name and the bytes of a file, in pieces. */
type Content = readonly [name: string, content: readonly Uint8Array[]];

/** Returns a stored file; its bytes are not copied. */
export const stored = ([name, content]: Content): Written => ({
  name,
  crc: content.reduce((sum, bytes) => crc32(bytes, sum), 0),
  size: lengthOf(content),
  isDeflated: false,
  packed: content,
});

/** Returns a deflated file, from its bytes at the time of the call. */
export async function deflated([name, content]: Content): Promise<Written> {
  const whole = joined(content);
  return { ...stored([name, [whole]]), isDeflated: true, packed: [await deflateRaw(whole)] };
}

/** Above this, lengths and offsets are written in 64 bits, as Python does. */
const longest32 = 2 ** 31 - 1;
const mostFiles = 0xffff;

/** Returns an archive as NumPy writes it. @param limit for tests: numbers above it are written in 64 bits */
export function zip(files: readonly Written[], limit: number = longest32): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let offset = 0;
  for (const { name, packed, ...rest } of files) {
    const entry = { ...rest, name: new TextEncoder().encode(name), packedSize: lengthOf(packed) };
    const before = localRecord(entry);
    directory.push(centralRecord(entry, offset, limit));
    pieces.push(before, ...packed);
    offset += before.length + entry.packedSize;
  }
  return [...pieces, ...directory, ...endRecords(files.length, lengthOf(directory), offset, limit)];
}

/** Returns the records after the directory: number of files, length and offset of the directory. */
function endRecords(count: number, length: number, offset: number, limit: number): Uint8Array[] {
  const end = recordOf(record.end, (view) => {
    view.setUint16(8, Math.min(count, mostFiles), true);
    view.setUint16(10, Math.min(count, mostFiles), true);
    view.setUint32(12, Math.min(length, elsewhere), true);
    view.setUint32(16, Math.min(offset, elsewhere), true);
  });
  if (count <= mostFiles && Math.max(length, offset) <= limit) return [end];
  const end64 = recordOf(record.end64, (view) => {
    setUint64(view, 4, record.end64.length - 12);
    view.setUint16(12, 45, true);
    view.setUint16(14, 45, true);
    for (const [i, value] of [count, count, length, offset].entries()) setUint64(view, 24 + 8 * i, value);
  });
  const locator = recordOf(record.locator64, (view) => {
    setUint64(view, 8, offset + length);
    view.setUint32(16, 1, true);
  });
  return [end64, locator, end];
}

const setUint64 = (view: DataView, at: number, value: number) => view.setBigUint64(at, BigInt(value), true);

const lengthOf = (pieces: readonly Uint8Array[]): number => pieces.reduce((sum, { length }) => sum + length, 0);

/** The fields of a file in its records. */
interface Recorded {
  readonly name: Uint8Array;
  readonly crc: number;
  readonly size: number;
  readonly packedSize: number;
  readonly isDeflated: boolean;
}

function recordOf(
  { length, signature }: { length: number; signature: number },
  fill: (view: DataView) => void,
): Uint8Array {
  const bytes = new Uint8Array(length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, signature, true);
  fill(view);
  return bytes;
}

/**
 * Writes the fields that both records of a file share: version 4.5, which zip64 needs; a flag for non-ASCII names; the
 * date 1 January 1980.
 */
function common(view: DataView, at: number, { name, crc, isDeflated }: Recorded): void {
  view.setUint16(at, 45, true);
  view.setUint16(at + 2, name.some((byte) => byte > 127) ? 0x800 : 0, true);
  view.setUint16(at + 4, isDeflated ? 8 : 0, true);
  view.setUint16(at + 8, 0x21, true);
  view.setUint32(at + 10, crc, true);
  view.setUint16(at + 22, name.length, true);
}

/** Returns the extra field of 64-bit numbers after a name. */
function extra64(values: readonly number[]): Uint8Array {
  if (values.length === 0) return new Uint8Array(0);
  const bytes = new Uint8Array(4 + 8 * values.length);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, 1, true);
  view.setUint16(2, 8 * values.length, true);
  for (const [i, value] of values.entries()) setUint64(view, 4 + 8 * i, value);
  return bytes;
}

/** NumPy always writes the lengths before a file in 64 bits, because it does not know them yet. */
function localRecord(entry: Recorded): Uint8Array {
  const extra = extra64([entry.size, entry.packedSize]);
  const bytes = recordOf(record.local, (view) => {
    common(view, 4, entry);
    view.setUint32(18, elsewhere, true);
    view.setUint32(22, elsewhere, true);
    view.setUint16(28, extra.length, true);
  });
  return joined([bytes, entry.name, extra]);
}

function centralRecord(entry: Recorded, offset: number, limit: number): Uint8Array {
  const isLong = Math.max(entry.size, entry.packedSize) > limit;
  const isFar = offset > limit;
  const extra = extra64([...(isLong ? [entry.size, entry.packedSize] : []), ...(isFar ? [offset] : [])]);
  const bytes = recordOf(record.central, (view) => {
    view.setUint8(4, 45);
    view.setUint8(5, 3); // Unix
    common(view, 6, entry);
    view.setUint32(20, isLong ? elsewhere : entry.packedSize, true);
    view.setUint32(24, isLong ? elsewhere : entry.size, true);
    view.setUint16(30, extra.length, true);
    view.setUint32(38, 0o600 << 16, true); // the owner reads and writes it
    view.setUint32(42, isFar ? elsewhere : offset, true);
  });
  return joined([bytes, entry.name, extra]);
}
