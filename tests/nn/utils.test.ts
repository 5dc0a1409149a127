import { describe, expect, test } from 'vitest';
import { nn, ShapeError, type Tensor, tensor, ValueError, zeros } from '../../src';
import { expectClose } from '../support/close';

const { clipGradNorm_, clipGradsWithNorm_, clipGradValue_, getTotalNorm, parametersToVector, vectorToParameters } =
  nn.utils;

function withGrad(...gradient: number[]): Tensor {
  const p = tensor(gradient.map(() => 0)).requiresGrad_();
  p.grad = tensor(gradient);
  return p;
}

describe('clipGradNorm_', () => {
  test('scales all gradients by one factor and returns the norm from before', () => {
    const [a, b, none] = [withGrad(3, 0), withGrad(0, -4), tensor([1]).requiresGrad_()];
    const gradient = a.grad;
    expect(clipGradNorm_([a, none, b], 1).item()).toBe(5);
    expectClose(a.grad!, [0.6, 0]);
    expectClose(b.grad!, [0, -0.8]);
    expect([a.grad === gradient, none.grad]).toEqual([true, null]);
    expectClose(clipGradNorm_([a, b], 1), 1);
  });

  test('leaves smaller gradients unchanged', () => {
    const a = withGrad(0.3, 0.4);
    expectClose(clipGradNorm_(a, 1), 0.5);
    expectClose(a.grad!, [0.3, 0.4]);
    // The factor is maxNorm / (norm + 1e-6), as PyTorch's.
    const b = withGrad(1);
    clipGradNorm_(b, 1);
    expect(b.grad!.item()).toBe(Math.fround(1 / (1 + 1e-6)));
  });

  test.each([
    [1, 7, 2 / 7],
    [3, 91 ** (1 / 3), 2 / 91 ** (1 / 3)],
    [Infinity, 4, 0.5],
  ])('norm of order %d', (normType, total, factor) => {
    const [a, b] = [withGrad(3), withGrad(-4)];
    expectClose(clipGradNorm_([a, b], 2, { normType }), total, 1e-6);
    expectClose(a.grad!, [3 * factor], 1e-5);
    expectClose(b.grad!, [-4 * factor], 1e-5);
  });

  test('no gradients, and gradients that are not finite', () => {
    expect(clipGradNorm_([tensor([1]).requiresGrad_()], 1).item()).toBe(0);
    const [a, b] = [withGrad(1, Number.NaN), withGrad(2)];
    expect(() => clipGradNorm_([a, b], 1, { errorIfNonfinite: true })).toThrow(ValueError);
    expect(a.grad!.tolist()).toEqual([1, Number.NaN]);
    expect(clipGradNorm_([a, b], 1).item()).toBeNaN();
    expect(b.grad!.tolist()).toEqual([Number.NaN]);
    const c = withGrad(Infinity, 5);
    clipGradNorm_(c, 1);
    expect(c.grad!.tolist()).toEqual([Number.NaN, 0]);
  });

  test('in two steps', () => {
    const [a, b] = [withGrad(3), withGrad(4)];
    const total = getTotalNorm([a.grad!, b.grad!]);
    clipGradsWithNorm_([a, b], 10, total);
    expect([a.grad!.item(), b.grad!.item()]).toEqual([3, 4]);
    clipGradsWithNorm_([a, b], 1, total.item());
    expectClose(b.grad!, [0.8]);
  });
});

test('clipGradValue_ clamps every element', () => {
  const [a, none] = [withGrad(-3, 0.5, 2, Number.NaN), tensor([1]).requiresGrad_()];
  clipGradValue_([a, none], 1);
  expect(a.grad!.tolist()).toEqual([-1, 0.5, 1, Number.NaN]);
  clipGradValue_(a, 0.25);
  expect(a.grad!.tolist()).toEqual([-0.25, 0.25, 0.25, Number.NaN]);
});

describe('parameters as one vector', () => {
  const layer = () => {
    const linear = new nn.Linear(2, 1);
    linear.weight.detach().copy_(tensor([[1, 2]]));
    linear.bias!.detach().copy_(tensor([3]));
    return linear;
  };

  test('round trip', () => {
    const linear = layer();
    const vector = parametersToVector(linear.parameters());
    expect(vector.tolist()).toEqual([1, 2, 3]);
    const weight = linear.weight;
    vectorToParameters(tensor([4, 5, 6]), linear.parameters());
    expect([linear.weight.tolist(), linear.bias!.tolist()]).toEqual([[[4, 5]], [6]]);
    expect([linear.weight === weight, weight.requiresGrad, weight.isLeaf]).toEqual([true, true, true]);
    expect(vector.tolist()).toEqual([1, 2, 3]);
  });

  test('is differentiable', () => {
    const linear = layer();
    parametersToVector(linear.parameters()).square().sum().backward();
    expect([linear.weight.grad!.tolist(), linear.bias!.grad!.tolist()]).toEqual([[[2, 4]], [6]]);
  });

  test('of another length is rejected, and nothing changes', () => {
    const linear = layer();
    for (const wrong of [tensor([1, 2]), tensor([1, 2, 3, 4]), tensor([[1, 2, 3]])])
      expect(() => vectorToParameters(wrong, linear.parameters())).toThrow(ShapeError);
    expect(linear.weight.tolist()).toEqual([[1, 2]]);
    expect(() => parametersToVector([])).toThrow('there are no parameters');
  });
});

describe('errorIfNonfinite names the non-finite gradient', () => {
  const broken = () => {
    const net = new nn.Sequential(new nn.Linear(2, 2), new nn.Linear(2, 1));
    for (const p of net.parameters()) p.grad = zeros(p.shape);
    net.at(1).weight.grad = tensor([[1, Number.NaN]]);
    return net;
  };

  test.each<[string, (net: ReturnType<typeof broken>) => unknown, string]>([
    [
      'parameters',
      (net) => clipGradNorm_(net.parameters(), 1, { errorIfNonfinite: true }),
      'the gradient of parameter 2 has NaN',
    ],
    [
      'named parameters',
      (net) => clipGradNorm_(net.namedParameters(), 1, { errorIfNonfinite: true }),
      'the gradient of parameter 2, 1.weight, has NaN',
    ],
    [
      'tensors',
      () => getTotalNorm([tensor([1]), tensor([Infinity])], { errorIfNonfinite: true }),
      'getTotalNorm: the norm of order 2 is Infinity: tensor 1 has infinity',
    ],
    [
      'too large ones',
      () => getTotalNorm([tensor([1e300], { dtype: 'float64' }).mul(1e8)], { errorIfNonfinite: true }),
      'all elements are finite, their powers are not',
    ],
  ])('%s', (_, call, message) => {
    const net = broken();
    expect(() => call(net)).toThrow(ValueError);
    expect(() => call(net)).toThrow(message);
    expect(net.at(1).weight.grad!.tolist()).toEqual([[1, Number.NaN]]);
  });

  test('named parameters are clipped like others', () => {
    const [named, plain] = [new nn.Linear(2, 2), new nn.Linear(2, 2)];
    for (const net of [named, plain]) for (const p of net.parameters()) p.grad = zeros(p.shape).fill_(3);
    expect(clipGradNorm_(named.namedParameters(), 1).item()).toBe(clipGradNorm_(plain.parameters(), 1).item());
    expect(named.weight.grad!.tolist()).toEqual(plain.weight.grad!.tolist());
  });
});
