import { expect, it } from 'vitest';
import { Generator, nn, optim, randperm, training } from '../../../../src';
import {
  choice,
  firstRise,
  histories,
  netOf,
  wavyRows,
} from '../../../../src/lab/lessons/004-early-stopping-would-you-stop-here';

it('trains each net like fit', () => {
  const [first, second] = histories({ seeds: [3, 8], epochs: 40, rate: 0.02, units: 7 });
  for (const [seed, found] of [
    [3, first!],
    [8, second!],
  ] as const) {
    const rows = wavyRows(seed);
    const net = netOf(seed, 7);
    const optimizer = new optim.Adam(net.parameters(), { lr: 0.02 });
    const { history } = training.fit(net, rows.training, {
      ...{ loss: nn.functional.mseLoss, optimizer, epochs: 40, batchSize: 30, shuffle: false },
      validation: rows.validation,
    });
    const off = (a: readonly number[], b: readonly number[]) => Math.max(...a.map((one, i) => Math.abs(one - b[i]!)));
    expect(off(history.loss, found.training)).toBeLessThan(1e-6);
    expect(off(history.valLoss as number[], found.validation)).toBeLessThan(1e-6);
    const far = net(rows.validation.x).sub(rows.validation.x.sin()).square().mean().item();
    expect(found.wave[39]).toBeCloseTo(far, 0);
    expect(found.wave[39]).toBeLessThan(found.wave[0]!);
  }
});

it('trains nets of any depth', () => {
  const [one] = histories({ seeds: [2], epochs: 2, units: 5, hidden: 3 });
  const net = netOf(2, 5, 3);
  expect(net.parameters().map(({ shape }) => shape[0])).toEqual([5, 5, 5, 5, 5, 5, 1, 1]);
  const { x, y } = wavyRows(2).training;
  expect(one!.training[0]).toBeCloseTo(net(x).sub(y).square().mean().item(), 12);
});

it('supports momentum, and draws the given number of validation rows', () => {
  const [one] = histories({ seeds: [1], epochs: 3, by: 'momentum', rate: 0.05 });
  const net = netOf(1);
  const { training: rows } = wavyRows(1);
  const sgd = new optim.SGD(net.parameters(), { lr: 0.05, momentum: 0.9 });
  const losses = [0, 1, 2].map(() => {
    sgd.zeroGrad();
    const loss = nn.functional.mseLoss(net(rows.x), rows.y);
    loss.backward();
    sgd.step();
    return loss.item();
  });
  for (const [i, loss] of losses.entries()) expect(one!.training[i]).toBeCloseTo(loss, 12);
  expect(wavyRows(1, { count: 300 }).validation.x.shape).toEqual([300, 1]);
  expect(wavyRows(1, { count: 300 }).training.x.tolist()).toEqual(rows.x.tolist());
});

it('without momentum uses shuffled mini-batches', () => {
  const [one] = histories({ seeds: [1], epochs: 2, by: 'descent', rate: 0.05, batch: 20 });
  const net = netOf(1);
  const { x, y } = wavyRows(1).training;
  const sgd = new optim.SGD(net.parameters(), { lr: 0.05 });
  const generator = new Generator().manualSeed(0);
  const losses = [0, 1].map(() => {
    const order = randperm(30, { generator });
    // Batches of 20 and 10 rows weigh 2/3 and 1/3.
    return [order.narrow(0, 0, 20), order.narrow(0, 20, 10)].reduce((mean, rows) => {
      sgd.zeroGrad();
      const loss = nn.functional.mseLoss(net(x.indexSelect(0, rows)), y.indexSelect(0, rows));
      loss.backward();
      sgd.step();
      return mean + (loss.item() * rows.shape[0]!) / 30;
    }, 0);
  });
  for (const [i, loss] of losses.entries()) expect(one!.training[i]).toBeCloseTo(loss, 6);
});

it('adds noise around the wave between −3 and 3', () => {
  const { x, y } = wavyRows(5, { noise: 0.1, count: 2000 }).validation;
  expect(x.abs().max().item()).toBeLessThan(3);
  expect(y.sub(x.sin()).square().mean().sqrt().item()).toBeCloseTo(0.1, 2);
  expect(
    wavyRows(5, { noise: 0 })
      .training.y.sub(wavyRows(5, { noise: 0 }).training.x.sin())
      .abs()
      .max()
      .item(),
  ).toBe(0);
});

it('can omit the distance from the wave, without other changes', () => {
  const options = { seeds: [1, 2], epochs: 3, batch: 20 };
  const [all, less] = [histories(options), histories({ ...options, wave: false })];
  expect(less.map(({ wave }) => wave)).toEqual([[], []]);
  expect(less.map(({ training, validation }) => [training, validation])).toEqual(
    all.map(({ training, validation }) => [training, validation]),
  );
});

it('finds the first rise, and whether the training loss rises near it', () => {
  const validation = [5, 3, 4, 2];
  const found = (training: number[]) => firstRise({ validation, training, wave: [] });
  expect(found([9, 8, 7, 8])).toEqual({ before: 3, best: 2, risesToo: true });
  expect(found([9, 8, 7, 6]).risesToo).toBe(false);
  expect(firstRise({ validation: [3, 2, 1], training: [1, 2, 3], wave: [] })).toEqual({
    before: null,
    best: 1,
    risesToo: false,
  });
});

it('compares the epoch chosen by rows with the one nearest to the wave', () => {
  expect(choice({ training: [], validation: [3, 1, 2], wave: [4, 6, 2] })).toEqual({ chosen: 2, right: 3, over: 3 });
});
