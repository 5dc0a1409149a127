import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  arange,
  type Dtype,
  DtypeError,
  FormatError,
  GradlabError,
  io,
  nn,
  tensor,
  ValueError,
  zeros,
} from '../../src';
import { damage, bytesOf as fixture } from './fixtures';

const bytesOf = (name: string) => fixture(`${name}.safetensors`);
const encoder = new TextEncoder();

describe("reads from the format's own library", () => {
  test('all kinds', () => {
    const read = io.decodeSafetensors(bytesOf('kinds'));
    const facts = Object.fromEntries(Object.entries(read).map(([name, x]) => [name, [x.dtype, x.tolist()]]));
    expect(facts).toEqual({
      f64: ['float64', [0.1, Number.POSITIVE_INFINITY]],
      f32: ['float32', [[1.5, -2]]],
      f16: ['float32', [1.5, 2 ** -24]],
      bf16: ['float32', [1.5, -3.00405527047391e38]],
      i64: ['int32', [-1, 2 ** 31 - 1]],
      i32: ['int32', [-(2 ** 31)]],
      i16: ['int32', [-32768]],
      i8: ['int32', [-128, 127]],
      u16: ['int32', [65535]],
      u8: ['uint8', [0, 255]],
      bool: ['bool', [true, false]],
      scalar: ['float32', 3],
      empty: ['float32', [[], []]],
      'näme "quoted"\n': ['float32', [1]],
    });
  });

  test('some of them; numbers beyond int32, and 8 bits', () => {
    expect(Object.keys(io.decodeSafetensors(bytesOf('kinds'), { names: ['i8', 'f64'] }))).toEqual(['i8', 'f64']);
    expect(() => io.decodeSafetensors(bytesOf('kinds'), { names: ['f65'] })).toThrow(/it has no 'f65'; it has '/);
    expect(() => io.decodeSafetensors(bytesOf('wide'))).toThrow(/x: element 0 of its int64 is 1099511627776/);
    expect(io.decodeSafetensors(bytesOf('wide'), { dtype: 'float64' }).x.tolist()).toEqual([2 ** 40]);
    expect(() => io.decodeSafetensors(bytesOf('float8'))).toThrow(
      new DtypeError(
        "decodeSafetensors: x: it has dtype 'F8_E4M3', floats of 4 to 8 bits; in Python, save tensor.to(torch.float32)",
      ),
    );
  });
});

describe('writes', () => {
  test("the bytes of the format's own library, in any order of names", () => {
    const tensors = io.decodeSafetensors(bytesOf('ours'));
    const metadata = { note: 'ä "1"' };
    expect(io.encodeSafetensors(tensors, { metadata })).toEqual(bytesOf('ours'));
    const reversed = Object.fromEntries(Object.entries(tensors).reverse());
    expect(io.encodeSafetensors(reversed, { metadata })).toEqual(bytesOf('ours'));
  });

  test('any tensors are restored unchanged', () => {
    const dtypes = fc.constantFrom<Dtype[]>('float32', 'float64', 'int32', 'uint8', 'bool');
    const one = fc.record({ dtype: dtypes, shape: fc.array(fc.nat(3), { maxLength: 4 }), first: fc.nat(200) });
    const names = fc.string({ unit: 'grapheme' }).filter((name) => name !== '__metadata__');
    fc.assert(
      fc.property(fc.dictionary(names, one), fc.dictionary(fc.string(), fc.string()), (all, metadata) => {
        const tensors = Object.fromEntries(
          Object.entries(all).map(([name, { dtype, shape, first }]) => [
            name,
            dtype === 'bool' ? zeros(shape, { dtype }).logicalNot() : zeros(shape, { dtype }).add_(first),
          ]),
        );
        const read = io.decodeSafetensors(io.encodeSafetensors(tensors, { metadata }));
        const facts = (list: typeof read) =>
          Object.fromEntries(Object.entries(list).map(([name, x]) => [name, [x.dtype, x.shape, x.tolist()]]));
        expect(facts(read)).toEqual(facts(tensors));
      }),
    );
  });

  test('views in reading order; rejects names or texts that the format lacks', () => {
    const x = arange(6).view(2, 3);
    const read = io.decodeSafetensors(io.encodeSafetensors({ t: x.t(), row: x.at(1), losses: [0.5, 1] }));
    expect([read.t.tolist(), read.row.tolist(), read.losses.dtype]).toEqual([
      [
        [0, 3],
        [1, 4],
        [2, 5],
      ],
      [3, 4, 5],
      'float64',
    ]);
    expect(() => io.encodeSafetensors({ __metadata__: x })).toThrow(/texts go into the option metadata/);
    expect(() => io.encodeSafetensors({ '\ud800': x })).toThrow(ValueError);
    expect(() => io.encodeSafetensors({ x }, { metadata: { epochs: 3 as unknown as string } })).toThrow(
      /must have texts/,
    );
    expect(() => io.encodeSafetensors({ x: null as unknown as typeof x })).toThrow(ValueError);
    const own = io.decodeSafetensors(io.encodeSafetensors(Object.fromEntries([['__proto__', x]])));
    expect(Object.keys(own)).toEqual(['__proto__']);
    expect(Object.getPrototypeOf(own)).toBe(Object.prototype);
  });
});

/** A file with this header and `count` bytes after it. */
function file(header: string, count = 0, length = encoder.encode(header).length): Uint8Array {
  const text = encoder.encode(header);
  const bytes = new Uint8Array(8 + text.length + count);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, length % 2 ** 32, true);
  view.setUint32(4, Math.floor(length / 2 ** 32), true);
  bytes.set(text, 8);
  return bytes;
}
const info = (shape: unknown, offsets: unknown, dtype: unknown = 'F32') =>
  JSON.stringify({ dtype, shape, data_offsets: offsets });

