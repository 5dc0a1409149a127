import { crc32 as crcOfNode, deflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DtypeError, FormatError, GradlabError, io, tensor, ValueError, zeros } from '../../src';
import { joined } from '../../src/bytes';
import { inMemory } from '../../src/io/source';
import { readDirectory } from '../../src/io/unzip';
import { stored, zip } from '../../src/io/zip';
import { crc32 } from '../../src/kernels/crc32';
import { bytesOf, damage } from './fixtures';

const lists = (tensors: Record<string, { tolist(): unknown }>) =>
  Object.fromEntries(Object.entries(tensors).map(([name, x]) => [name, x.tolist()]));
const known = {
  x: [
    [0, 1, 2],
    [3, 4, 5],
  ],
  größe: [true],
  'layer/w': 7,
};

describe('reads from NumPy', () => {
  test.each(['stored', 'piped', 'packed'])('%s', async (name) => {
    const { zeros: packed, ...read } = await io.decodeNpz(bytesOf(`${name}.npz`));
    expect(lists(read)).toEqual(known);
    if (name === 'packed')
      expect([packed.shape, packed.dtype, packed.sum().item()]).toEqual([[100, 100], 'float64', 0]);
  });

  test('some of them', async () => {
    const bytes = bytesOf('packed.npz');
    expect(lists(await io.decodeNpz(bytes, { names: ['größe'] }))).toEqual({ größe: [true] });
    await expect(io.decodeNpz(bytes, { names: ['y'] })).rejects.toThrow(
      new ValueError("decodeNpz: it has no 'y'; it has 'x', 'größe', 'layer/w', 'zeros'"),
    );
  });
});

describe('writes', () => {
  test('the bytes of NumPy', async () => {
    const arrays = await io.decodeNpz(bytesOf('stored.npz'));
    expect(await io.encodeNpz(arrays)).toEqual(bytesOf('stored.npz'));
  });

  test.each([0, 170, 500])('the bytes of NumPy, where lengths beyond %i are written in 64 bits', async (limit) => {
    const bytes = bytesOf(`beyond-${limit}.npz`);
    const arrays = await io.decodeNpz(bytes);
    expect(Object.keys(arrays)).toEqual(['x', 'größe', 'layer/w', 'zeros']);
    const files = Object.entries(arrays).map(([name, x]) => stored([`${name}.npy`, [io.encodeNpy(x)]]));
    expect(joined(zip(files, limit))).toEqual(bytes);
  });

  test('more files than 16 bits can count', () => {
    const file = stored(['x.npy', [new Uint8Array(1)]]);
    const files = Array.from({ length: 2 ** 16 }, (_, i) => ({ ...file, name: `${i}` }));
    const bytes = joined(zip(files));
    expect(readDirectory('here', inMemory(bytes)).map(({ name }) => name)).toEqual(files.map(({ name }) => name));
  });

  test('compressed, and read again; lists of numbers as float64', async () => {
    const bytes = await io.encodeNpz(
      { loss: [0.1, Number.NaN], x: zeros([50, 50]), at: new Int32Array([3]) },
      { compressed: true },
    );
    expect(bytes.length).toBeLessThan(1000);
    const { loss, x, at } = await io.decodeNpz(bytes);
    expect([loss.dtype, loss.tolist(), x.shape, at.dtype]).toEqual(['float64', [0.1, Number.NaN], [50, 50], 'int32']);
    expect(await io.decodeNpz(await io.encodeNpz({}))).toEqual({});
    const odd = await io.decodeNpz(
      await io.encodeNpz(
        Object.fromEntries([
          ['__proto__', tensor([1])],
          ['', tensor(2)],
        ]),
      ),
    );
    expect(Object.keys(odd)).toEqual(['__proto__', '']);
    expect(Object.getPrototypeOf(odd)).toBe(Object.prototype);
  });

  test.each([['../x'], ['/x'], ['C:x'], ['a/../b'], ['a\\..\\b'], ['a\0'], ['\ud800']])(
    'rejects the name %j',
    async (name) => {
      await expect(io.encodeNpz({ [name]: tensor(1) })).rejects.toThrow(ValueError);
    },
  );

  test('accepts only arrays by name', async () => {
    for (const wrong of [tensor([1]), [1], null, { x: 'a' }, { x: [1, '2'] }, { x: { y: tensor(1) } }])
      await expect(io.encodeNpz(wrong as never)).rejects.toThrow(ValueError);
  });

  test('the checksum is that of zlib', () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.uint8Array(), (a, b) => {
        if (crcOfNode !== undefined) expect(crc32(a)).toBe(crcOfNode(a));
        expect(crc32(b, crc32(a))).toBe(crc32(Uint8Array.from([...a, ...b])));
      }),
    );
    expect(crc32(new TextEncoder().encode('123456789'))).toBe(0xcbf43926);
  });
});

