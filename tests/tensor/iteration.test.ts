import { describe, expect, test } from 'vitest';
import { arange, nn, ones, optim, ShapeError, type Tensor, tensor, zeros } from '../../src';
import { plot } from '../../src/lab';

describe('a tensor iterates over its rows', () => {
  test('in a loop, in a list and in a destructuring', () => {
    const x = tensor([
      [1, 2],
      [3, 4],
    ]);
    const rows: unknown[] = [];
    for (const row of x) rows.push(row.tolist());
    expect(rows).toEqual([
      [1, 2],
      [3, 4],
    ]);
    const [a, b] = x;
    expect([a.tolist(), b.tolist()]).toEqual(rows);
    expect([...tensor([5, 6])].map((v) => v.item())).toEqual([5, 6]);
    expect(Array.from(x.t(), (row) => row.tolist())).toEqual([
      [1, 3],
      [2, 4],
    ]);
    expect(new Map(Object.entries([...x])).size).toBe(2);
    expect([...zeros([0, 3])]).toEqual([]);
    expect([...zeros([2, 0])].map((row) => row.shape)).toEqual([[0], [0]]);
  });

  test('which are views with history', () => {
    const x = arange(4).to('float32').view(2, 2);
    for (const row of x) row.mul_(10);
    expect(x.tolist()).toEqual([
      [0, 10],
      [20, 30],
    ]);
    const w = tensor([1, 2, 3], { requiresGrad: true });
    const [first, , third] = w;
    expect(String(first)).toBe('tensor(1., gradFn=<UnbindBackward0>)');
    first.mul(third).backward();
    expect(w.grad!.tolist()).toEqual([3, 0, 1]);
  });

  test('as many as its first dimension', () => {
    expect([ones([3, 2]).length, zeros([0, 2]).length, tensor([7]).length]).toEqual([3, 0, 1]);
  });

  test('a scalar has none', () => {
    const message = 'a 0-d tensor cannot be iterated over: it is a single number, without rows; use item()';
    expect(() => [...tensor(3)]).toThrow(new ShapeError(message));
    expect(() => {
      const [a] = tensor(3).sum();
      return a;
    }).toThrow(ShapeError);
    expect(() => tensor(3).length).toThrow(ShapeError);
  });

  test('one tensor is still rejected where a list of tensors is expected', () => {
    const w = ones([2, 2], { requiresGrad: true });
    const one = w as unknown as Iterable<Tensor> & { dtype: undefined };
    expect(() => new optim.SGD(one)).toThrow('SGD: the parameters must be a list of tensors');
    expect(() => new nn.ParameterList(one)).toThrow(
      'ParameterList: needs a list, got a float32 tensor of shape [2, 2]',
    );
  });
});

describe('JSON', () => {
  test('of a tensor is its nested list', () => {
    expect(JSON.stringify(tensor([[1.5, 2]]))).toBe('[[1.5,2]]');
    expect(JSON.stringify({ loss: tensor(3), seen: tensor([true, false]), none: zeros([0]) })).toBe(
      '{"loss":3,"seen":[true,false],"none":[]}',
    );
    expect(JSON.stringify(tensor([[1, 2]], { requiresGrad: true }).t())).toBe('[[1],[2]]');
    expect(JSON.stringify(tensor([NaN, Infinity, -0]))).toBe('[null,null,0]');
  });

  test('of a module or an optimizer is its state, which can be loaded again', () => {
    const net = new nn.Sequential(new nn.Linear(1, 2), new nn.BatchNorm1d(2));
    const state = JSON.parse(JSON.stringify({ net })).net as Record<string, number[]>;
    expect(Object.keys(state)).toEqual(Object.keys(net.stateDict()));
    const copy = new nn.Sequential(new nn.Linear(1, 2), new nn.BatchNorm1d(2));
    copy.loadStateDict(Object.fromEntries(Object.entries(state).map(([name, list]) => [name, tensor(list)])));
    expect(copy.at(0).weight.tolist()).toEqual(net.at(0).weight.tolist());

    const optimizer = new optim.SGD(net.parameters(), { lr: 0.1, momentum: 0.9 });
    net(ones([2, 1]))
      .sum()
      .backward();
    optimizer.step();
    expect(JSON.parse(JSON.stringify(optimizer))).toEqual(JSON.parse(JSON.stringify(optimizer.stateDict())));
    expect(JSON.parse(JSON.stringify(optimizer)).paramGroups[0]).toMatchObject({ lr: 0.1, params: [0, 1, 2, 3] });
  });

  test("of a figure is plotly's JSON", () => {
    const figure = plot.curves([{ name: 'a', y: tensor([1, 2]) }]);
    expect(JSON.parse(JSON.stringify(figure))).toEqual(JSON.parse(JSON.stringify(figure.toJSON())));
  });
});
