// The asynchronous form: the numbers of `fit`, concurrently with other work.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { data, Generator, manualSeed, nn, optim, randn, type Tensor, tensor, training } from '../../src';
// Provides the buttons.
import '../../src/lab';

const { crossEntropy } = nn.functional;
const x = randn([40, 3], { generator: new Generator().manualSeed(3) });
const y = tensor(Int32Array.from({ length: 40 }, (_, i) => i % 2));

function made() {
  manualSeed(1);
  const net = new nn.Sequential(new nn.Linear(3, 8), new nn.BatchNorm1d(8), new nn.Dropout(0.4), new nn.Linear(8, 2));
  return {
    net,
    optimizer: new optim.Adam(net.parameters(), { lr: 0.02 }),
    loss: crossEntropy as training.Loss,
    epochs: 4,
  };
}
const weights = (net: training.Net) => nn.utils.parametersToVector(net.parameters()).detach().clone();
const { net: referenceNet, ...reference } = made();
const { history: expected } = training.fit(
  referenceNet,
  { x, y },
  { ...reference, batchSize: 8, validation: { x, y } },
);

/** A turn of the event loop. */
const turn = () => new Promise<void>((done) => setTimeout(done, 1));
/** Waits until a condition holds. */
const until = async (isSo: () => boolean) => {
  while (!isSo()) await turn();
};

test('returns what fit returns, to the bit', async () => {
  const { net, ...options } = made();
  const { history } = await training.fitAsync(net, { x, y }, { ...options, batchSize: 8, validation: { x, y } });
  expect(history).toEqual(expected);
  expect(weights(net).equal(weights(referenceNet))).toBe(true);
});

test('awaits batches, in training and validation, and hooks', async () => {
  const { net, ...options } = made();
  const dataset = new data.TensorDataset(x, y);
  const arriving = (loader: data.DataLoader<[Tensor, Tensor]>): AsyncIterable<training.Batch> => ({
    async *[Symbol.asyncIterator]() {
      for (const batch of loader as Iterable<unknown> as Iterable<training.Batch>) {
        await turn();
        yield batch;
      }
    },
  });
  const loader = (shuffle: boolean, batchSize: number) =>
    arriving(new data.DataLoader(dataset, { batchSize, shuffle }) as never);
  const hooked: number[] = [];
  const callbacks = [
    {
      name: 'slow',
      onEpochEnd: async (epoch: number) => {
        await turn();
        hooked.push(epoch);
        return epoch < 2;
      },
    },
  ];
  manualSeed(1);
  const { history, stopped } = await training.fitAsync(net, loader(true, 8), {
    ...options,
    validation: loader(false, 40),
    callbacks,
  });
  expect([hooked, stopped]).toEqual([[0, 1, 2], 'slow']);
  const { net: other, ...again } = made();
  const now = (shuffle: boolean, batchSize: number) => new data.DataLoader(dataset, { batchSize, shuffle }) as never;
  manualSeed(1);
  const atOnce = training.fit(other, now(true, 8), { ...again, epochs: 3, validation: now(false, 40) });
  expect(history).toEqual(atOnce.history);
  expect(() => training.fit(net, loader(true, 8) as never, options)).toThrow();
});

