// Functions that tutorials use, compared with PyTorch 2.13 (data/more-names.json, written by more_names.py).
import { expect, test } from 'vitest';
import {
  arange,
  argwhere,
  cat,
  clip,
  concat,
  corrcoef,
  cov,
  DtypeError,
  gradcheck,
  histc,
  isin,
  moveaxis,
  nn,
  ShapeError,
  type Tensor,
  tensor,
  trilIndices,
  triuIndices,
  ValueError,
} from '../../src';
import torch from './data/more-names.json';

const numbers = (value: unknown): unknown =>
  Array.isArray(value) ? value.map(numbers) : typeof value === 'string' ? Number(value) : value;
const close = (value: unknown, digits: number): unknown =>
  Array.isArray(value)
    ? value.map((one) => close(one, digits))
    : Number.isFinite(value as number)
      ? expect.closeTo(value as number, digits)
      : value;
const like = (y: Tensor, name: keyof typeof torch, digits = 12) =>
  expect(y.tolist()).toEqual(
    typeof torch[name] === 'object' || typeof torch[name] === 'number' || typeof torch[name] === 'string'
      ? close(numbers(torch[name]), digits)
      : torch[name],
  );

const x = tensor(
  [
    [0.5, -1, 2, 3],
    [1, 4, -2, 0.25],
    [2, 2.5, 1, -1],
  ],
  { dtype: 'float64' },
);
const fweights = tensor([1, 2, 0, 3]);
const aweights = tensor([0.5, 1, 2, 0.25], { dtype: 'float64' });

test('cov and corrcoef', () => {
  like(cov(x), 'cov');
  like(x.cov({ correction: 0 }), 'cov0');
  like(x.cov({ fweights, aweights }), 'covW');
  like(x.cov({ fweights }), 'covF');
  like(x.cov({ aweights, correction: 2 }), 'covA');
  like(x.cov({ aweights, correction: 0 }), 'covA0');
  like(x.at(0).cov(), 'cov1');
  like(
    tensor(
      [
        [1, 2, 4],
        [3, 1, 0],
      ],
      { dtype: 'int32' },
    ).cov(),
    'covInt',
    5,
  );
  for (const correction of [4, 5]) like(x.cov({ correction }), `covAll${correction}` as 'covAll4');
  like(corrcoef(x), 'corr');
  like(x.at(0).corrcoef(), 'corr1');
});

test('gradients of cov and corrcoef', () => {
  const factor = arange(9, { dtype: 'float64' }).reshape([3, 3]);
  const y = x.clone().requiresGrad_();
  y.cov({ fweights, aweights }).mul(factor).sum().backward();
  like(y.grad!, 'covGrad');
  const z = x.clone().requiresGrad_();
  z.corrcoef().mul(factor).sum().backward();
  like(z.grad!, 'corrGrad', 10);
  expect(gradcheck((v: Tensor) => v.cov({ aweights }), [x.clone().requiresGrad_()])).toBe(true);
});

test('histc', () => {
  const h = tensor([0, 0.1, 0.2, 0.3, 0.5, 0.7, 1, 1.5, -1, Number.NaN]);
  like(histc(h, 4, 0, 1), 'histc');
  like(h.narrow(0, 0, 9).histc(5), 'histcAll');
  like(tensor([2, 2]).histc(4), 'histcSame');
  like(arange(0, 1.01, 0.1).histc(10, 0, 1), 'histc10');
  like(tensor([]).histc(2), 'histcEmpty');
  expect(() => h.histc(4)).toThrow('histc: the range from NaN to NaN has no 4 intervals');
  expect(() => h.histc(4, 1, 0)).toThrow(ValueError);
  expect(() => h.int().histc()).toThrow(DtypeError);
});

test('isin', () => {
  like(
    isin(
      tensor([
        [1, 2],
        [3, Number.NaN],
      ]),
      tensor([3, 1, Number.NaN]),
    ),
    'isin',
  );
  like(isin(tensor([1, 2, 3], { dtype: 'int32' }), tensor([2]), { invert: true }), 'isinInv');
  like(isin(tensor([0.1, 0.2]), 0.1), 'isinNum');
  expect(isin(2, tensor([1, 2])).tolist()).toBe(torch.isinFirst);
  expect(() => isin(1, 2)).toThrow('isin: elements or testElements must be a tensor, got two numbers');
});

test('triangle indices', () => {
  like(trilIndices(3, 4, { offset: -1 }), 'tril');
  like(trilIndices(3, 4, { offset: 1 }), 'tril1');
  like(triuIndices(3, 4, { offset: -1 }), 'triu');
  like(triuIndices(3, 2, { offset: 1 }), 'triu1');
  expect(() => trilIndices(-1, 2)).toThrow(ShapeError);
  expect(() => trilIndices(2, 2, { offset: 0.5 })).toThrow(ValueError);
});

test('padSequence', () => {
  const { padSequence } = nn.utils.rnn;
  const list = [
    [
      [1, 2],
      [3, 4],
    ],
    [[5, 6]],
    [
      [7, 8],
      [9, 10],
      [11, 12],
    ],
  ].map((rows) => tensor(rows));
  like(padSequence(list), 'pad');
  like(padSequence(list, { batchFirst: true, paddingValue: -1 }), 'padFirst');
  like(padSequence(list, { batchFirst: true, paddingSide: 'left' }), 'padLeft');
  const a = tensor([1, 2]).requiresGrad_();
  padSequence([a, tensor([3])])
    .mul(
      tensor([
        [2, 5],
        [3, 7],
      ]),
    )
    .sum()
    .backward();
  expect(a.grad!.tolist()).toEqual([2, 3]);
  expect(() => padSequence([])).toThrow('padSequence: there are no sequences; give one or more');
  expect(() => padSequence([tensor([[1]]), tensor([[1, 2]])])).toThrow(ShapeError);
});

test('other names', () => {
  like(
    argwhere(
      tensor([
        [0, 1],
        [2, 0],
      ]),
    ),
    'argwhere',
  );
  expect(clip(x, 0, 1).tolist()).toEqual(x.clamp(0, 1).tolist());
  expect(x.clone().clip_(null, 1).tolist()).toEqual(x.clamp(null, 1).tolist());
  expect(moveaxis(x, 0, 1).shape).toEqual([4, 3]);
  expect(concat([x, x], 1).tolist()).toEqual(cat([x, x], 1).tolist());
  expect([x.long().dtype, tensor([2.7, -2.7]).long().tolist()]).toEqual(['int32', [2, -2]]);
});
