// npy files compared with those of NumPy (make.py), and damaged files.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type Dtype,
  DtypeError,
  FormatError,
  GradlabError,
  io,
  type Tensor,
  tensor,
  ValueError,
  zeros,
} from '../../src';
import { bytesOf, damage } from './fixtures';

const read = (name: string, options?: io.ReadOptions) => io.decodeNpy(bytesOf(`${name}.npy`), options);
const facts = (x: Tensor) => [x.dtype, x.shape, x.tolist()];
const huge = Math.fround(3e38);
const grid = [
  [1.5, -2, 0],
  [Number.POSITIVE_INFINITY, Number.NaN, huge],
];

describe('reads from NumPy', () => {
  test.each([
    ['float32', 'float32', [2, 3], grid],
    [
      'float64',
      'float64',
      [2, 3],
      [
        [1.5, -2, 0.1],
        [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1e300],
      ],
    ],
    ['int32', 'int32', [3], [-(2 ** 31), 0, 2 ** 31 - 1]],
    [
      'bool',
      'bool',
      [2, 2],
      [
        [true, false],
        [false, true],
      ],
    ],
    ['scalar', 'float64', [], 0.1],
    ['empty', 'float32', [3, 0, 2], [[], [], []]],
    ['none', 'float32', [0], []],
    ['int16', 'int32', [2], [-32768, 32767]],
    ['int8', 'int32', [2], [-128, 127]],
    ['uint16', 'int32', [2], [0, 65535]],
    ['uint32', 'int32', [2], [7, 2 ** 31 - 1]],
    ['uint64', 'int32', [2], [7, 2 ** 31 - 1]],
    ['int64', 'int32', [4], [-(2 ** 31), -1, 0, 2 ** 31 - 1]],
    ['big-float32', 'float32', [2, 3], grid],
    ['big-float64', 'float64', [2], [0.1, -1e-300]],
    ['big-int64', 'int32', [2], [-5, 70000]],
    ['big-float16', 'float32', [2], [0.0999755859375, -2]],
    [
      'fortran-big',
      'int32',
      [2, 3],
      [
        [0, 1, 2],
        [3, 4, 5],
      ],
    ],
    ['version2', 'float32', [3], [0, 1, 2]],
    ['version3', 'float32', [3], [0, 1, 2]],
  ])('%s', (name, dtype, shape, values) => {
    expect(facts(read(name))).toEqual([dtype, shape, values]);
  });

  test('uint8, columns first, and 16 bits', () => {
    expect([...read('uint8').toArray()]).toEqual(Array.from({ length: 256 }, (_, i) => i));
    const fortran = read('fortran');
    expect(fortran.isContiguous()).toBe(true);
    expect([...fortran.toArray()]).toEqual(Array.from({ length: 24 }, (_, i) => i));
    expect(read('float16').tolist()).toEqual([
      1,
      -1.5,
      2 ** -24,
      65504,
      Number.POSITIVE_INFINITY,
      2 ** -14,
      0.0999755859375,
    ]);
  });

  test('integers beyond int32 are read as float64 on request', () => {
    expect(() => read('int64-wide')).toThrow(
      new DtypeError(
        "decodeNpy: element 0 of its int64 is 9007199254740991, and int32 goes from -2³¹ to 2³¹ - 1; read it with { dtype: 'float64' }",
      ),
    );
    expect(facts(read('int64-wide', { dtype: 'float64' }))).toEqual(['float64', [3], [2 ** 53 - 1, -(2 ** 40), 5]]);
    expect(facts(read('float32', { dtype: 'float64' }))).toEqual(['float64', [2, 3], grid]);
    const beyond = bytesOf('int64-wide.npy');
    beyond[beyond.length - 17] = 0x7f;
    expect(() => io.decodeNpy(beyond, { dtype: 'float64' })).toThrow(
      /float64 has whole numbers exactly up to 2⁵³ only/,
    );
    expect(() => read('float32', { dtype: 'int32' as 'float64' })).toThrow(ValueError);
  });

  test.each([
    ['complex', /'<c16', complex numbers; in Python, save array.real and array.imag/],
    [
      'object',
      /Python objects, which are pickled, and pickled data can run any program; in Python, save an array of numbers/,
    ],
    ['text', /'<U2', texts; in Python, save/],
    ['bytes', /'\|S2', texts in bytes/],
    ['dates', /dates; in Python, save array.astype\('int64'\)/],
    ['structured', /structured dtype; save each of its fields by itself/],
    ['longdouble', /floats of this size; in Python, save array.astype\(numpy.float64\)/],
  ])('%s: suggests what to do in Python', (name, message) => {
    expect(() => read(name)).toThrow(DtypeError);
    expect(() => read(name)).toThrow(message);
  });
});

describe('writes', () => {
  test.each(['float32', 'float64', 'int32', 'uint8', 'bool', 'scalar', 'empty', 'none', 'version2', 'large-first'])(
    '%s: the bytes of NumPy',
    (name) => {
      const expected = bytesOf(name === 'version2' ? 'version3.npy' : `${name}.npy`);
      const written = io.encodeNpy(read(name));
      // Where version 1 suffices, other versions differ only in the version and the size of the length field.
      if (name === 'version2') expect(written.slice(-12)).toEqual(expected.slice(-12));
      else expect(written).toEqual(expected);
    },
  );

  test('views are written in reading order', () => {
    const x = tensor([
      [1, 2, 3],
      [4, 5, 6],
    ]);
    for (const view of [x.t(), x.narrow(1, 1, 2), x.select(0, 1), x.unsqueeze(0).expand([4, 2, 3]), x.at(1, 2)])
      expect(facts(io.decodeNpy(io.encodeNpy(view)))).toEqual(facts(view));
  });

  test('any tensor is restored unchanged', () => {
    const dtypes = fc.constantFrom<Dtype[]>('float32', 'float64', 'int32', 'uint8', 'bool');
    const shapes = fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 5 });
    fc.assert(
      fc.property(dtypes, shapes, fc.infiniteStream(fc.double()), (dtype, shape, values) => {
        const x = zeros(shape, { dtype });
        for (let i = 0; i < x.data.length; i++) x.data[i] = dtype === 'bool' ? i % 2 : values.next().value!;
        const y = io.decodeNpy(io.encodeNpy(x));
        expect(facts(y)).toEqual(facts(x));
      }),
    );
  });
});

