import { describe, expect, test } from 'vitest';
import { AutogradError, detectAnomaly, nn, rand, recompute, tapeMemory, tensor, ValueError, zeros } from '../../src';

const net = () => new nn.Sequential(new nn.Linear(2, 3), new nn.Tanh(), new nn.Linear(3, 1));
const plain = (y: { mimeBundle(): object }) => (y.mimeBundle() as Record<string, string>)['text/plain'];

describe('the tape memory of a small net', () => {
  test('is listed by node, each memory once', () => {
    const module = net();
    const x = rand([5, 2]);
    const kept = tapeMemory(module(x), { module, names: { x } });
    // Data has no gradient: the first layer saves x, and not its weight. The second saves both of its factors.
    expect(
      kept.nodes.map(({ node, module: path, activations, parameters }) => [node, path, activations, parameters]),
    ).toEqual([
      ['AddmmBackward0', '0', 5 * 2 * 4, 0],
      ['TanhBackward0', null, 5 * 3 * 4, 0],
      ['AddmmBackward0', '2', 0, 3 * 4],
    ]);
    expect([kept.activations, kept.parameters, kept.total]).toEqual([100, 12, 112]);
    expect(kept.byOperation).toEqual([
      { node: 'TanhBackward0', count: 1, activations: 60, parameters: 0 },
      { node: 'AddmmBackward0', count: 2, activations: 40, parameters: 12 },
    ]);
    const values = kept.nodes.flatMap((n) => n.kept);
    expect(values.map(({ of, kind, shape, bytes, isCounted }) => [of, kind, shape, bytes, isCounted])).toEqual([
      ['x', 'activation', [5, 2], 40, true],
      [null, 'activation', [5, 3], 60, true],
      [null, 'activation', [5, 3], 60, false],
      ['2.weight', 'parameter', [1, 3], 12, true],
    ]);
  });

  test('without nn.Sequential it is the same', () => {
    const [first, , second] = net();
    const kept = tapeMemory((second as nn.Linear)((first as nn.Linear)(rand([5, 2])).tanh()));
    expect([kept.activations, kept.parameters]).toEqual([100, 12]);
  });

  test('without the net parameters have no names, but are distinguished', () => {
    const kept = tapeMemory(net()(rand([5, 2])));
    expect([kept.activations, kept.parameters]).toEqual([100, 12]);
    expect(kept.nodes.every(({ module }) => module === null)).toBe(true);
  });

  test('is nothing after the backward pass', () => {
    const y = net()(rand([5, 2])).sum();
    y.backward();
    expect(tapeMemory(y).total).toBe(0);
  });

  test('float64 takes twice as much', () => {
    const kept = tapeMemory(net().double()(rand([5, 2], { dtype: 'float64' })));
    expect([kept.activations, kept.parameters]).toEqual([200, 24]);
  });

  test('does not change by being measured', () => {
    const [a, b] = [net(), net()];
    b.loadStateDict(a.stateDict());
    const x = rand([5, 2]);
    const y = a(x).sum();
    tapeMemory(y, { module: a });
    y.backward();
    b(x).sum().backward();
    a.parameters().forEach((p, i) => {
      expect(p.grad!.equal(b.parameters()[i].grad!)).toBe(true);
    });
  });
});

describe('what is recomputed', () => {
  test('saves its input and parameters, which exist anyway, and the random state', () => {
    const module = net();
    const x = rand([50, 2]);
    const wide = new nn.Sequential(new nn.Linear(2, 100), new nn.Tanh(), new nn.Linear(100, 1));
    const [whole, part] = [wide(x), recompute(wide, x)].map((y) => tapeMemory(y, { module: wide, names: { x } }));
    expect(whole.activations).toBe(50 * 2 * 4 + 50 * 100 * 4);
    expect(part.nodes).toHaveLength(1);
    const [node] = part.nodes;
    expect([node.node, node.isRecomputed, node.module]).toEqual(['RecomputeBackward0', true, '']);
    const state = node.kept.find(({ name }) => name === 'randomState')!;
    expect(part.activations).toBe(50 * 2 * 4 + state.bytes);
    expect(part.parameters).toBe((200 + 100 + 100 + 1) * 4);
    expect(part.activations).toBeLessThan(whole.activations);
    expect(node.kept.map(({ of }) => of)).toEqual(['x', '0.weight', '0.bias', '2.weight', '2.bias', null]);
    expect(plain(part)).toContain('RecomputeBackward0 (recomputed)');
    expect(tapeMemory(recompute(module, x)).nodes[0].isRecomputed).toBe(true);
  });
});

test('views and positions count with their memory, once', () => {
  const a = tensor([1, 2, 3, 4], { requiresGrad: true });
  const b = a.mul(2);
  // Two views of one result, and what their product saves.
  const kept = tapeMemory(b.narrow(0, 0, 2).mul(b.narrow(0, 2, 2)));
  expect(kept.activations).toBe(16);
  const [values] = [a.sort().values];
  expect(tapeMemory(values).nodes[0].kept.some(({ dtype }) => dtype === 'int32')).toBe(true);
});

test('the line that recorded a node is known only in anomaly mode', () => {
  const x = tensor([1, 2], { requiresGrad: true });
  const y = detectAnomaly(() => x.exp());
  expect(tapeMemory(y).nodes[0].line).toMatch(/tape-memory\.test\.ts:\d+:\d+/);
  expect(plain(tapeMemory(y))).toContain('line');
  expect(tapeMemory(x.exp()).nodes[0].line).toBeNull();
  expect(plain(tapeMemory(x.exp()))).not.toContain('line');
});

test('printed', () => {
  const module = net();
  const x = zeros([5, 2]);
  expect(plain(tapeMemory(module(x), { module, names: { x } })).split('\n')).toEqual([
    'node            module  keeps                                  activations  parameters',
    'AddmmBackward0  0       self x [5, 2]                                   40           0',
    'TanhBackward0           result [5, 3]                                   60           0',
    'AddmmBackward0  2       (self [5, 3]), weight 2.weight [1, 3]            0          12',
    '112 bytes kept for the way back: 100 of activations, 12 of parameters',
  ]);
  expect(tapeMemory(module(x)).mimeBundle()['text/html']).toContain('<td style="text-align: right">60</td>');
});

test('rejects other arguments', () => {
  expect(tapeMemory(tensor(1, { requiresGrad: true })).nodes).toEqual([]);
  expect(() => tapeMemory(tensor(1))).toThrow(AutogradError);
  expect(() => tapeMemory(null as never)).toThrow(ValueError);
  expect(() => tapeMemory(tensor(1, { requiresGrad: true }), { module: 1 as never })).toThrow(ValueError);
  expect(() => tapeMemory(tensor(1, { requiresGrad: true }), { names: { x: 1 as never } })).toThrow(ValueError);
});