describe('invalid files', () => {
  test('accepts all that the format allows', () => {
    expect(io.decodeSafetensors(file('{}'))).toEqual({});
    expect(io.decodeSafetensors(file('{"__metadata__":{}}      '))).toEqual({});
    expect(io.decodeSafetensors(file(`{"x": ${info([1], [4, 8])}, "y" :${info([1], [0, 4])}}`, 8)).y.tolist()).toEqual([
      0,
    ]);
    const text = `{"__metadata__":{"x":"{\\"x\\":1,\\"x\\":[[[[[","y\\\\":"}"},"x":${info([1], [0, 4])}}`;
    expect(Object.keys(io.decodeSafetensors(file(text, 4)))).toEqual(['x']);
  });

  test.each<[string, Uint8Array, string]>([
    ['an empty file', new Uint8Array(0), 'the file ends after 0 bytes, within the length of its header'],
    ['a header that is too long', file('{}', 0, 100_000_001), 'at most 100000000 can be'],
    ['one of 2⁶³', file('{}', 0, 2 ** 63), 'at most 100000000 can be'],
    ['one beyond the file', file('{}', 0, 99_999_999), 'the file ends after 10 bytes, within its header'],
    ['blanks before it', file(' {}'), 'does not begin with {'],
    ['invalid JSON', file('{"x":}'), 'its header is not right'],
    ['a list', file('[]'), 'does not begin with {'],
    ['an unterminated string', file('{"x'), 'its header is not right'],
    ['invalid UTF-8', Uint8Array.from([...file('{"x').slice(0, 8), 0x7b, 0x22, 0xff]), 'it is not in UTF-8'],
    ['a duplicate name', file(`{"x":${info([1], [0, 4])},"x":${info([1], [0, 4])}}`, 4), '"x" occurs twice'],
    [
      'a duplicate, far from the colon',
      file(`{"x":${info([1], [0, 4])},"x"${' '.repeat(50)}:${info([1], [0, 4])}}`, 4),
      'twice',
    ],
    [
      'a duplicate, once as an escape',
      file(`{"x":${info([1], [0, 4])},"\\u0078":${info([1], [0, 4])}}`, 4),
      '"x" occurs twice',
    ],
    [
      'a duplicate dtype',
      file(`{"x":{"dtype":"F32","shape":[],"data_offsets":[0,4],"dtype":"I32"}}`, 4),
      '"dtype" occurs twice',
    ],
    ['depth', file(`{"x":${'['.repeat(100_000)}${']'.repeat(100_000)}}`), 'nested more deeply'],
    ['no info', file('{"x":7}'), 'x: its header must say dtype, shape and data_offsets'],
    ['no dtype', file('{"x":{"shape":[]}}'), 'its dtype is missing'],
    ['an unknown dtype', file(`{"x":${info([1], [0, 4], 'Q7')}}`, 4), "it has dtype 'Q7', which is unknown"],
    ['an inherited name as dtype', file(`{"x":${info([1], [0, 4], 'constructor')}}`, 4), "it has dtype 'constructor'"],
    ['no shape', file(`{"x":${info('1', [0, 4])}}`, 4), 'its shape must be a list'],
    ['a negative size', file(`{"x":${info([-1], [0, 4])}}`, 4), 'has the size -1'],
    ['a fraction', file(`{"x":${info([0.5], [0, 2])}}`, 2), 'has the size 0.5'],
    ['NaN, that is null', file(`{"x":${info([Number.NaN], [0, 4])}}`, 4), 'its shape must be a list of whole numbers'],
    ['infinity', file(`{"x":${info([], [0, 4]).replace('[]', '[1e999]')}}`, 4), 'has the size Infinity'],
    ['sizes that overflow', file(`{"x":${info([2 ** 32, 2 ** 32], [0, 0])}}`), 'more elements than any memory'],
    ['overflow after a 0', file(`{"x":${info([0, 2 ** 32, 2 ** 32], [0, 0])}}`), 'more elements than any memory'],
    ['a huge shape', file(`{"x":${info([1e9], [0, 4])}}`, 4), 'needs 4000000000 bytes, and data_offsets [0, 4] have 4'],
    ['a huge offset', file(`{"x":${info([1e9], [0, 4e9])}}`, 4), 'its tensors end at byte'],
    ['offsets in reverse', file(`{"x":${info([1], [4, 0])}}`, 4), 'have -4'],
    ['a negative offset', file(`{"x":${info([1], [-4, 0])}}`, 4), 'must be two whole numbers'],
    ['a fractional offset', file(`{"x":${info([1], [0.5, 4.5])}}`, 4), 'must be two whole numbers'],
    ['three offsets', file(`{"x":${info([1], [0, 4, 8])}}`, 4), 'must be two whole numbers'],
    ['a gap at the start', file(`{"x":${info([1], [4, 8])}}`, 8), 'x begins at byte'],
    ['a gap between', file(`{"x":${info([1], [0, 4])},"y":${info([1], [8, 12])}}`, 12), 'where no tensor is before it'],
    ['an overlap', file(`{"x":${info([2], [0, 8])},"y":${info([1], [4, 8])}}`, 8), 'where another tensor is'],
    ['the same offset', file(`{"x":${info([1], [0, 4])},"y":${info([1], [0, 4])}}`, 4), 'where another tensor is'],
    ['trailing bytes', file(`{"x":${info([1], [0, 4])}}`, 5), 'continues after them'],
    ['numbers as metadata', file('{"__metadata__":{"x":1}}'), 'must have texts by name'],
    ['a list as metadata', file('{"__metadata__":[]}'), 'must have texts by name'],
  ])('%s', (_, bytes, message) => {
    expect(() => io.decodeSafetensors(bytes)).toThrow(message);
    expect(() => io.decodeSafetensors(bytes)).toThrow(GradlabError);
  });

  test('every truncation of a file, and an extra byte', () => {
    for (const name of ['ours', 'kinds']) {
      const whole = bytesOf(name);
      for (let length = 0; length < whole.length; length++)
        expect(() => io.decodeSafetensors(whole.subarray(0, length))).toThrow(FormatError);
      expect(() => io.decodeSafetensors(Uint8Array.from([...whole, 0]))).toThrow(FormatError);
    }
  });

  test('damage gives tensors no larger than the file, or a typed error', async () => {
    const whole = bytesOf('ours');
    const read = (bytes: Uint8Array) => {
      const tensors = Object.values(io.decodeSafetensors(bytes));
      expect(tensors.reduce((sum, x) => sum + x.numel(), 0)).toBeLessThanOrEqual(whole.length);
    };
    await damage(whole, read, (error) => error instanceof GradlabError);
  });

  test('headers of any JSON give a typed error', () => {
    const value = fc.oneof(fc.jsonValue({ maxDepth: 3 }), fc.constantFrom('F32', [], [0, 0], 1e300, -1, '__proto__'));
    const infos = fc.record(
      { dtype: value, shape: value, data_offsets: value, __proto__: value },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.oneof(infos, value)), (header) => {
        try {
          io.decodeSafetensors(file(JSON.stringify(header)));
        } catch (error) {
          if (!(error instanceof GradlabError)) throw error;
        }
      }),
      { numRuns: 500 },
    );
  });

  test('an error leaves the net unchanged', () => {
    const net = new nn.Linear(2, 2);
    const before = net.weight.tolist();
    const bytes = io.encodeSafetensors({ ...net.stateDict(), weight: zeros([2, 2]) });
    expect(() => net.loadStateDict(io.decodeSafetensors(bytes.subarray(0, -1)))).toThrow(FormatError);
    const other = io.encodeSafetensors({ weight: zeros([2, 2]), bias: zeros([3]) });
    expect(() => net.loadStateDict(io.decodeSafetensors(other))).toThrow(
      /shape of bias: the module has \[2\], the state \[3\]/,
    );
    expect(net.weight.tolist()).toEqual(before);
    expect(tensor(before).shape).toEqual([2, 2]);
  });
});
