import { describe, expect, test } from 'vitest';
import {
  AutogradError,
  func,
  grad,
  nn,
  noGrad,
  ones,
  rand,
  ShapeError,
  type Tensor,
  tensor,
  ValueError,
} from '../../src';
import { expectClose } from '../support/close';

const { functionalCall, stackModuleState } = func;
const f64 = { dtype: 'float64' } as const;

/** Parameters shared with PyTorch's program below. */
function fill(net: nn.AnyModule): void {
  noGrad(() => {
    net.parameters().forEach((p, k) => {
      const values = Float64Array.from({ length: p.numel() }, (_, i) => ((i * 0.37 + 0.11 + k * 0.23) % 1) - 0.5);
      p.copy_(tensor(values, f64).view(p.shape));
    });
  });
}

describe('functionalCall', () => {
  test('an inner loop of two steps, differentiated through', () => {
    // torch.func.functional_call, PyTorch 2.13: params = {k: p - 0.1 * g}, twice, with create_graph=True.
    const net = new nn.Sequential(new nn.Linear(2, 3), new nn.Tanh(), new nn.Linear(3, 1)).double();
    fill(net);
    const before = net.parameters().map((p) => p.tolist());
    const [x, y] = [
      tensor(
        [
          [0.5, -1],
          [2, 0.25],
          [-0.75, 1.5],
        ],
        f64,
      ),
      tensor([[1], [-1], [0.5]], f64),
    ];
    const [x2, y2] = [
      tensor(
        [
          [1, 1],
          [-0.5, 0.3],
        ],
        f64,
      ),
      tensor([[0.2], [0.7]], f64),
    ];
    let params: Record<string, Tensor> = Object.fromEntries(net.namedParameters());
    for (let step = 0; step < 2; step++) {
      const loss = nn.functional.mseLoss(functionalCall(net, params, x), y);
      const gs = grad(loss, Object.values(params), { createGraph: true });
      params = Object.fromEntries(Object.entries(params).map(([k, p], i) => [k, p.sub(gs[i].mul(0.1))]));
    }
    const outer = nn.functional.mseLoss(functionalCall(net, params, [x2]), y2);
    outer.backward();
    expectClose(outer, 0.08960031008925576, 1e-12);
    expectClose(
      net.getParameter('0.weight').grad!.flatten(),
      [
        0.03373414310426847, -0.03140533279744746, 0.05505172410139513, -0.052963718440472596, -0.08339346686674726,
        0.02378846725588126,
      ],
      1e-12,
    );
    expectClose(
      net.getParameter('0.bias').grad!,
      [-0.07741130609758458, -0.1072788335507599, 0.045732632906277715],
      1e-12,
    );
    expectClose(
      net.getParameter('2.weight').grad!.flatten(),
      [-0.04245856685747522, 0.03267355944512179, 0.08887335580422201],
      1e-12,
    );
    expectClose(net.getParameter('2.bias').grad!, [-0.29126393415859514], 1e-12);
    expect(net.parameters().map((p) => p.tolist())).toEqual(before);
    expect(net.parameters().every((p) => p instanceof nn.Parameter)).toBe(true);
  });

  test('some of the parameters; the others are the module’s', () => {
    const net = new nn.Linear(2, 1);
    const bias = tensor([5], { requiresGrad: true });
    const y = functionalCall(net, { bias }, ones([1, 2]));
    const own = net(ones([1, 2])).sub(net.bias!);
    expectClose(y, own.add(5).tolist());
    y.sum().backward();
    expect(bias.grad!.tolist()).toEqual([1]);
    expect(net.weight.grad!.tolist()).toEqual([[1, 1]]);
    expect(net.bias!.grad).toBeNull();
  });

  test('buffers that are modified in place are the given ones', () => {
    const net = new nn.BatchNorm1d(2).double();
    const buffers = Object.fromEntries(net.namedBuffers().map(([path, b]) => [path, b.clone()]));
    const x = tensor(
      [
        [0.5, -1],
        [2, 0.25],
        [-0.75, 1.5],
      ],
      f64,
    );
    const y = functionalCall(net, [buffers, { weight: tensor([2, 3], f64) }], x);
    // functional_call(bn, {**buf, 'weight': torch.tensor([2., 3.])}, x), PyTorch 2.13
    expectClose(
      y,
      [
        [-0.1482492768527246, -3.6742169779755995],
        [2.520237706496319, 0],
        [-2.371988429643594, 3.6742169779755995],
      ],
      1e-12,
    );
    expectClose(buffers.runningMean, [0.05833333333333334, 0.025], 1e-12);
    expectClose(buffers.runningVar, [1.0895833333333333, 1.05625], 1e-12);
    expect(buffers.numBatchesTracked.item()).toBe(1);
    expect(net.runningMean!.tolist()).toEqual([0, 0]);
    expect(net.numBatchesTracked!.item()).toBe(0);
  });

  class Tied extends nn.Module {
    a = new nn.Linear(2, 2, { bias: false });
    b = new nn.Linear(2, 2, { bias: false });
    constructor() {
      super();
      this.b.weight = this.a.weight;
    }
    forward(x: Tensor): Tensor {
      return this.b(this.a(x));
    }
  }

  test('tied weights', () => {
    const net = new Tied();
    noGrad(() => net.a.weight.fill_(0.5));
    const w = ones([2, 2]);
    const x = ones([1, 2]);
    const call = (params: Record<string, Tensor>, options = {}) => functionalCall(net, params, x, options).tolist();
    expect(call({ 'a.weight': w })).toEqual([[4, 4]]);
    expect(call({ 'b.weight': w })).toEqual([[4, 4]]);
    expect(call({ 'a.weight': w, 'b.weight': w }, { strict: true })).toEqual([[4, 4]]);
    expect(call({ 'a.weight': w }, { strict: true })).toEqual([[4, 4]]);
    expect(call({ 'a.weight': w }, { tieWeights: false })).toEqual([[2, 2]]);
    expect(() => call({ 'a.weight': w, 'b.weight': w.mul(2) })).toThrow(
      /a.weight and b.weight are one tensor.*tieWeights: false/,
    );
    expect(call({ 'a.weight': w, 'b.weight': w.mul(2) }, { tieWeights: false })).toEqual([[8, 8]]);
    expect(net.a.weight).toBe(net.b.weight);
    expect(net.a.weight.tolist()).toEqual([
      [0.5, 0.5],
      [0.5, 0.5],
    ]);
  });

  test('reports errors before it changes anything', () => {
    const net = new nn.Sequential(new nn.Linear(2, 1));
    const x = ones([1, 2]);
    const w = ones([1, 2]);
    const { weight } = net.at(0) as nn.Linear;
    const call =
      (params: object, options = {}) =>
      () =>
        functionalCall(net, params as never, x, options);
    expect(call({ '0.weigth': w })).toThrow(ValueError);
    expect(call({ '0.weigth': w })).toThrow(
      /'0.weigth' is not a parameter or buffer of Sequential; it has 0.weight, 0.bias/,
    );
    expect(call({ '1.weight': w })).toThrow(/'1.weight' is not a parameter/);
    expect(call({ '0.weight.x': w })).toThrow(/is not a parameter/);
    expect(call({ '0.forward': w })).toThrow(/is not a parameter/);
    expect(call({ '0.inFeatures': w })).toThrow(/is not a parameter/);
    expect(call({ '0.weight': 3 })).toThrow(/value of '0.weight' must be a tensor or null, got 3/);
    expect(call([{ '0.weight': w }, { '0.weight': w }])).toThrow(/'0.weight' is in more than one record/);
    expect(call({ '0.weight': w }, { strict: true })).toThrow(/strict, but missing are 0.bias/);
    expect(call(w)).toThrow(/record of tensors by path/);
    expect(() => functionalCall({} as never, {}, x as never)).toThrow(/must be a module/);
    expect((net.at(0) as nn.Linear).weight).toBe(weight);
  });

  test('an exception leaves the module unchanged', () => {
    const net = new nn.Linear(2, 1);
    const own = [net.weight, net.bias];
    expect(() => functionalCall(net, { weight: ones([3, 5]), bias: ones([3]) }, ones([1, 2]))).toThrow(ShapeError);
    expect([net.weight, net.bias]).toEqual(own);
    expect(net.weight).toBe(own[0]);
    expect(Object.keys(net)).toEqual(Object.keys(new nn.Linear(2, 1)));
  });

  test('inside, given tensors count as parameters; a bias can be removed; an assignment throws', () => {
    class Net extends nn.Module {
      weight = new nn.Parameter(ones([2]));
      count = new nn.Buffer(tensor(0));
      bias: Tensor | null = new nn.Parameter(ones([2]));
      forward(x: Tensor): Tensor {
        this.count = new nn.Buffer(this.count.add(1));
        const sum = this.parameters().reduce((s, p) => s.add(p.sum()), tensor(0));
        return (this.bias === null ? x : x.add(this.bias)).mul(sum);
      }
    }
    const net = new Net();
    const weight = tensor([3, 4], { requiresGrad: true });
    const given: Record<string, Tensor | null> = { weight, bias: null, count: tensor(5) };
    const y = functionalCall(net, given, ones([1]));
    expect(y.tolist()).toEqual([7]);
    y.sum().backward();
    expect(weight.grad!.tolist()).toEqual([1, 1]);
    expect(given.count!.item()).toBe(6);
    expect(net.count.item()).toBe(0);
    expect(nn.isParameter(weight)).toBe(false);
  });

  test('nested and asynchronous calls', () => {
    class Outer extends nn.Module {
      inner = new nn.Linear(1, 1, { bias: false });
      forward(x: Tensor): Tensor {
        const again = functionalCall(this.inner, { weight: tensor([[10]]) }, x);
        return again.add(this.inner(x));
      }
    }
    const net = new Outer();
    expect(functionalCall(net, { 'inner.weight': tensor([[2]]) }, tensor([[1]])).tolist()).toEqual([[12]]);
    class Late extends nn.Module<[Tensor], Promise<Tensor>> {
      weight = new nn.Parameter(ones([1]));
      async forward(x: Tensor): Promise<Tensor> {
        return x.mul(this.weight);
      }
    }
    expect(() => functionalCall(new Late(), { weight: ones([1]) }, ones([1]))).toThrow(AutogradError);
  });

  test('layers of every kind use the given tensors', () => {
    const x = rand([3, 2, 4]);
    for (const net of [new nn.LSTM(4, 3, { numLayers: 2 }), new nn.GRU(4, 3, { bidirectional: true })]) {
      const zeros = Object.fromEntries(net.namedParameters().map(([path, p]) => [path, p.detach().mul(0)]));
      const [output] = functionalCall(net as unknown as nn.Module<[Tensor], [Tensor, unknown]>, zeros, x);
      expect(output.abs().max().item()).toBe(0);
    }
    const attention = new nn.MultiheadAttention(4, 2);
    const params = Object.fromEntries(
      attention.namedParameters().map(([path, p]) => [path, p.detach().requiresGrad_()]),
    );
    const [y] = functionalCall(attention, params, [x, x, x]);
    expect(grad(y.sum(), Object.values(params), { allowUnused: true }).every((g) => g !== null)).toBe(true);
  });
});

