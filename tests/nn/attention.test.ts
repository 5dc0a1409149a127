import { describe, expect, test } from 'vitest';
import {
  cat,
  DtypeError,
  gradcheck,
  manualSeed,
  nn,
  ones,
  randn,
  ShapeError,
  type Tensor,
  tensor,
  ValueError,
  zeros,
} from '../../src';
import { expectClose } from '../support/close';

const attend = nn.functional.scaledDotProductAttention;
type Numbers = number[][][];
const double = (shape: number[], seed = 1): Tensor => {
  manualSeed(seed);
  return randn(shape, { dtype: 'float64' });
};

describe('scaledDotProductAttention', () => {
  const value = tensor([
    [1, 10],
    [3, 20],
    [5, 60],
  ]);

  test('averages the values with the softmax of the scores', () => {
    expectClose(attend(zeros([1, 4]), ones([3, 4]), value), [[3, 30]]);
    // Scores ln 1, ln 2, ln 3 give the weights 1/6, 2/6, 3/6.
    const key = tensor([[0], [Math.log(2)], [Math.log(3)]]);
    expectClose(attend(tensor([[1]]), key, value), [[22 / 6, 230 / 6]], 1e-6);
    expectClose(attend(tensor([[2]]), key, value, { scale: 0.5 }), [[22 / 6, 230 / 6]], 1e-6);
    expectClose(attend(tensor([[-1]]), key, value, { scale: -1 }), [[22 / 6, 230 / 6]], 1e-6);
    expectClose(attend(ones([1, 4]), key.div(2).expand([3, 4]), value), [[22 / 6, 230 / 6]], 1e-6);
  });

  test('accepts a mask of truth values, or of numbers that are added', () => {
    const mask = tensor([[true, false, true]]);
    const added = tensor([[Math.log(3), -Infinity, 0]]);
    expectClose(attend(zeros([1, 4]), ones([3, 4]), value, { attnMask: mask }), [[3, 35]]);
    expectClose(attend(zeros([1, 4]), ones([3, 4]), value, { attnMask: added }), [[2, 22.5]]);
    const causal = attend(zeros([3, 4]), ones([3, 4]), value, { isCausal: true });
    expectClose(causal, [
      [1, 10],
      [2, 15],
      [3, 30],
    ]);
  });

  test('a fully masked query gives 0 and has no gradient', () => {
    const query = ones([2, 2]).requiresGrad_();
    const attnMask = tensor([
      [false, false, false],
      [true, true, false],
    ]);
    const y = attend(query, tensor([[1, 0], [0, 2], [3, 3]]), value, { attnMask }); // biome-ignore format: a matrix
    expect(y.select(0, 0).tolist()).toEqual([0, 0]);
    y.sum().backward();
    expect(query.grad!.select(0, 0).tolist()).toEqual([0, 0]);
    expect(Math.abs(query.grad!.select(0, 1).at(1).item())).toBeGreaterThan(0.1);
  });

  test('several heads of queries may share keys and values', () => {
    const [q, k, v] = [double([4, 3, 2]), double([2, 5, 2], 2), double([2, 5, 3], 3)];
    const y = attend(q, k, v, { enableGqa: true, isCausal: true });
    for (const head of [0, 1, 2, 3]) {
      const shared = Math.floor(head / 2);
      const one = attend(q.select(0, head), k.select(0, shared), v.select(0, shared), { isCausal: true });
      expectClose(y.select(0, head), one.tolist() as number[][], 1e-12);
    }
    expect(() => attend(q, double([3, 5, 2]), double([3, 5, 3]), { enableGqa: true })).toThrow(ShapeError);
  });

  test('gradients', () => {
    const inputs = [double([2, 3, 2]), double([2, 4, 2], 2), double([2, 4, 3], 3)].map((t) => t.requiresGrad_());
    const attnMask = tensor([
      [true, false, true, true],
      [false, false, false, false],
      [true, true, false, true],
    ]);
    expect(gradcheck((q, k, v) => attend(q, k, v, { attnMask }), inputs)).toBe(true);
    expect(gradcheck((q, k, v) => attend(q, k, v, { isCausal: true, scale: 0.3 }), inputs)).toBe(true);
  });

  test('explains mismatched shapes', () => {
    expect(() => attend(ones([3, 9]), ones([6, 8]), ones([6, 8]))).toThrow(
      new ShapeError(
        'scaledDotProductAttention: shapes [3, 9], [6, 8] and [6, 8] do not fit: queries and keys must have one size, ' +
          'and there must be as many keys as values',
      ),
    );
    expect(() => attend(ones([2]), ones([2]), ones([2]))).toThrow(ShapeError);
    const [q, k] = [ones([2, 2]), ones([2, 2])];
    expect(() => attend(q, k, k, { attnMask: ones([2, 2]), isCausal: true })).toThrow(ValueError);
    expect(() => attend(q, k, k, { attnMask: ones([2, 2], { dtype: 'int32' }) })).toThrow(DtypeError);
    expect(() => attend(q, k.to('float64'), k)).toThrow(DtypeError);
  });
});