describe('concurrently with other work', () => {
  /** A training that only a stop by hand ends. */
  function endless(more: object = {}) {
    const { net, ...options } = made();
    const epochs: number[] = [];
    const callbacks = [(epoch: number) => void epochs.push(epoch), ...((more as { callbacks?: [] }).callbacks ?? [])];
    const run = training.fitAsync(net, { x, y }, { ...options, ...more, epochs: 1_000_000, batchSize: 8, callbacks });
    return { net, run, epochs };
  }

  test('timers fire, it pauses, continues and ends regularly', async () => {
    const { run, epochs } = endless();
    expect(run.state).toBe('running');
    await until(() => epochs.length > 0);
    run.pause();
    expect(run.state).toBe('paused');
    await turn();
    const count = epochs.length;
    for (let i = 0; i < 20; i++) await turn();
    expect(epochs.length).toBe(count);
    run.resume();
    await until(() => epochs.length > count);
    run.pause();
    run.stop();
    const { history, stopped } = await run;
    expect([stopped, run.state]).toEqual(['it was ended by hand', 'ended']);
    expect(history.loss).toHaveLength(epochs.length);
    run.resume();
    expect(run.state).toBe('ended');
  });

  test('if it is ended before it has begun, it trains nothing', async () => {
    const { run, epochs } = endless();
    run.stop();
    const { history, stopped } = await run;
    expect([history.loss, epochs, stopped, run.state]).toEqual([[], [], 'it was ended by hand', 'ended']);
  });

  test('changes to options during training apply', async () => {
    const { net, ...options } = made();
    const rates: number[] = [];
    const callbacks = [() => void rates.push(options.optimizer.paramGroups[0]!.lr)];
    const run = training.fitAsync(net, { x, y }, { ...options, epochs: 1_000_000, batchSize: 8, callbacks });
    await until(() => rates.length > 0);
    options.optimizer.paramGroups[0]!.lr = 0.001;
    await until(() => rates.at(-1) === 0.001);
    run.stop();
    await run;
  });

  test('if it is ended, it has the best weights, and a checkpoint to resume from', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'gradlab-async-'));
    try {
      const checkpoint = join(folder, 'run.safetensors');
      const best: Tensor[] = [];
      const monitor = 'valLoss' as const;
      const { net, run, epochs } = endless({
        checkpoint,
        validation: { x, y },
        callbacks: [
          (epoch: number, logs: training.Logs) => {
            Object.assign(logs, { valLoss: Math.abs(epoch - 2) });
            if (epoch === 2) best.push(weights(net));
          },
          training.earlyStopping({ monitor, patience: 1_000_000 }),
        ],
      });
      await until(() => epochs.length > 4);
      run.stop();
      const { history } = await run;
      expect(weights(net).equal(best[0]!)).toBe(true);
      const again = made();
      const { net: other, ...options } = again;
      const resumed = training.fit(
        other,
        { x, y },
        {
          ...options,
          epochs: history.loss.length + 1,
          batchSize: 8,
          validation: { x, y },
          resume: checkpoint,
          callbacks: [training.earlyStopping({ monitor, patience: 1_000_000 })],
        },
      );
      expect(resumed.history.loss.slice(0, -1)).toEqual(history.loss);
      expect(resumed.history.loss).toHaveLength(history.loss.length + 1);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

test('await throws errors, after everything is restored', async () => {
  const { net, ...options } = made();
  const ended: string[] = [];
  const callbacks = [
    {
      name: 'fails',
      onTrainBatchEnd: async () => {
        await turn();
        throw new Error('of its own');
      },
      onTrainEnd: () => void ended.push('end'),
    },
  ];
  await expect(training.fitAsync(net, { x, y }, { ...options, callbacks })).rejects.toThrow('of its own');
  expect(ended).toEqual(['end']);
  await expect(training.fitAsync(net, { x, y }, { ...options, epoch: 3 } as never)).rejects.toThrow(
    'did you mean epochs',
  );
  await expect(training.fitAsync(net, { x, y }, { ...options, buttons: 1 } as never)).rejects.toThrow('buttons is 1');
});

describe('buttons', () => {
  const scope = globalThis as { Jupyter?: unknown };
  afterEach(() => delete scope.Jupyter);

  class Button {
    disabled = false;
    declare description: string;
    press: () => unknown = () => {};
    constructor(values: object) {
      Object.assign(this, values);
    }
    onClick(handler: () => unknown) {
      this.press = handler;
    }
  }

  test('pause, continue and end', async () => {
    const made_: Button[] = [];
    const shown: unknown[] = [];
    const widget = (values: object) => {
      const one = new Button(values);
      made_.push(one);
      return one;
    };
    scope.Jupyter = {
      display: (value: unknown) => void shown.push(value),
      widgets: {
        Button: widget,
        HBox: (values: { children: Button[] }) => ({
          ...values,
          [Symbol.for('Jupyter.display')]: () => ({ 'text/plain': 'buttons' }),
        }),
      },
    };
    const { net, ...options } = made();
    let epochs = 0;
    const run = training.fitAsync(
      net,
      { x, y },
      { ...options, epochs: 1_000_000, buttons: true, callbacks: [() => void epochs++] },
    );
    await until(() => epochs > 0);
    const [wait, end] = made_ as [Button, Button];
    expect([wait.description, end.description, shown.length]).toEqual(['Pause', 'End', 1]);
    wait.press();
    expect([run.state, wait.description]).toEqual(['paused', 'Go on']);
    wait.press();
    expect([run.state, wait.description]).toEqual(['running', 'Pause']);
    end.press();
    await run;
    expect([wait.disabled, end.disabled]).toEqual([true, true]);
  });

  test('do not exist without widgets, or if they are off', async () => {
    const { net, ...options } = made();
    const { history } = await training.fitAsync(net, { x, y }, { ...options, epochs: 1, buttons: true });
    expect(history.loss).toHaveLength(1);
  });
});
