import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { DtypeError, displaySymbol, manualSeed, nn, ones, rand, ShapeError, type Tensor, tensor } from '../../src';

class Net extends nn.Module {
  body = new nn.Sequential(new nn.Linear(2, 3), new nn.BatchNorm1d(3), new nn.ReLU());
  head = new nn.Linear(3, 1, { bias: false });
  unused = new nn.Dropout();
  forward(x: Tensor): Tensor {
    return this.head(this.body(x));
  }
}

describe('summary', () => {
  test('lists modules with outputs and parameters', () => {
    const net = new Net();
    net.head.requiresGrad_(false);
    net.body.getParameter('1.weight').requiresGrad = false;
    const summary = nn.summary(net, [5, 2]);
    expect(String(summary)).toBe(
      [
        'layer               output  parameters  multiply-adds  kept  trained',
        'Net                 [5, 1]           0              0     0',
        '  body: Sequential  [5, 3]           0              0     0',
        '    0: Linear       [5, 3]           9             30    10  yes',
        '    1: BatchNorm1d  [5, 3]           6              0     3  partly',
        '    2: ReLU         [5, 3]           0              0    15',
        '  head: Linear      [5, 1]           3             15     0  no',
        '  unused: Dropout                    0              0     0',
        '18 parameters, 12 of them trained; 45 multiply-adds, 28 numbers kept for the way back',
      ].join('\n'),
    );
    expect([summary.parameters, summary.trainable, summary.multiplyAdds, summary.kept]).toEqual([18, 12, 45, 28]);
    expect(summary.rows[3]).toEqual({
      path: 'body.1',
      kind: 'BatchNorm1d',
      output: '[5, 3]',
      calls: 1,
      parameters: 6,
      trainable: 3,
      multiplyAdds: 0,
      kept: 3,
    });
    expect(inspect(summary)).toBe(String(summary));
  });

  test('is shown as a table in a notebook', () => {
    const bundle = nn.summary(new nn.Sequential(new nn.Linear(30, 40)), [1, 30])[displaySymbol]();
    expect(bundle['text/plain']).toContain('  0: Linear  [1, 40]       1,240          1,200    30  yes');
    expect(bundle['text/html']).toBe(
      '<table><caption>1,240 parameters, 1,240 of them trained; 1,200 multiply-adds, 30 numbers kept for the way back' +
        '</caption><thead><tr>' +
        '<th style="text-align: left">layer</th><th style="text-align: left">output</th>' +
        '<th style="text-align: right">parameters</th><th style="text-align: right">multiply-adds</th>' +
        '<th style="text-align: right">kept</th><th style="text-align: left">trained</th></tr></thead><tbody>' +
        '<tr><td style="text-align: left; padding-left: 1em">Sequential</td><td style="text-align: left">[1, 40]</td>' +
        '<td style="text-align: right">0</td><td style="text-align: right">0</td><td style="text-align: right">0</td>' +
        '<td style="text-align: left"></td></tr>' +
        '<tr><td style="text-align: left; padding-left: 2.5em">0: Linear</td><td style="text-align: left">[1, 40]</td>' +
        '<td style="text-align: right">1,240</td><td style="text-align: right">1,200</td>' +
        '<td style="text-align: right">30</td><td style="text-align: left">yes</td></tr></tbody></table>',
    );
  });

  test('counts operations and memory of convolutions, of branches and of code outside modules', () => {
    const convolution = (outputs: number, options: object) => new nn.Conv2d(4, outputs, 3, options);
    const net = new nn.Sequential(
      convolution(6, { groups: 2, stride: 2, padding: 1 }),
      new nn.ReLU(),
      new nn.MaxPool2d(2),
      new nn.ConvTranspose2d(6, 5, 2),
    );
    const { rows, multiplyAdds } = nn.summary(net, [2, 4, 8, 8]);
    // 6 · 4 · 4 sums of 2 · 3 · 3 products each; 6 · 2 · 2 inputs, each for 5 · 2 · 2 products.
    expect(rows.map((r) => r.multiplyAdds)).toEqual([0, 2 * 96 * 18, 0, 0, 2 * 24 * 20]);
    expect(multiplyAdds).toBe(2 * (96 * 18 + 24 * 20));
    // The input; the output of ReLU; the indices of the maxima; the maxima.
    expect(rows.map((r) => r.kept)).toEqual([0, 2 * 256, 2 * 96, 2 * 24, 2 * 24]);

    class Branches extends nn.Module {
      inner = new nn.Tanh();
      weight = new nn.Parameter(ones([3, 3]));
      forward(x: Tensor) {
        const h = x.matmul(this.weight).exp();
        return this.inner(h).mul(h);
      }
    }
    expect(nn.summary(new Branches(), [2, 3]).rows.map((r) => [r.path, r.multiplyAdds, r.kept])).toEqual([
      ['', 18, 12],
      ['inner', 0, 6],
    ]);
    const indices = tensor([1, 2, 2], { dtype: 'int32' });
    expect(nn.summary(new nn.Embedding(10, 4), indices).kept).toBe(3);
  });

  test('changes nothing: modes, buffers, gradients, hooks, random numbers', () => {
    manualSeed(1);
    const net = new Net();
    net.head.eval();
    const before = Object.entries(net.stateDict()).map(([name, x]) => [name, x.tolist()]);
    manualSeed(2);
    const expected = rand([3]).tolist();
    manualSeed(2);
    nn.summary(net, [5, 2]);
    expect(rand([3]).tolist()).toEqual(expected);
    expect(Object.entries(net.stateDict()).map(([name, x]) => [name, x.tolist()])).toEqual(before);
    expect(net.modules().map((m) => m.training)).toEqual([true, true, true, true, true, false, true]);
    expect(net.parameters().every((p) => p.grad === null)).toBe(true);
    expect(net(ones([5, 2])).gradFn!.name).not.toContain('Hook');
  });

  test('restores everything after an error', () => {
    const net = new Net();
    expect(() => nn.summary(net, [5, 7])).toThrow(ShapeError);
    expect(net.modules().every((m) => m.training)).toBe(true);
  });

  test('several inputs, tensors, several outputs, modules that are used twice, dtypes', () => {
    class Twice extends nn.Module<[Tensor, Tensor], { sum: Tensor; parts: [Tensor, Tensor] }> {
      embedding = new nn.Embedding(10, 4);
      linear = new nn.Linear(4, 4);
      tied = new nn.Linear(4, 4);
      constructor() {
        super();
        this.tied.weight = this.linear.weight;
      }
      forward(x: Tensor, i: Tensor) {
        const e = this.embedding(i);
        const y = this.tied(this.linear(this.linear(x)));
        return { sum: y.add(e), parts: [y, e] as [Tensor, Tensor] };
      }
    }
    const net = new Twice().double();
    const summary = nn.summary(net, [[2, 4], tensor([1, 2], { dtype: 'int32' })]);
    expect(summary.rows.map((r) => [r.path, r.output, r.calls, r.parameters])).toEqual([
      ['', '[2, 4], [2, 4], [2, 4]', 1, 0],
      ['embedding', '[2, 4]', 1, 40],
      ['linear', '[2, 4]', 2, 20],
      ['tied', '[2, 4]', 1, 4],
    ]);
    expect(String(summary)).toMatch(/ linear: Linear +\[2, 4\] ×2 +20 +64 +16 {2}yes\n/);
    expect(nn.summary(new nn.ReLU(), tensor([1, 2])).rows[0].output).toBe('[2]');
    expect(nn.summary(new nn.ReLU(), []).rows[0].output).toBe('[]');
    class KnowsDtype extends nn.Module {
      forward(x: Tensor) {
        return ones([x.dtype === 'float64' ? 64 : 32]);
      }
    }
    expect(nn.summary(new KnowsDtype(), [1], { dtype: 'float64' }).rows[0].output).toBe('[64]');
    expect(() => nn.summary(new KnowsDtype(), [1], { dtype: 'float46' as 'float64' })).toThrow(
      new DtypeError("summary: unknown dtype 'float46'; use one of float64, float32, int32, uint8, bool"),
    );
  });
});