describe('MultiheadAttention', () => {
  const [query, key, value] = [double([3, 2, 4]), double([5, 2, 4], 2), double([5, 2, 4], 3)];
  const options = { dtype: 'float64' } as const;

  /** The layer's definition, head by head. */
  function byHand(layer: nn.MultiheadAttention): Tensor {
    const maps = layer.inProjWeight!.split(4);
    const biases = layer.inProjBias!.split(4);
    const [q, k, v] = [query, key, value].map((x, i) =>
      nn.functional.linear(x.transpose(0, 1), maps[i], biases[i]).split(2, -1),
    );
    const heads = q.map((_, h) => attend(q[h], k[h], v[h]));
    return layer.outProj(cat(heads, -1)).transpose(0, 1);
  }

  test('is attention of each head after linear maps', () => {
    const layer = new nn.MultiheadAttention(4, 2, options);
    nn.init.normal_(layer.inProjBias!);
    const [output, weights] = layer(query, key, value);
    expectClose(output, byHand(layer).tolist() as Numbers, 1e-12);
    expect(weights!.shape).toEqual([2, 3, 5]);
    expectClose(weights!.sum(-1), ones([2, 3]).tolist() as number[][], 1e-12);
    const [same, none] = layer(query, key, value, { needWeights: false });
    expectClose(same, output.tolist() as Numbers, 1e-12);
    expect(none).toBe(null);
    const [, each] = layer(query, key, value, { averageAttnWeights: false });
    expect(each!.shape).toEqual([2, 2, 3, 5]);
    expectClose(each!.mean(1), weights!.tolist() as Numbers, 1e-12);
  });

  test('batchFirst and inputs without a batch', () => {
    const layer = new nn.MultiheadAttention(4, 2, options);
    const batchFirst = new nn.MultiheadAttention(4, 2, { ...options, batchFirst: true });
    batchFirst.loadStateDict(layer.stateDict());
    const [output, weights] = layer(query, key, value);
    const [swapped] = batchFirst(query.transpose(0, 1), key.transpose(0, 1), value.transpose(0, 1));
    expectClose(swapped.transpose(0, 1), output.tolist() as Numbers, 1e-12);
    const [single, one] = layer(query.select(1, 1), key.select(1, 1), value.select(1, 1));
    expectClose(single, output.select(1, 1).tolist() as number[][], 1e-12);
    expectClose(one, weights!.select(0, 1).tolist() as number[][], 1e-12);
  });

  test('padded keys are ignored; masks per head and for all heads agree', () => {
    const layer = new nn.MultiheadAttention(4, 2, options);
    const keyPaddingMask = tensor([
      [false, false, false, true, true],
      [false, false, false, true, true],
    ]);
    const [output, weights] = layer(query, key, value, { keyPaddingMask });
    expectClose(output, layer(query, key.narrow(0, 0, 3), value.narrow(0, 0, 3))[0].tolist() as Numbers, 1e-12);
    expect(weights!.narrow(2, 3, 2).sum().item()).toBe(0);
    const attnMask = keyPaddingMask.at(0).expand([3, 5]);
    expectClose(layer(query, key, value, { attnMask })[0], output.tolist() as Numbers, 1e-12);
    const perHead = attnMask.expand([4, 3, 5]);
    expectClose(layer(query, key, value, { attnMask: perHead, isCausal: true })[0], output.tolist() as Numbers, 1e-12);
    const added = zeros([3, 5], options).maskedFill(attnMask, -Infinity);
    expectClose(layer(query, key, value, { attnMask: added, keyPaddingMask })[0], output.tolist() as Numbers, 1e-12);
  });

  test('added keys and values are never masked', () => {
    const layer = new nn.MultiheadAttention(4, 2, { ...options, addBiasKv: true, addZeroAttn: true });
    const all = ones([3, 5], { dtype: 'bool' });
    const [output, weights] = layer(query, key, value, { attnMask: all });
    expect(weights!.shape).toEqual([2, 3, 7]);
    expect(weights!.narrow(2, 0, 5).sum().item()).toBe(0);
    expect(Number.isFinite(output.sum().item())).toBe(true);
    expect(Object.keys(layer.stateDict())).toEqual([
      'inProjWeight',
      'inProjBias',
      'biasK',
      'biasV',
      'outProj.weight',
      'outProj.bias',
    ]);
  });

  test('keys and values of other sizes have separate maps', () => {
    const layer = new nn.MultiheadAttention(4, 2, { ...options, kdim: 3, vdim: 6, bias: false });
    expect(layer.namedParameters().map(([name, p]) => [name, ...p.shape])).toEqual([
      ['qProjWeight', 4, 4],
      ['kProjWeight', 4, 3],
      ['vProjWeight', 4, 6],
      ['outProj.weight', 4, 4],
    ]);
    const inputs = [query, double([5, 2, 3]), double([5, 2, 6])].map((t) => t.detach().requiresGrad_());
    expect(gradcheck((q, k, v) => layer(q, k, v) as Tensor[], inputs)).toBe(true);
  });

  test("draws the projection of the heads first, then Glorot's others; biases are 0", () => {
    manualSeed(420);
    const layer = new nn.MultiheadAttention(4, 2, { addBiasKv: true });
    manualSeed(420);
    const out = new nn.Linear(4, 4);
    const maps = nn.init.xavierUniform_(zeros([12, 4]));
    const extra = [nn.init.xavierNormal_(zeros([1, 1, 4])), nn.init.xavierNormal_(zeros([1, 1, 4]))];
    expect(layer.outProj.weight.tolist()).toEqual(out.weight.tolist());
    expect(layer.inProjWeight!.tolist()).toEqual(maps.tolist());
    expect([layer.biasK!.tolist(), layer.biasV!.tolist()]).toEqual(extra.map((t) => t.tolist()));
    expect([layer.inProjBias!.sum().item(), layer.outProj.bias!.sum().item()]).toEqual([0, 0]);
  });

  test('drops weights in training only', () => {
    const layer = new nn.MultiheadAttention(4, 2, { ...options, dropout: 1 });
    expect(layer(query, key, value)[1]!.sum().item()).toBe(0);
    expectClose(layer.eval()(query, key, value)[1]!.sum(-1), ones([2, 3]).tolist() as number[][], 1e-12);
  });

  test('prints', () => {
    expect(String(new nn.MultiheadAttention(4, 2))).toBe(
      'MultiheadAttention(\n  (outProj): Linear(inFeatures=4, outFeatures=4, bias=True)\n)',
    );
  });

  test('explains mismatched shapes', () => {
    const layer = new nn.MultiheadAttention(4, 2, options);
    expect(() => new nn.MultiheadAttention(4, 3)).toThrow(
      new ValueError('MultiheadAttention: embedDim 4 does not divide into 3 heads'),
    );
    expect(() => layer(query, key, value, { isCausal: true })).toThrow(ValueError);
    expect(() => layer(query, key, value, { attnMask: ones([5, 3], { dtype: 'bool' }) })).toThrow(
      new ShapeError('MultiheadAttention: attnMask has shape [5, 3]; expected [3, 5] or [4, 3, 5]'),
    );
    expect(() => layer(query, key, value, { keyPaddingMask: ones([5], { dtype: 'bool' }) })).toThrow(
      new ShapeError('MultiheadAttention: keyPaddingMask has shape [5]; expected [2, 5]'),
    );
    expect(() => layer(query, key, value.narrow(0, 0, 4))).toThrow(ShapeError);
    expect(() => layer(query, key.select(1, 0), value)).toThrow(ShapeError);
    expect(() => layer(double([3, 2, 5]), key, value)).toThrow(ShapeError);
    expect(() => layer(query, key, value, { attnMask: ones([3, 5]) })).toThrow(DtypeError);
  });
});