/** An npy file with this header. */
function withHeader(dict: string, numbers = new Uint8Array(0), version = 1): Uint8Array {
  const text = new TextEncoder().encode(dict);
  const length = version === 1 ? [text.length & 255, text.length >> 8] : [text.length & 255, text.length >> 8, 0, 0];
  return Uint8Array.from([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, version, 0, ...length, ...text, ...numbers]);
}
const dict = (shape: string, descr = "'<f4'", order = 'False') =>
  `{'descr': ${descr}, 'fortran_order': ${order}, 'shape': ${shape}}`;

describe('invalid files', () => {
  test('accepts headers of other programs', () => {
    const numbers = new Uint8Array(8);
    for (const text of [
      dict('(2L,)'),
      `{"shape":(2,),"fortran_order":False,"descr":"<f4",}   \n`,
      ` {'fortran_order' : True , 'shape' : ( 2 , ) , 'descr' : '=f4' } `,
    ])
      expect(io.decodeNpy(withHeader(text, numbers)).tolist()).toEqual([0, 0]);
  });

  test.each([
    ['a negative size', dict('(-1,)'), 'sizes are whole numbers from 0 on'],
    ['-0', dict('(-0,)'), 'sizes are whole numbers'],
    ['a fraction', dict('(1.5,)'), 'has the size 1.5'],
    ['sizes that overflow', dict('(4294967296, 4294967296)'), 'more elements than any memory'],
    ['a size beyond 2⁵³', dict('(9007199254740993,)'), 'sizes are whole numbers'],
    ['infinity', dict('(1e999,)'), 'has the size Infinity'],
    ['overflow after a 0', dict('(0, 4294967296, 4294967296)'), 'more elements than any memory'],
    ['a huge shape', dict('(1000000000, 1000)'), 'promises float32 of shape [1000000000, 1000], 4000000000'],
    ['65 dimensions', dict(`(${'1,'.repeat(65)})`), 'has 65 dimensions'],
    ['not a number', dict("('a',)"), 'must be a tuple of whole numbers'],
    ['not a tuple', dict('7'), 'must be a tuple'],
    ['no order', dict('()', "'<f4'", '1'), 'must be True or False'],
    ['a call', dict('__import__("os")'), `its header cannot be read: unexpected text '__import__("os")`],
    ['a missing key', "{'descr': '<f4', 'shape': ()}", 'and has descr,shape'],
    ['another key', "{'descr': '<f4', 'fortran_order': False, 'shape': (), '__proto__': 1}", 'and has __proto__,descr'],
    ['a duplicate key', "{'descr': '<f4', 'shape': (1,), 'fortran_order': False, 'shape': ()}", 'occurs twice'],
    ['no end', "{'descr': '<f4', 'fortran_order': False, 'shape': (", 'its end is where a value should be'],
    ['depth', dict('('.repeat(3000)), 'cannot be read'],
    ['trailing text', `${dict('()')} 7`, 'something follows: 7'],
    ['an unknown dtype', dict('()', "'<x9'"), 'elements of a type that gradlab does not have'],
    ['an inherited name as dtype', dict('()', "'toString'"), "has dtype 'toString'"],
  ])('%s', (_, text, message) => {
    expect(() => io.decodeNpy(withHeader(text))).toThrow(message);
    expect(() => io.decodeNpy(withHeader(text))).toThrow(GradlabError);
    expect(() => io.decodeNpy(withHeader(text, undefined, 3))).toThrow(message);
  });

  test('every truncation of a file, and an extra byte', () => {
    for (const name of ['float32', 'version3', 'fortran', 'scalar']) {
      const whole = bytesOf(`${name}.npy`);
      for (let length = 0; length < whole.length; length++)
        expect(() => io.decodeNpy(whole.subarray(0, length))).toThrow(FormatError);
      expect(() => io.decodeNpy(Uint8Array.from([...whole, 0]))).toThrow(/save several arrays with numpy.savez/);
    }
  });

  test('other files, versions and headers that are too long', () => {
    expect(() => io.decodeNpy(bytesOf('ours.safetensors'))).toThrow('this is not an npy file');
    const later = bytesOf('float32.npy');
    later[6] = 4;
    expect(() => io.decodeNpy(later)).toThrow('this is version 4.0 of npy; known are 1.0, 2.0 and 3.0');
    const long = bytesOf('version3.npy');
    long[11] = 0xff;
    expect(() => io.decodeNpy(long)).toThrow('its header has 4278');
    expect(() => io.decodeNpy([1] as unknown as Uint8Array)).toThrow(ValueError);
    expect(() => io.encodeNpy([1] as unknown as Tensor)).toThrow(ValueError);
    expect(() => io.decodeNpy(later, { allowPickle: true } as object)).toThrow('there is no option allowPickle');
  });

  test('damage gives a tensor of the same size, or a typed error', () =>
    damage(
      bytesOf('float32.npy'),
      (bytes) => expect(io.decodeNpy(bytes).numel()).toBeLessThanOrEqual(24),
      (error) => error instanceof GradlabError,
    ));
});
