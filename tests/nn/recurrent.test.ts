import { describe, expect, test } from 'vitest';
import {
  cat,
  DtypeError,
  grad,
  gradcheck,
  manualSeed,
  nn,
  ones,
  randn,
  ShapeError,
  stack,
  type Tensor,
  tensor,
  ValueError,
  zeros,
} from '../../src';
import { expectClose } from '../support/close';

type Numbers = number[][][];
const double = (shape: number[], seed = 1): Tensor => {
  manualSeed(seed);
  return randn(shape, { dtype: 'float64' });
};
const reversed = (x: Tensor) => stack([...x.unbind(0)].reverse());

describe('one step', () => {
  test('RNNCell: tanh(W_ih x + b_ih + W_hh h + b_hh), or relu', () => {
    const weights = {
      weightIh: tensor([[1, 2]]),
      weightHh: tensor([[0.5]]),
      biasIh: tensor([0.25]),
      biasHh: tensor([-3]),
    };
    for (const [nonlinearity, f] of [
      ['tanh', Math.tanh],
      ['relu', (v: number) => Math.max(v, 0)],
    ] as const) {
      const cell = new nn.RNNCell(2, 1, { nonlinearity });
      cell.loadStateDict(weights);
      expectClose(cell(tensor([1, 1]), tensor([2])), [f(1 + 2 + 0.25 + 1 - 3)]);
      expectClose(cell(tensor([1, 0])), [f(1 + 0.25 - 3)]);
    }
  });

  const sigmoid = (v: number) => 1 / (1 + Math.exp(-v));

  test('LSTMCell: gates i, f, g, o', () => {
    const cell = new nn.LSTMCell(1, 1, { bias: false });
    cell.loadStateDict({ weightIh: tensor([[1], [2], [3], [4]]), weightHh: tensor([[0], [0], [0], [1]]) });
    const [h, c] = cell(tensor([[0.5]]), [tensor([[2]]), tensor([[10]])]);
    const cellState = sigmoid(1) * 10 + sigmoid(0.5) * Math.tanh(1.5);
    expectClose(c, [[cellState]]);
    expectClose(h, [[sigmoid(2 + 2) * Math.tanh(cellState)]]);
  });

  test('GRUCell: gates r, z, n; the reset gate multiplies the state after its linear map', () => {
    const cell = new nn.GRUCell(1, 1);
    cell.loadStateDict({
      weightIh: tensor([[1], [2], [3]]),
      weightHh: tensor([[0], [0], [1]]),
      biasIh: zeros(3),
      biasHh: tensor([0, 0, 5]),
    });
    const candidate = Math.tanh(1.5 + sigmoid(0.5) * (2 + 5));
    expectClose(cell(tensor([0.5]), tensor([2])), [(1 - sigmoid(1)) * candidate + sigmoid(1) * 2]);
  });

  test('draws weights, then biases, uniform in ±1/√hiddenSize', () => {
    manualSeed(420);
    const cell = new nn.LSTMCell(2, 4);
    const drawn = cat(cell.parameters().map((p) => p.detach().flatten()));
    manualSeed(420);
    expect(drawn.tolist()).toEqual(nn.init.uniform_(zeros(16 * 2 + 16 * 4 + 32), -0.5, 0.5).tolist());
    expect(cell.namedParameters().map(([name]) => name)).toEqual(['weightIh', 'weightHh', 'biasIh', 'biasHh']);
  });

  test('explains mismatched shapes', () => {
    const cell = new nn.RNNCell(10, 20);
    expect(() => cell(ones([3, 11]))).toThrow(
      new ShapeError('RNNCell: the last dimension of an input of shape [3, 11] must have inputSize 10'),
    );
    expect(() => cell(ones([3, 10]), ones([5, 20]))).toThrow(
      new ShapeError('RNNCell: a state of shape [5, 20] does not fit this input; expected [3, 20]'),
    );
    expect(() => cell(ones([1, 3, 10]))).toThrow(ShapeError);
    expect(() => new nn.LSTMCell(2, 3)(ones([2]), ones([3]) as never)).toThrow(ValueError);
    expect(() => new nn.RNNCell(2, 3, { nonlinearity: 'sigmoid' as 'tanh' })).toThrow(ValueError);
    expect(() => new nn.GRUCell(2, 3, { bias: 'relu' as never })).toThrow(ValueError);
    expect(String(new nn.RNNCell(2, 3, { bias: false, nonlinearity: 'relu' }))).toBe(
      'RNNCell(2, 3, bias=False, nonlinearity=relu)',
    );
  });
});