test('a query whose scores are all -∞ gives 0, without a mask too', () => {
  const inf = Number.POSITIVE_INFINITY;
  const [key, value] = [
    tensor([
      [1, 1],
      [2, 0],
    ]),
    tensor([
      [1, 2],
      [3, 4],
    ]),
  ];
  expect(
    attend(
      tensor([
        [inf, 1],
        [-inf, 0],
      ]),
      key,
      value,
    ).tolist(),
  ).toEqual([
    [Number.NaN, Number.NaN],
    [0, 0],
  ]);
});

test('equal tensors are projected by one product: unused values have a gradient if the input is not finite', () => {
  const notNumbers = (given: 'all' | 'keys' | 'none', batched: boolean, batchFirst: boolean) => {
    const layer = new nn.MultiheadAttention(2, 1, { bias: false, batchFirst, dtype: 'float64' });
    nn.init.ones_(layer.inProjWeight!);
    const row = tensor([[1, Infinity]], { dtype: 'float64' });
    const x = batched ? row.unsqueeze(0) : row;
    const query = given === 'all' ? x : ones(x.shape, { dtype: 'float64' });
    const [, weights] = layer.forward(query, x, given === 'none' ? x.clone() : x);
    weights!.sum().backward();
    return layer.inProjWeight!.grad!.isnan().to('uint8').tolist();
  };
  // PyTorch 2.13: 0 · ∞ in the rows of the values, unless the values are another tensor or there is no batch.
  const others = [1, 2, 3, 4].map(() => [1, 1]);
  for (const batchFirst of [false, true]) {
    for (const given of ['all', 'keys'] as const)
      expect(notNumbers(given, true, batchFirst)).toEqual([...others, [0, 1], [0, 1]]);
    expect(notNumbers('none', true, batchFirst)).toEqual([...others, [0, 0], [0, 0]]);
    for (const given of ['all', 'keys', 'none'] as const)
      expect(notNumbers(given, false, batchFirst)).toEqual([...others, [0, 0], [0, 0]]);
  }
});
