import { expect, test } from 'vitest';
import {
  callsFigure,
  layers,
  ownCalls,
  ringNet,
  twoRings,
} from '../../../../src/lab/lessons/004-keras-fit-and-keras-tuner';
import { mseLoss } from '../../../../src/nn/functional';
import { SGD } from '../../../../src/optim';
import * as training from '../../../../src/training';

function calls() {
  const { net, data } = layers(1, 5);
  const optimizer = new SGD(net.parameters(), { lr: 0.1 });
  const all = training.trace(net, data, { loss: mseLoss, optimizer, epochs: 2, batchSize: 3 }).calls;
  return { all, own: ownCalls(all) };
}

test('hooks, and calls outside of batches, are omitted', () => {
  const { all, own } = calls();
  expect(own.length).toBe(2 * 2 * 5);
  expect(all.length).toBeGreaterThan(own.length);
  expect(own.slice(0, 5).map(({ call }) => call)).toEqual([
    'optimizer.zeroGrad()',
    'net(x)',
    'loss(output, y)',
    'backward()',
    'optimizer.step()',
  ]);
});

test('calls step up in each batch, above batches and epochs', () => {
  const { data, layout, description } = callsFigure(calls().own, { made: 12 });
  const [outer, ...kinds] = data.map(({ base, x, y }) =>
    (base as number[]).map((from, i) => [from, from + (x as number[])[i]!, (y as number[])[i]]),
  );
  // Two epochs, the first of which has two batches.
  expect(outer).toEqual([
    [0, 10, 0.5],
    [10, 12, 0.5],
    [0, 5, 1.5],
    [5, 10, 1.5],
    [10, 12, 1.5],
  ]);
  expect(data[0]!.text).toEqual(['epoch 1', 'epoch 2', '1', '2', '1']);
  const begun = [
    [0, 5, 10],
    [1, 6, 11],
    [2, 7],
    [3, 8],
    [4, 9],
  ];
  expect(kinds).toEqual(begun.map((froms, k) => froms.map((from) => [from, from + 1, 2.5 + k])));
  expect((layout.yaxis as { ticktext: string[] }).ticktext.slice(-1)).toEqual(['step']);
  expect(description).toContain('12 of 20 calls are made, 2 of them steps');
});

test('a kind of call that has not occurred has no block', () => {
  expect(callsFigure(calls().own, { made: 3 }).data.at(-1)).toMatchObject({ name: 'steps', x: [null], y: [null] });
});

test('rejects what cannot be drawn', () => {
  const { own } = calls();
  expect(() => callsFigure([])).toThrow('callsFigure: expected calls, got none');
  for (const made of [-1, 1.5, 21]) expect(() => callsFigure(own, { made })).toThrow('a whole number from 0 to 20');
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

test('two rings: 120 rows and 400 others, half in each class; a net depends on its seed', () => {
  const { seen, held } = twoRings();
  expect([seen.x.shape, held.x.shape]).toEqual([
    [120, 2],
    [400, 2],
  ]);
  expect([seen.y.sum().item(), held.y.sum().item()]).toEqual([60, 200]);
  expect(seen.x.tolist()).not.toEqual((held.x.tolist() as number[][]).slice(0, 120));
  expect(ringNet(3, 8)(seen.x).shape).toEqual([120, 2]);
  expect(ringNet(3)(seen.x).tolist()).toEqual(ringNet(3)(seen.x).tolist());
});