/** An entry of an archive. */
interface Part {
  name: string;
  content: Uint8Array;
  method?: number;
  /** The archive's claims, where they differ from the truth. */
  size?: number;
  packedSize?: number;
  crc?: number;
  offset?: number;
  localName?: string;
  flags?: number;
}

const u16 = (value: number) => [value & 255, (value >> 8) & 255];
const u32 = (value: number) => [...u16(value & 0xffff), ...u16(value >>> 16)];
const u64 = (value: number) => [...u32(value >>> 0), ...u32(Math.floor(value / 2 ** 32))];

/** An archive with arbitrary claims, written independently of the library. */
function archive(parts: Part[], { zip64 = false, count = parts.length, shift = 0 } = {}): Uint8Array {
  const out: number[] = [];
  const directory: number[] = [];
  for (const { name, content, method = 8, localName = name, flags = 0, ...said } of parts) {
    const packed = method === 8 ? deflateRawSync(content) : content;
    const { size = content.length, packedSize = packed.length, crc = crc32(content), offset = out.length } = said;
    const bytes = [...new TextEncoder().encode(name)];
    const local = [...new TextEncoder().encode(localName)];
    const facts = (hidden: boolean) => [
      ...u16(45),
      ...u16(flags),
      ...u16(method),
      ...u32(0),
      ...u32(crc),
      ...u32(hidden ? 0xffffffff : packedSize),
      ...u32(hidden ? 0xffffffff : size),
    ];
    const extra = zip64 ? [...u16(1), ...u16(24), ...u64(size), ...u64(packedSize), ...u64(offset)] : [];
    const wide = size >= 2 ** 32 && !zip64;
    out.push(
      ...u32(0x04034b50),
      ...facts(zip64 || wide),
      ...u16(local.length),
      ...u16(extra.length),
      ...local,
      ...extra,
    );
    for (const byte of packed) out.push(byte);
    directory.push(...u32(0x02014b50), ...u16(45), ...facts(zip64 || wide), ...u16(bytes.length), ...u16(extra.length));
    directory.push(...u16(0), ...u16(0), ...u16(0), ...u32(0), ...u32(zip64 ? 0xffffffff : offset), ...bytes, ...extra);
  }
  const from = out.length + shift;
  out.push(...directory);
  if (zip64) {
    const at = out.length;
    out.push(
      ...u32(0x06064b50),
      ...u64(44),
      ...u16(45),
      ...u16(45),
      ...u32(0),
      ...u32(0),
      ...u64(count),
      ...u64(count),
    );
    out.push(...u64(directory.length), ...u64(from), ...u32(0x07064b50), ...u32(0), ...u64(at), ...u32(1));
  }
  const short = (value: number, most: number) => (zip64 ? most : value);
  out.push(...u32(0x06054b50), ...u32(0), ...u16(short(count, 0xffff)), ...u16(short(count, 0xffff)));
  out.push(...u32(short(directory.length, 0xffffffff)), ...u32(short(from, 0xffffffff)), ...u16(0));
  return Uint8Array.from(out);
}

const array = io.encodeNpy(tensor([1, 2, 3]));
const read = (parts: Part[], options = {}) => io.decodeNpz(archive(parts, options));

/** The largest byte array that was allocated during `work`. */
async function largest(work: () => Promise<unknown>): Promise<number> {
  const { Uint8Array: Original } = globalThis;
  let most = 0;
  globalThis.Uint8Array = new Proxy(Original, {
    construct(target, args) {
      if (typeof args[0] === 'number') most = Math.max(most, args[0]);
      return Reflect.construct(target, args);
    },
  });
  try {
    await work();
  } finally {
    globalThis.Uint8Array = Original;
  }
  return most;
}

