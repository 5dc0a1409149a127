// Writes archives of zip, byte for byte as NumPy does.
import { joined } from '../bytes';
import { ValueError } from '../errors';
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
