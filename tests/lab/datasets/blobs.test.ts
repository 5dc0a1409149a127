import { describe, expect, it } from 'vitest';
import { betaSample, data, Generator, nn, randn, tensor } from '../../../src';
import { ShapeError, ValueError } from '../../../src/errors';
import { datasets } from '../../../src/lab';

const seeded = (seed = 3) => new Generator().manualSeed(seed);

describe('blobs', () => {
  it('are normally distributed around centres, each row drawn evenly', () => {
    const { x, y, truth, centres } = datasets.blobs(4, 20_000, { dims: 3, noise: 0.5, generator: seeded() });
    expect([x.shape, y.shape, centres.shape]).toEqual([[20_000, 3], [20_000], [4, 3]]);
    expect([x.dtype, y.dtype, centres.dtype]).toEqual(['float64', 'int32', 'float64']);
    expect(y.tolist()).toEqual(truth.tolist());
    for (let k = 0; k < 4; k++) expect(y.eq(k).double().mean().item()).toBeCloseTo(0.25, 1);
    const rest = x.sub(centres.indexSelect(0, truth));
    expect(rest.mean().item()).toBeCloseTo(0, 2);
    for (const sd of rest.std(0).tolist() as number[]) expect(sd).toBeCloseTo(0.5, 2);
    expect(datasets.blobs(400, 1, { dims: 50, generator: seeded() }).centres.std().item()).toBeCloseTo(1, 1);
  });

  it('have the given fraction of random labels, of which one in k is correct by chance', () => {
    const { x, y, truth } = datasets.blobs(5, 20_000, { flip: 0.15, generator: seeded() });
    expect(y.ne(truth).double().mean().item()).toBeCloseTo(0.15 * (4 / 5), 2);
    for (let k = 0; k < 5; k++) {
      const wrong = y.ne(truth).logicalAnd(y.eq(k)).double().mean().item();
      expect(wrong).toBeCloseTo((0.15 * (4 / 5)) / 5, 2);
    }
    const clean = datasets.blobs(5, 20_000, { generator: seeded() });
    expect(clean.x.equal(x) && clean.truth.equal(truth)).toBe(true);
  });

  it('reject invalid arguments', () => {
    expect(() => datasets.blobs(0, 5)).toThrow(new ValueError('blobs: k must be a whole number from 1 on, got 0'));
    expect(() => datasets.blobs(2, 1.5)).toThrow('n must be a whole number from 1 on, got 1.5');
    expect(() => datasets.blobs(2, 5, { dims: 0 })).toThrow('dims must be');
    expect(() => datasets.blobs(2, 5, { noise: -1 })).toThrow('noise must be 0 or more, got -1');
    expect(() => datasets.blobs(2, 5, { flip: 2 })).toThrow('flip must be from 0 to 1, got 2');
    expect(() => datasets.blobs(2, 5, { seed: 1 } as never)).toThrow('there is no option seed');
  });
});

describe('mixup', () => {
  const batch = () => [randn([6, 2, 2], { generator: seeded() }), tensor(Int32Array.of(0, 1, 2, 2, 1, 0))] as const;

  it('matches torchvision: each row with the previous one, one λ from Beta(α, α)', () => {
    const [x, y] = batch();
    const [mixed, shares] = data.mixup([x, y], { classes: 3, alpha: 0.4, generator: seeded(7) });
    const share = betaSample(0.4, 0.4, 1, { generator: seeded(7) }).item();
    expect(share).toBe(0.9781090021133423); // torch.distributions.Beta(0.4, 0.4).sample() after manual_seed(7)
    const [rows, values] = [x.tolist(), mixed.tolist()] as number[][][][];
    for (let i = 0; i < 6; i++) {
      const before = (i + 5) % 6;
      for (const [a, b] of [
        [0, 1],
        [1, 0],
      ] as const)
        expect(values[i]![a]![b]).toBeCloseTo(share * rows[i]![a]![b]! + (1 - share) * rows[before]![a]![b]!, 6);
      const row = [0, 0, 0];
      row[y.at(i).item()]! += share;
      row[y.at(before).item()]! += 1 - share;
      for (const [k, value] of (shares.at(i).tolist() as number[]).entries()) expect(value).toBeCloseTo(row[k]!, 6);
    }
  });

  it('mixes the batches of a loader, for cross entropy', () => {
    const { x, y } = datasets.blobs(3, 20, { generator: seeded() });
    const loader = new data.DataLoader(new data.TensorDataset(x, y), {
      batchSize: 8,
      collateFn: (rows) => data.mixup(data.defaultCollate(rows) as never, { classes: 3 }),
    });
    const shapes = [...loader].map(([a, b]) => [a.shape, b.shape, b.dtype]);
    expect(shapes).toEqual([
      [[8, 2], [8, 3], 'float64'],
      [[8, 2], [8, 3], 'float64'],
      [[4, 2], [4, 3], 'float64'],
    ]);
    const [a, b] = [...loader][0]!;
    expect(nn.functional.crossEntropy(a.matmul(randn([2, 3], { dtype: 'float64' })), b).item()).toBeGreaterThan(0);
  });

  it('explains what it cannot mix', () => {
    const [x, y] = batch();
    expect(() => data.mixup([x, y], { classes: 2 })).toThrow('class numbers from 0 to 1');
    expect(() => data.mixup([x, y], { classes: 0 })).toThrow('classes must be a whole number from 1 on, got 0');
    expect(() => data.mixup([x, y], { classes: 3, alpha: 0 })).toThrow('alpha must be above 0, got 0');
    expect(() => data.mixup([x, y.narrow(0, 0, 2)], { classes: 3 })).toThrow(ShapeError);
    expect(() => data.mixup([y, y], { classes: 3 })).toThrow('x must be float32 or float64, got int32');
    expect(() => data.mixup([x] as never, { classes: 3 })).toThrow('the batch must be [x, y]');
  });
});
