// Arguments of tensor(), and errors for calls in PyTorch's syntax.
import { expect, test } from 'vitest';
import { io, meshgrid, nn, ones, tensor } from '../../src';

test.each([
  [Uint8ClampedArray.of(0, 255), 'uint8', [0, 255]],
  [Uint8Array.of(0, 255), 'uint8', [0, 255]],
  [Int8Array.of(-128, 127), 'int32', [-128, 127]],
  [Int16Array.of(-32768, 5), 'int32', [-32768, 5]],
  [Uint16Array.of(65535, 5), 'int32', [65535, 5]],
  [Int32Array.of(-1, 5), 'int32', [-1, 5]],
  [Uint32Array.of(2 ** 31 - 1), 'int32', [2 ** 31 - 1]],
  [BigInt64Array.of(-7n, 2n), 'int32', [-7, 2]],
  [BigUint64Array.of(7n), 'int32', [7]],
  [Float32Array.of(0.5), 'float32', [0.5]],
  [Float64Array.of(0.1), 'float64', [0.1]],
] as const)('%o', (array, dtype, values) => {
  const x = tensor(array);
  expect([x.dtype, x.tolist()]).toEqual([dtype, values]);
  expect(tensor([array, array], { dtype: 'float64' }).tolist()).toEqual([values, values]);
});

test('rejects numbers that int32 cannot hold', () => {
  expect(() => tensor(Uint32Array.of(2 ** 31))).toThrow('2147483648');
  expect(() => tensor(BigInt64Array.of(2n ** 40n))).toThrow(String(2 ** 40));
  expect(tensor(Uint32Array.of(2 ** 31), { dtype: 'float64' }).tolist()).toEqual([2 ** 31]);
});

test('bytes with a dtype, which are copied', () => {
  const floats = Float32Array.of(1, 2.5);
  const x = tensor(floats.buffer, { dtype: 'float32' });
  floats[0] = 7;
  expect(x.tolist()).toEqual([1, 2.5]);
  expect(tensor(floats.buffer, { dtype: 'uint8' }).shape).toEqual([8]);
  expect(() => tensor(floats.buffer)).toThrow(
    "tensor: an ArrayBuffer does not say what its bytes are; give a dtype, as in { dtype: 'float32' }",
  );
  expect(() => tensor(new ArrayBuffer(6), { dtype: 'float32' })).toThrow(
    'tensor: 6 bytes are not a whole number of float32 numbers, of 4 bytes each',
  );
});

test('lists of scalar tensors, by the rules of PyTorch', () => {
  const [half, whole] = [tensor(0.5, { dtype: 'float64' }), tensor(3, { dtype: 'int32' })];
  const kinds = [
    [half, 2],
    [whole, whole],
    [whole, true],
    [tensor(true), tensor(3, { dtype: 'uint8' })],
    [tensor([1]), 3],
  ];
  expect(kinds.map((list) => tensor(list).dtype)).toEqual(['float64', 'int32', 'int32', 'uint8', 'float32']);
  expect(
    tensor([
      [half, whole],
      [1, tensor([[2]])],
    ]).tolist(),
  ).toEqual([
    [0.5, 3],
    [1, 2],
  ]);
  expect(() => tensor([ones([2]), ones([2])])).toThrow(
    'tensor: [0] is a tensor of shape [2]; a list may hold tensors of one number; join others with stack() or cat()',
  );
});

test('there is one device', () => {
  const said = /^to: there is no device to choose, got '/;
  for (const device of ['cpu', 'cuda', 'cuda:0', 'mps']) {
    expect(() => ones([1]).to(device as never)).toThrow(said);
    expect(() => new nn.Linear(1, 1).to(device as never)).toThrow(said);
  }
});

test('options in another position', () => {
  expect(() => nn.functional.dropout(ones([2]), { p: 0.3 } as never)).toThrow(
    'dropout: the probability of dropping is a number before the options, as in dropout(x, 0.5, { training: false }), got an object',
  );
  expect(() => (meshgrid as (...args: unknown[]) => unknown)(ones([2]), ones([2]), { indexing: 'xy' })).toThrow(
    'meshgrid: needs a list of tensors, as in meshgrid([x, y]), got a tensor',
  );
});

test('files of torch.save are recognised', () => {
  const zip = Uint8Array.of(0x50, 0x4b, 3, 4, ...new Array<number>(60).fill(8));
  expect(() => io.decodeSafetensors(zip)).toThrow(
    'this is a zip file, as torch.save and numpy.savez write them, and no safetensors file',
  );
  expect(() => io.decodeSafetensors(zip)).toThrow('safetensors.torch.save_file(net.state_dict(), "net.safetensors")');
  const pickle = Uint8Array.of(0x80, 2, ...new Array<number>(60).fill(8));
  expect(() => io.decodeSafetensors(pickle)).toThrow('this is a Python pickle, and no safetensors file');
});
