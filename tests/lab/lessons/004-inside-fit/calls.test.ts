import { expect, test } from 'vitest';
import { callsFigure, layers, ownCalls } from '../../../../src/lab/lessons/004-inside-fit';
import { mseLoss } from '../../../../src/nn/functional';
import { SGD } from '../../../../src/optim';
import * as training from '../../../../src/training';

function calls() {
  const { net, data } = layers(1, 5);
  const optimizer = new SGD(net.parameters(), { lr: 0.1 });
  const all = training.trace(net, data, { loss: mseLoss, optimizer, epochs: 2, batchSize: 3 }).calls;
  return { all, own: ownCalls(all) };
}

test('hooks are left out', () => {
  const { all, own } = calls();
  expect(own.length).toBe(2 * (1 + 2 * 5));
  expect(all.length).toBeGreaterThan(own.length);
  expect(own.slice(0, 6).map(({ call }) => call)).toEqual([
    'net.train()',
    'optimizer.zeroGrad()',
    'net(x)',
    'loss(output, y)',
    'backward()',
    'optimizer.step()',
  ]);
});

test('calls stand one after the other, within batches, epochs and fit', () => {
  const { own } = calls();
  const { data, layout, description } = callsFigure(own, { made: 12 });
  const [loop, net, back, step] = data.map(({ base, x, y }) =>
    (base as number[]).map((from, i) => [from, from + (x as number[])[i]!, (y as number[])[i]]),
  );
  // All of fit, two epochs, the first of which has two batches; then what the loop itself calls.
  expect(loop!.slice(0, 5)).toEqual([
    [0, 12, 0.5],
    [0, 11, 1.5],
    [11, 12, 1.5],
    [1, 6, 2.5],
    [6, 11, 2.5],
  ]);
  expect(net).toEqual([2, 3, 7, 8].map((from) => [from, from + 1, 3.5]));
  expect(back).toEqual([4, 9].map((from) => [from, from + 1, 3.5]));
  expect(step).toEqual([5, 10].map((from) => [from, from + 1, 3.5]));
  expect((layout.yaxis as { ticktext: string[] }).ticktext).toEqual(['fit', 'epochs', 'batches', 'calls']);
  expect(description).toContain('12 of 22 calls are made, 2 of them steps');
});

test('a kind of call that has not been made keeps its place in the legend', () => {
  const [, , , step] = callsFigure(calls().own, { made: 3 }).data;
  expect(step).toMatchObject({ name: 'steps', x: [null], y: [null] });
});

test('what cannot be drawn is refused', () => {
  const { own } = calls();
  expect(() => callsFigure([])).toThrow('callsFigure: expected calls, got none');
  for (const made of [-1, 1.5, 23]) expect(() => callsFigure(own, { made })).toThrow('a whole number from 0 to 22');
});

test('layers are the same for a seed; the target is the product of the inputs', () => {
  const [a, b, c] = [layers(1), layers(1), layers(2)];
  const first = ({ linear }: typeof a) => linear[0]!.weight.tolist();
  expect(first(a)).toEqual(first(b));
  expect(first(a)).not.toEqual(first(c));
  const [[p, q]] = a.data.x.tolist() as number[][];
  expect((a.data.y.tolist() as number[][])[0]![0]).toBe(p! * q!);
  expect(layers(1, 7).data.x.shape).toEqual([7, 2]);
});