describe('invalid files', () => {
  test('zip64 is read, stored and compressed', async () => {
    for (const method of [0, 8])
      expect(
        lists(
          await read(
            [
              { name: 'x.npy', content: array, method },
              { name: 'y.npy', content: array },
            ],
            { zip64: true },
          ),
        ),
      ).toEqual({ x: [1, 2, 3], y: [1, 2, 3] });
  });

  test.each<[string, Part[], RegExp, object?]>([
    [
      'a duplicate name',
      [
        { name: 'x.npy', content: array },
        { name: 'x.npy', content: array },
      ],
      /two files of the name 'x.npy'/,
    ],
    [
      'a name outside the archive',
      [{ name: '../x.npy', content: array }],
      /"..\/x.npy", which leads out of the archive/,
    ],
    ['an absolute name', [{ name: '/x.npy', content: array }], /leads out/],
    ['not an array', [{ name: 'x.txt', content: array }], /'x.txt', which is not a NumPy array/],
    ['a pickle as an array', [{ name: 'x.npy', content: new Uint8Array(100) }], /x: this is not an npy file/],
    ['an object', [{ name: 'x.npy', content: bytesOf('object.npy') }], /nothing|pickled/],
    ['a wrong checksum', [{ name: 'x.npy', content: array, crc: 1 }], /its checksum is \w{8}, and should be 00000001/],
    ['the same, stored', [{ name: 'x.npy', content: array, crc: 1, method: 0 }], /its checksum/],
    ['a smaller size', [{ name: 'x.npy', content: array, size: 139 }], /139/],
    ['a larger size', [{ name: 'x.npy', content: array, size: 141 }], /141/],
    ['a huge size', [{ name: 'x.npy', content: array, size: 2 ** 31 }], /unpack to 2147483648/],
    ['a huge size in 64 bits', [{ name: 'x.npy', content: array, size: 2 ** 50 }], /unpack to/, { zip64: true }],
    [
      'a size without its 64 bits',
      [{ name: 'x.npy', content: array, size: 2 ** 32 }],
      /a length beyond 4 GB is missing/,
    ],
    [
      'a stored size that differs',
      [{ name: 'x.npy', content: array, method: 0, size: 100 }],
      /is stored in 140 bytes, and has 100/,
    ],
    [
      'a compressed size beyond the file',
      [{ name: 'x.npy', content: array, packedSize: 9999 }],
      /is not where its directory says/,
    ],
    ['an offset beyond the file', [{ name: 'x.npy', content: array, offset: 9999 }], /begins after the last file/],
    [
      'the offset of another entry',
      [
        { name: 'x.npy', content: array },
        { name: 'y.npy', content: array, offset: 0 },
      ],
      /header before its data|overlaps/,
    ],
    [
      'another name before it',
      [{ name: 'x.npy', content: array, localName: 'y.npy' }],
      /the directory entry of 'x.npy'/,
    ],
    ['a password', [{ name: 'x.npy', content: array, flags: 1 }], /is encrypted/],
    ['another method', [{ name: 'x.npy', content: array, method: 14 }], /packed by method 14/],
    ['more files than there are', [{ name: 'x.npy', content: array }], /of 2 files|fewer files/, { count: 2 }],
    [
      'fewer files',
      [
        { name: 'x.npy', content: array },
        { name: 'y.npy', content: array },
      ],
      /longer than its files/,
      { count: 1 },
    ],
    ['a directory elsewhere', [{ name: 'x.npy', content: array }], /does not lie between/, { shift: 5 }],
  ])('%s', async (_, parts, message, options) => {
    await expect(read(parts, options)).rejects.toThrow(message);
    await expect(read(parts, options)).rejects.toThrow(GradlabError);
  });

  test('two arrays in the same bytes', async () => {
    // Both records are valid, and the second is inside the first, which is stored.
    const inner = archive([{ name: 'y.npy', content: array, method: 0 }]).slice(0, 30 + 5 + array.length);
    const outer = io.encodeNpy(tensor([...inner], { dtype: 'uint8' }));
    const offset = 30 + 5 + 128;
    await expect(
      read([
        { name: 'x.npy', content: outer, method: 0 },
        { name: 'y.npy', content: array, method: 0, offset },
      ]),
    ).rejects.toThrow(/'y.npy' overlaps 'x.npy'/);
  });

  test("a zip bomb uses no more memory than the array's size", async () => {
    const bomb = new Uint8Array(50_000_000);
    bomb.set(array);
    for (const size of [140, 50_000_000]) {
      const bytes = archive([{ name: 'x.npy', content: bomb, size }]);
      const most = await largest(async () => {
        await expect(io.decodeNpz(bytes)).rejects.toThrow(FormatError);
      });
      expect(most).toBeLessThan(500_000);
    }
    // A valid file is read, however well it compresses.
    const right = io.encodeNpy(zeros([1000, 1000]));
    const bytes = archive([{ name: 'x.npy', content: right }]);
    const most = await largest(async () => expect((await io.decodeNpz(bytes)).x.shape).toEqual([1000, 1000]));
    expect(most).toBe(right.length);
  });

  test('every truncation of a file, and an extra byte', async () => {
    for (const name of ['stored', 'packed', 'piped']) {
      const whole = bytesOf(`${name}.npz`);
      for (let length = 0; length < whole.length; length++)
        await expect(io.decodeNpz(whole.subarray(0, length))).rejects.toThrow(FormatError);
      await expect(io.decodeNpz(Uint8Array.from([...whole, 0]))).rejects.toThrow(FormatError);
    }
  });

  test('damage gives the original, or a typed error', async () => {
    const read = async (bytes: Uint8Array) =>
      // Checksums cover the numbers; a name may differ if both records were changed alike.
      expect(Object.values(lists(await io.decodeNpz(bytes))).slice(0, 3)).toEqual(Object.values(known));
    const isFine = (error: unknown) => error instanceof FormatError || error instanceof DtypeError;
    for (const name of ['stored', 'packed'])
      await damage(bytesOf(`${name}.npz`), read, isFine, { mostChanges: 3, numRuns: 300 });
  });
});
