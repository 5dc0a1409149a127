// The calls of `fit`, in order: the trace compared with the actual calls, and the documentation's tables with the
// trace.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import * as gradlab from '../../src';
import { nn, optim, rand, type Tensor, training } from '../../src';
// Draws.
import '../../src/lab';
import { trainingReference } from '../../tools/reference/training-reference.mjs';
import { root } from '../support/typescript';

test('docs/training.md is current; `npm run generate` writes it', () => {
  const written = readFileSync(join(root, 'docs', 'training.md'), 'utf8');
  expect(written).toBe(trainingReference(gradlab as never));
});

test('the trace matches the actual calls and their callers', () => {
  const happened: string[] = [];
  const net = new nn.Linear(2, 1);
  const optimizer = new optim.SGD(net.parameters(), { lr: 0.1 });
  const scheduler = new optim.lrScheduler.StepLR(optimizer, 1);
  const watched = <T extends object>(owner: T, name: keyof T & string, as: string) => {
    const real = owner[name] as (...given: unknown[]) => unknown;
    Object.assign(owner, {
      [name]: (...given: unknown[]) => {
        happened.push(as);
        return real.apply(owner, given);
      },
    });
  };
  watched(optimizer, 'step', 'optimizer.step()');
  watched(optimizer, 'zeroGrad', 'optimizer.zeroGrad()');
  watched(scheduler, 'step', 'scheduler.step()');
  net.registerForwardHook(() => {
    if (net.training) happened.push('net(x)');
  });
  net.weight.registerHook(() => void happened.push('backward()'));
  const hooks = [
    'onTrainBegin',
    'onEpochBegin',
    'onTrainBatchBegin',
    'onBeforeOptimizerStep',
    'onTrainBatchEnd',
    'onTestBegin',
  ];
  const own: training.Callback = {
    name: 'own',
    ...Object.fromEntries(
      [...hooks, 'onTestEnd', 'onEpochEnd', 'onTrainEnd'].map((hook) => [hook, () => void happened.push(hook)]),
    ),
  };
  const data = { x: rand([7, 2]), y: rand([7, 1]) };
  const loss = (output: Tensor, target: Tensor) => {
    if (net.training) happened.push('loss(output, y)');
    return nn.functional.mseLoss(output, target);
  };
  const options = {
    loss,
    optimizer,
    scheduler,
    epochs: 2,
    batchSize: 2,
    accumulate: 3,
    validation: data,
    callbacks: [own],
  };
  const { calls } = training.trace(net, data, options);
  const seen = calls.filter(({ call, callback }) =>
    callback === '' ? new Set(happened).has(call) : callback === 'own',
  );
  expect(seen.map(({ call }) => call)).toEqual(happened);
  const batches = calls.filter(({ call, callback }) => call === 'onTrainBatchEnd' && callback === 'own');
  expect(batches.map(({ epoch, batch }) => [epoch, batch])).toEqual(
    [0, 1].flatMap((e) => [0, 1, 2, 3].map((b) => [e, b])),
  );
  expect(calls[0]).toEqual({ epoch: null, batch: null, call: 'onTrainBegin', callback: 'every hook' });
  expect(calls.at(-1)).toEqual({ epoch: null, batch: null, call: 'onTrainEnd', callback: 'own' });
});

test('repeated calls appear once, in the table and in the drawing', async () => {
  const net = new nn.Linear(2, 1);
  const optimizer = new optim.SGD(net.parameters(), { lr: 0.1 });
  const data = { x: rand([6, 2]), y: rand([6, 1]) };
  const trace = training.trace(net, data, { loss: nn.functional.mseLoss, optimizer, epochs: 5, batchSize: 2 });
  const { rows } = trace.table();
  expect(trace.calls.filter(({ call }) => call === 'optimizer.step()')).toHaveLength(15);
  expect(rows.filter(([, , call]) => call === 'optimizer.step()')).toEqual([
    [expect.any(String), 'epoch × 5, batch × 3', 'optimizer.step()', ''],
  ]);
  const drawn = (await trace.drawing()).mimeBundle();
  expect(drawn['text/html']).toContain('<svg');
  expect(String(drawn['text/html']).replaceAll('&#160;', ' ')).toContain('epoch × 5');
  expect(String(trace.mimeBundle()['text/plain'])).toContain('epoch × 5, batch × 3');
});