describe('stackModuleState', () => {
  test('stacks parameters, which are new leaves, and buffers', () => {
    const nets = [new nn.BatchNorm1d(2), new nn.BatchNorm1d(2)];
    noGrad(() => nets[1].weight!.fill_(3));
    const [params, buffers] = stackModuleState(nets);
    expect(params.weight.tolist()).toEqual([
      [1, 1],
      [3, 3],
    ]);
    expect([params.weight.requiresGrad, params.weight.isLeaf]).toEqual([true, true]);
    expect(Object.keys(params)).toEqual(['weight', 'bias']);
    expect(buffers.runningVar.shape).toEqual([2, 2]);
    expect(buffers.numBatchesTracked.shape).toEqual([2]);
  });

  test('modules must be of one kind', () => {
    expect(() => stackModuleState([])).toThrow(ValueError);
    expect(() => stackModuleState([new nn.Linear(1, 2), new nn.Linear(1, 2).eval()])).toThrow(/training mode/);
    expect(() => stackModuleState([new nn.Linear(1, 2), new nn.Identity()])).toThrow(/one class, got Linear, Identity/);
    expect(() => stackModuleState([new nn.Linear(1, 2), new nn.Linear(1, 3)])).toThrow(/weight of the first module/);
    expect(() => stackModuleState([new nn.Linear(1, 2), new nn.Linear(1, 2).requiresGrad_(false)])).toThrow(/requires/);
  });
});
