// A constructor copies its arguments: changing a list later has no effect.
import { expect, test } from 'vitest';
import { data, nn, optim, rand, tensor } from '../../src';

const image = () => rand([1, 2, 8, 8]);

test.each<[string, (list: number[]) => (x: ReturnType<typeof image>) => unknown, number[]]>([
  ['Conv2d', (stride) => new nn.Conv2d(2, 3, 2, { stride }), [1, 2]],
  ['Conv2d, kernel', (kernelSize) => new nn.Conv2d(2, 3, kernelSize), [1, 2]],
  ['Conv2d, reflect', (padding) => new nn.Conv2d(2, 3, 2, { padding, paddingMode: 'reflect' }), [1, 2]],
  ['ConvTranspose2d', (stride) => new nn.ConvTranspose2d(2, 3, 2, { stride }), [1, 2]],
  ['MaxPool2d', (kernelSize) => new nn.MaxPool2d(kernelSize), [1, 2]],
  ['MaxPool2d, stride', (stride) => new nn.MaxPool2d(2, { stride }), [1, 2]],
  ['AvgPool2d', (kernelSize) => new nn.AvgPool2d(kernelSize), [1, 2]],
  ['LPPool2d', (kernelSize) => new nn.LPPool2d(2, kernelSize), [1, 2]],
  ['AdaptiveAvgPool2d', (outputSize) => new nn.AdaptiveAvgPool2d(outputSize as [number, number]), [1, 2]],
  ['Unfold', (kernelSize) => new nn.Unfold(kernelSize), [1, 2]],
  ['Upsample', (size) => new nn.Upsample({ size }), [3, 2]],
  ['ZeroPad2d', (padding) => new nn.ZeroPad2d(padding), [1, 2, 1, 2]],
  ['LayerNorm', (normalizedShape) => new nn.LayerNorm(normalizedShape), [8, 8]],
  ['Unflatten', (sizes) => new nn.Unflatten(2, sizes), [2, 4]],
])('%s', (_, make, list) => {
  const layer = make(list) as unknown as (x: ReturnType<typeof image>) => { shape: readonly number[] };
  const { shape } = layer(image());
  const printed = String(layer);
  list.reverse().push(5);
  expect(layer(image()).shape).toEqual(shape);
  expect(String(layer)).toBe(printed);
});

test('optimizers', () => {
  const betas: [number, number] = [0.5, 0.6];
  const [p, q] = [tensor([1], { requiresGrad: true }), tensor([1], { requiresGrad: true })];
  const adam = new optim.Adam([{ params: [p] }, { params: [q] }], { betas });
  betas[0] = 7;
  expect(adam.paramGroups.map((group) => group.betas)).toEqual([
    [0.5, 0.6],
    [0.5, 0.6],
  ]);
  (adam.paramGroups[0].betas as unknown as number[])[0] = 0.1;
  expect([adam.paramGroups[1].betas, adam.defaults.betas]).toEqual([
    [0.5, 0.6],
    [0.5, 0.6],
  ]);
  const state = adam.stateDict();
  (state.paramGroups[1].betas as unknown as number[])[0] = 0.2;
  expect(adam.paramGroups[1].betas).toEqual([0.5, 0.6]);
  adam.loadStateDict(state);
  (state.paramGroups[1].betas as unknown as number[])[0] = 0.3;
  expect(adam.paramGroups[1].betas).toEqual([0.2, 0.6]);
});

test('schedulers', () => {
  const optimizer = new optim.SGD([tensor([1], { requiresGrad: true })], { lr: 1 });
  const minLr = [0.5];
  const plateau = new optim.lrScheduler.ReduceLROnPlateau(optimizer, { minLr });
  minLr[0] = 3;
  expect(plateau.minLr).toEqual([0.5]);
});

test('datasets, samplers and loaders', () => {
  const numbers = [1, 0];
  const batches = [[1], [0, 1]];
  const weights = tensor([0, 1], { dtype: 'float64' });
  const subset = new data.Subset(['a', 'b'], numbers);
  const some = new data.SubsetRandomSampler(numbers);
  const batched = new data.BatchSampler(numbers, 1, false);
  const sampled = new data.DataLoader(['a', 'b'], { sampler: numbers });
  const loader = new data.DataLoader(['a', 'b'], { batchSampler: batches });
  const weighted = new data.WeightedRandomSampler(weights, 3);
  const parts = [['a'], ['b']];
  const all = new data.ConcatDataset(parts);
  numbers.splice(0, 2, 0);
  batches[1].pop();
  batches.pop();
  parts.pop();
  weights.copy_(tensor([1, 0]));
  expect([...subset]).toEqual(['b', 'a']);
  expect([...some].sort()).toEqual([0, 1]);
  expect([...batched]).toEqual([[1], [0]]);
  expect([...sampled]).toEqual([['b'], ['a']]);
  expect([...loader]).toEqual([['b'], ['a', 'b']]);
  expect([...weighted]).toEqual([1, 1, 1]);
  expect([...all]).toEqual(['a', 'b']);
});
