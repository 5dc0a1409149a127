import { describe, expect, it } from 'vitest';
import { data, nn, optim, relu, tensor, zeros } from '../../../src';
import { interactive, plot } from '../../../src/lab';
import { fakeJupyter } from '../../support/fake-jupyter';

const summary = Symbol.for('Jupyter.summary');
const summaryOf = (value: object) => (value as { [summary](): string })[summary]();

describe('Symbol.for("Jupyter.summary")', () => {
  it('shows dtype, shape and first numbers of a tensor, whatever its strides', () => {
    const x = tensor([[1, 2.123456789, 3], [4, 5, 6]]); // biome-ignore format: rows
    expect(summaryOf(x)).toBe('Tensor float32 [2, 3]\n1, 2.1235, 3, 4, 5, 6');
    expect(summaryOf(x.t())).toBe('Tensor float32 [3, 2]\n1, 4, 2.1235, 5, 3, 6');
    expect(summaryOf(zeros([100, 100], { dtype: 'float64' }))).toBe('Tensor float64 [100, 100]\n0, 0, 0, 0, 0, 0, …');
    expect(summaryOf(tensor(3))).toBe('Tensor float32 []\n3');
    expect(summaryOf(zeros([0, 3]))).toBe('Tensor float32 [0, 3]\nno elements');
    expect(summaryOf(tensor([1, 0], { dtype: 'bool' }))).toBe('Tensor bool [2]\ntrue, false');
  });

  it('shows whether a gradient is required, and changes nothing', () => {
    const w = tensor([1, -1], { requiresGrad: true });
    expect(summaryOf(w)).toBe('Tensor float32 [2], requiresGrad\n1, -1');
    expect(summaryOf(relu(w))).toBe(`Tensor float32 [2], gradFn ${relu(w).gradFn!.name}\n1, 0`);
    const before = w.version;
    summaryOf(w);
    expect([w.version, w.grad]).toEqual([before, null]);
  });

  it('shows the content of a module, and its number of parameters', () => {
    const net = new nn.Sequential(new nn.Linear(20, 50), new nn.ReLU(), new nn.Linear(50, 3));
    expect(summaryOf(net)).toBe('Sequential(), training mode\nLinear → ReLU → Linear\n1,203 parameters');
    net.at(0).requiresGrad_(false);
    expect(summaryOf(net.eval())).toBe(
      'Sequential(), evaluation mode\nLinear → ReLU → Linear\n1,203 parameters, 153 of them trained',
    );
    expect(summaryOf(new nn.ReLU())).toBe('ReLU(), training mode\n0 parameters');
  });

  it('shows learning rate and parameters of an optimizer, and the length of a dataset', () => {
    const net = new nn.Linear(2, 3);
    expect(summaryOf(new optim.SGD(net.parameters(), { lr: 0.1 }))).toBe('SGD\nlr 0.1, 2 parameter tensors');
    expect(summaryOf(new data.TensorDataset(zeros([5, 2]), zeros([5])))).toBe('TensorDataset of 5 items');
  });

  it('describes a figure, and the result of interactive', () => {
    const figure = plot.curves([{ name: 'square', x: [1, 2], y: [1, 4] }], { title: 'Squares' });
    expect(summaryOf(figure)).toBe(figure.description);
    const scope = globalThis as { Jupyter?: unknown };
    scope.Jupyter = fakeJupyter().Jupyter;
    expect(summaryOf(interactive(({ n }) => 2 * n, { n: [0, 10] }))).toBe('interactive\n{ n: 5 } gives 10');
    delete scope.Jupyter;
  });
});