describe('over a sequence', () => {
  const x = double([5, 2, 3]);

  /** The weights of a layer as those of a cell. */
  const cellState = (net: nn.Module<never, unknown>, suffix: string) =>
    Object.fromEntries(
      ['weightIh', 'weightHh', 'biasIh', 'biasHh'].map((name) => [name, net.stateDict()[`${name}${suffix}`]]),
    );

  test('an RNN and a GRU apply their cells step by step', () => {
    const pairs = [
      [new nn.RNN(3, 4, { nonlinearity: 'relu', dtype: 'float64' }), new nn.RNNCell(3, 4, { nonlinearity: 'relu' })],
      [new nn.GRU(3, 4, { dtype: 'float64' }), new nn.GRUCell(3, 4)],
    ] as const;
    for (const [net, cell32] of pairs) {
      const cell = cell32.to('float64');
      cell.loadStateDict(cellState(net, 'L0'));
      const [output, last] = net(x);
      let h = zeros([2, 4], { dtype: 'float64' });
      x.unbind(0).forEach((xt, t) => {
        h = cell(xt, h);
        expectClose(output.select(0, t), h.tolist() as number[][], 1e-12);
      });
      expectClose(last, [h.tolist()] as Numbers, 1e-12);
    }
  });

  test('an LSTM of two layers applies two cells', () => {
    const net = new nn.LSTM(3, 4, { numLayers: 2, dtype: 'float64' });
    const cells = [new nn.LSTMCell(3, 4, { dtype: 'float64' }), new nn.LSTMCell(4, 4, { dtype: 'float64' })];
    cells.forEach((cell, layer) => void cell.loadStateDict(cellState(net, `L${layer}`)));
    const start: [Tensor, Tensor] = [double([2, 2, 4], 2), double([2, 2, 4], 3)];
    const [output, [h, c]] = net(x, start);
    const states = [0, 1].map((layer): [Tensor, Tensor] => [start[0].select(0, layer), start[1].select(0, layer)]);
    x.unbind(0).forEach((xt, t) => {
      states[0] = cells[0](xt, states[0]);
      states[1] = cells[1](states[0][0], states[1]);
      expectClose(output.select(0, t), states[1][0].tolist() as number[][], 1e-12);
    });
    expectClose(h, stack(states.map(([a]) => a)).tolist() as Numbers, 1e-12);
    expectClose(c, stack(states.map(([, b]) => b)).tolist() as Numbers, 1e-12);
  });

  test('bidirectional: a forward run and one over the reversed sequence', () => {
    const both = new nn.GRU(3, 4, { bidirectional: true, dtype: 'float64' });
    const one = new nn.GRU(3, 4, { dtype: 'float64' });
    const [output, last] = both(x);
    expect([output.shape, last.shape]).toEqual([
      [5, 2, 8],
      [2, 2, 4],
    ]);
    const renamed = (suffix: string) =>
      Object.fromEntries(Object.keys(one.stateDict()).map((name) => [name, both.stateDict()[`${name}${suffix}`]]));
    one.loadStateDict(renamed(''));
    expectClose(output.narrow(2, 0, 4), one(x)[0].tolist() as Numbers, 1e-12);
    one.loadStateDict(renamed('Reverse'));
    const [back, end] = one(reversed(x));
    expectClose(output.narrow(2, 4, 4), reversed(back).tolist() as Numbers, 1e-12);
    expectClose(last.narrow(0, 1, 1), end.tolist() as Numbers, 1e-12);
  });

  test('batchFirst and a sequence without a batch', () => {
    const plain = new nn.LSTM(3, 4, { numLayers: 2, projSize: 2, dtype: 'float64' });
    const batchFirst = new nn.LSTM(3, 4, { numLayers: 2, projSize: 2, batchFirst: true, dtype: 'float64' });
    batchFirst.loadStateDict(plain.stateDict());
    const [output, [h, c]] = plain(x);
    expect([output.shape, h.shape, c.shape]).toEqual([
      [5, 2, 2],
      [2, 2, 2],
      [2, 2, 4],
    ]);
    const [swapped, [h2]] = batchFirst(x.transpose(0, 1));
    expectClose(swapped.transpose(0, 1), output.tolist() as Numbers, 1e-12);
    expectClose(h2, h.tolist() as Numbers, 1e-12);
    const [single, [h1, c1]] = batchFirst(x.select(1, 1));
    expectClose(single, output.select(1, 1).tolist() as number[][], 1e-12);
    expectClose(h1, h.select(1, 1).tolist() as number[][], 1e-12);
    expectClose(c1, c.select(1, 1).tolist() as number[][], 1e-12);
  });

  test("parameters have PyTorch's names and order, and are drawn in this order", () => {
    manualSeed(420);
    const net = new nn.LSTM(2, 4, { numLayers: 2, bidirectional: true, projSize: 3 });
    const shapes = net.namedParameters().map(([name, p]) => [name, ...p.shape]);
    const layer = (suffix: string, inputs: number) => [
      [`weightIh${suffix}`, 16, inputs],
      [`weightHh${suffix}`, 16, 3],
      [`biasIh${suffix}`, 16],
      [`biasHh${suffix}`, 16],
      [`weightHr${suffix}`, 3, 4],
    ];
    expect(shapes).toEqual([...layer('L0', 2), ...layer('L0Reverse', 2), ...layer('L1', 6), ...layer('L1Reverse', 6)]);
    const drawn = cat(net.parameters().map((p) => p.detach().flatten()));
    manualSeed(420);
    expect(drawn.tolist()).toEqual(nn.init.uniform_(zeros(drawn.numel()), -0.5, 0.5).tolist());
    expect(new nn.RNN(2, 3, { bias: false }).biasIhL0).toBeUndefined();
  });

  test('drops outputs between layers in training only', () => {
    const net = new nn.RNN(3, 4, { numLayers: 2, dropout: 1, bias: false, dtype: 'float64' });
    // With everything dropped, the second layer sees zeros.
    expectClose(net(x)[0], zeros([5, 2, 4]).tolist() as Numbers, 0);
    const same = new nn.RNN(3, 4, { numLayers: 2, bias: false, dtype: 'float64' });
    same.loadStateDict(net.stateDict());
    expectClose(net.eval()(x)[0], same(x)[0].tolist() as Numbers, 0);
  });

  test('gradients', () => {
    const net = new nn.LSTM(2, 2, { bidirectional: true, projSize: 1, dtype: 'float64' });
    const inputs = [double([3, 2, 2]), double([2, 2, 1], 2), double([2, 2, 2], 3)].map((t) => t.requiresGrad_());
    const f = (input: Tensor, h: Tensor, c: Tensor) => {
      const [output, [h1, c1]] = net(input, [h, c]);
      return [output, h1, c1];
    };
    expect(gradcheck(f, inputs)).toBe(true);
    const gru = new nn.GRU(2, 1, { numLayers: 2, dtype: 'float64' });
    const start = double([2, 2, 1], 2).requiresGrad_();
    expect(gradcheck((input, h) => gru(input, h), [inputs[0], start])).toBe(true);
  });

  test('the fused LSTM matches repeated cells: values, gradients, second gradients', () => {
    const net = new nn.LSTM(3, 4, { bidirectional: true, dtype: 'float64' });
    const cellOf = (suffix: string) => {
      const cell = new nn.LSTMCell(3, 4, { dtype: 'float64' });
      const own = net.stateDict();
      const names = ['weightIh', 'weightHh', 'biasIh', 'biasHh'];
      cell.loadStateDict(Object.fromEntries(names.map((name) => [name, own[`${name}L0${suffix}`]!])));
      return cell;
    };
    const cells = ['', 'Reverse'].map(cellOf);
    const [input, h, c] = [double([5, 2, 3]), double([2, 2, 4], 2), double([2, 2, 4], 3)].map((t) => t.requiresGrad_());
    const byCells = () => {
      const sides = cells.map((cell, d) => {
        let state: [Tensor, Tensor] = [h!.select(0, d), c!.select(0, d)];
        const outputs: Tensor[] = [];
        for (let i = 0; i < 5; i++) {
          const t = d === 0 ? i : 4 - i;
          state = cell(input!.select(0, t), state);
          outputs[t] = state[0];
        }
        return { output: stack(outputs), state };
      });
      const [hs, cs] = [0, 1].map((k) => stack(sides.map(({ state }) => state[k]!)));
      return [
        cat(
          sides.map(({ output }) => output),
          -1,
        ),
        hs!,
        cs!,
      ];
    };
    const atOnce = () => {
      const [output, [h1, c1]] = net(input!, [h!, c!]);
      return [output, h1, c1];
    };
    // Weights that distinguish all elements.
    const loss = (ys: Tensor[]) =>
      ys.reduce((sum, y, i) => sum.add(y.mul(double([...y.shape], i + 5)).sum()), zeros([]));
    const [now, then] = [atOnce(), byCells()];
    const expectSame = (a: readonly (Tensor | null)[], b: readonly (Tensor | null)[]) => {
      for (const [i, y] of a.entries()) expectClose(y, b[i]!.tolist() as Numbers, 1e-12);
    };
    expectSame(now, then);
    const firsts = [now, then].map((ys) => grad(loss(ys), [input!, h!, c!], { createGraph: true }));
    expectSame(firsts[0]!, firsts[1]!);
    const seconds = firsts.map((gs) => grad(loss(gs.map((g) => g!)), [input!, h!, c!]));
    expectSame(seconds[0]!, seconds[1]!);
    loss(atOnce()).backward();
    loss(byCells()).backward();
    cells.forEach((cell, d) => {
      for (const [name, p] of cell.namedParameters())
        expectSame([net.getParameter(`${name}L0${d === 0 ? '' : 'Reverse'}`).grad], [p.grad]);
    });
  });

  test('prints options other than the defaults', () => {
    expect(String(new nn.LSTM(2, 3))).toBe('LSTM(2, 3)');
    const net = new nn.LSTM(2, 3, { projSize: 1, numLayers: 2, bias: false, batchFirst: true, dropout: 0.5 });
    expect(String(net)).toBe('LSTM(2, 3, projSize=1, numLayers=2, bias=False, batchFirst=True, dropout=0.5)');
    expect(String(new nn.GRU(2, 3, { bidirectional: true }))).toBe('GRU(2, 3, bidirectional=True)');
  });

  test('explains mismatched shapes', () => {
    const net = new nn.RNN(3, 4);
    expect(() => net(ones([2]))).toThrow(new ShapeError('RNN: needs an input of 2 or 3 dimensions, got [2]'));
    expect(() => net(ones([5, 2, 3]), ones([1, 3, 4]))).toThrow(
      new ShapeError('RNN: a state of shape [1, 3, 4] does not fit this input; expected [1, 2, 4]'),
    );
    expect(() => net(ones([5, 3]), ones([1, 1, 4]))).toThrow('expected [1, 4]');
    expect(() => net(zeros([0, 2, 3]))).toThrow(ShapeError);
    expect(() => net(x)).toThrow(
      new DtypeError(
        "RNN: the input is float64, the weights are float32; convert the input with to('float32'), or the module",
      ),
    );
    expect(() => new nn.RNN('10' as never, 5)).toThrow(
      new ValueError("RNN: inputSize is '10'; it must be a whole number, 1 or more"),
    );
    expect(() => new nn.GRU(3, 0)).toThrow(ValueError);
    expect(() => new nn.GRU(3, 5, { batchFirst: 0 as never })).toThrow(ValueError);
    expect(() => new nn.LSTM(3, 5, { dropout: 1.5 })).toThrow(ValueError);
    expect(() => new nn.LSTM(3, 5, { projSize: 5 })).toThrow(
      new ValueError('LSTM: projSize 5 must be smaller than hiddenSize 5'),
    );
  });
});
