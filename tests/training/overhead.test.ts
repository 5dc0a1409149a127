// Overhead of fit compared with a loop written by hand. `npm run bench -- fit` has the times.
import { expect, test, vi } from 'vitest';
import { arange, data, Generator, manualSeed, nn, optim, randn, Tensor, training } from '../../src';
import { defaultGenerator } from '../../src/random';

const { crossEntropy } = nn.functional;

const someNet = () => new nn.Sequential(new nn.Linear(2, 5), new nn.ReLU(), new nn.Linear(5, 3));

test('rows arrive as from a loader, and generators have its state at each batch', () => {
  for (const shuffle of [true, false])
    for (const n of [1, 2, 5, 6, 7])
      for (const batchSize of [1, 2, 3, 7, 10])
        for (const isOwn of [true, false]) {
          const places = (way: 'fit' | 'loader') => {
            manualSeed(5);
            const own = isOwn ? new Generator().manualSeed(n) : undefined;
            const options = { batchSize, shuffle, ...(own && { generator: own }) };
            const [x, y] = [arange(2 * n, { dtype: 'float32' }).reshape(n, 2), arange(n)];
            const seen: unknown[] = [];
            const look = (batch: Tensor) => {
              seen.push(batch.tolist(), [...defaultGenerator.getState().toArray()].join());
              if (own) seen.push([...own.getState().toArray()].join());
            };
            const net = someNet();
            const optimizer = new optim.SGD(net.parameters(), { lr: 0 });
            if (way === 'fit') {
              const trainStep: training.TrainStep = ([a, b]) => {
                look(b);
                const output = net(a);
                return { output, loss: output.sum() };
              };
              training.fit(
                net,
                { x, y },
                { loss: crossEntropy, optimizer, epochs: 2, metrics: {}, trainStep, ...options },
              );
            } else {
              const loader = new data.DataLoader(new data.TensorDataset(x, y), options);
              for (let epoch = 0; epoch < 2; epoch++) for (const [, b] of loader) look(b!);
            }
            look(arange(0));
            return seen;
          };
          expect(places('fit')).toEqual(places('loader'));
        }
});

test('an epoch with accuracy traverses no net and copies no tensor that a loop by hand would not', () => {
  const net = someNet();
  const optimizer = new optim.SGD(net.parameters(), { lr: 0.1 });
  const [x, y] = [randn([6, 2]), arange(6).remainder(3).to('int32')];
  const counted = (train: () => void) => {
    const spies = [
      vi.spyOn(net, 'members' as never),
      ...(['item', 'detach', 'toArray', 'argmax', 'clone'] as const).map((name) => vi.spyOn(Tensor.prototype, name)),
    ];
    try {
      train();
      return spies.map((spy) => spy.mock.calls.length);
    } finally {
      for (const spy of spies) spy.mockRestore();
    }
  };
  const fitted = (epochs: number) =>
    counted(() => training.fit(net, [[x, y]], { loss: crossEntropy, optimizer, epochs }));
  const [few, many] = [fitted(1), fitted(11)];
  const byHand = counted(() => {
    for (let i = 0; i < 10; i++) {
      optimizer.zeroGrad();
      const loss = crossEntropy(net(x), y);
      loss.backward();
      optimizer.step();
      loss.item();
    }
  });
  expect(many.map((n, i) => n - few[i]!)).toEqual(byHand);
  expect(byHand.slice(0, 2)).toEqual([0, 10]);
});

test('modules put out of training mode are back in it in the next epoch, and a custom train() is called', () => {
  const [x, y] = [randn([6, 2]), arange(6).remainder(3).to('int32')];
  const modes: boolean[] = [];
  const net = someNet();
  const loss = (output: Tensor, target: Tensor) => {
    modes.push(net.modules().every(({ training: mode }) => mode));
    net.modules()[2]!.eval();
    return crossEntropy(output, target);
  };
  training.fit(net, [[x, y]], { loss, optimizer: new optim.SGD(net.parameters(), { lr: 0.1 }), epochs: 3 });
  expect(modes).toEqual([true, true, true]);
  let called = 0;
  class Frozen extends nn.Module<[Tensor], Tensor> {
    readonly inner = new nn.Linear(2, 3);
    override train(mode = true): this {
      called++;
      return super.train(mode);
    }
    override forward(input: Tensor): Tensor {
      return this.inner(input);
    }
  }
  const frozen = new Frozen();
  const optimizer = new optim.SGD(frozen.parameters(), { lr: 0.1 });
  training.fit(frozen, [[x, y]], { loss: crossEntropy, optimizer, epochs: 3 });
  expect(called).toBe(3);
});
