// States that PyTorch wrote (make.py): nets give its outputs, trainings continue as its own do; and the names of
// states.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { io, nn, optim, type Tensor, tensor, ValueError } from '../../src';
import { expectClose } from '../support/close';

const folder = join(import.meta.dirname, 'data');
const results: { words: number[][]; labels: number[]; output: number[][]; losses: number[] } = JSON.parse(
  readFileSync(join(folder, 'results.json'), 'utf8'),
);
const words = tensor(results.words, { dtype: 'int32' });
const labels = tensor(results.labels, { dtype: 'int32' });

/** The net of make.py. */
class Net extends nn.Module<[Tensor], Tensor> {
  wordTable = new nn.Embedding(5, 4);
  firstConv = new nn.Conv1d(4, 6, 3, { padding: 1 });
  norm = new nn.BatchNorm1d(6);
  memory = new nn.LSTM(6, 4, { numLayers: 2, batchFirst: true, bidirectional: true });
  attention = new nn.MultiheadAttention(8, 2, { batchFirst: true });
  layerNorm = new nn.LayerNorm([8]);
  gate = new nn.PReLU({ numParameters: 8 });
  head = new nn.Sequential(new nn.Linear(8, 5), new nn.Tanh(), new nn.Linear(5, 3));

  forward(words: Tensor): Tensor {
    const x = this.norm(this.firstConv(this.wordTable(words).transpose(1, 2))).transpose(1, 2);
    const [y] = this.memory(x);
    const [a] = this.attention(y, y, y);
    const z = this.layerNorm(y.add(a));
    return this.head(this.gate(z.transpose(1, 2)).mean(2));
  }
}

describe('nets', () => {
  test('give the outputs of PyTorch', async () => {
    const net = new Net();
    const state = await io.loadSafetensors(join(folder, 'net.safetensors'));
    expect(Object.keys(net.stateDict()).length).toBe(Object.keys(state).length);
    net.loadStateDict(io.fromPytorch(state));
    net.eval();
    expectClose(net(words), results.output, 1e-5);
  });

  test('round trip: the same names and bytes', async () => {
    const bytes = new Uint8Array(readFileSync(join(folder, 'net.safetensors')));
    const net = new Net();
    net.loadStateDict(io.fromPytorch(io.decodeSafetensors(bytes), net.stateDict()));
    const written = io.toPytorch(net.stateDict());
    expect(Object.keys(written).sort()).toEqual(Object.keys(io.decodeSafetensors(bytes)).sort());
    // Counts are int64 there and int32 here.
    const { 'norm.num_batches_tracked': count, ...rest } = written;
    const { 'norm.num_batches_tracked': _, ...others } = io.decodeSafetensors(bytes);
    expect(count.item()).toBe(3);
    expect(io.encodeSafetensors(rest)).toEqual(io.encodeSafetensors(others));
  });

  test('and continue learning as there', async () => {
    type Run = { net: nn.StateDict; optimizer: object; epoch: number };
    const run = await io.load<Run>(join(folder, 'run.safetensors'));
    const net = new Net();
    net.loadStateDict(io.fromPytorch(run.net));
    const optimizer = new optim.AdamW(net.parameters());
    optimizer.loadStateDict(io.fromPytorch(run.optimizer, optimizer.stateDict()));
    expect([run.epoch, optimizer.paramGroups[0].lr]).toEqual([3, 0.01]);
    const losses = [1, 2, 3].map(() => {
      optimizer.zeroGrad();
      const loss = nn.functional.crossEntropy(net(words), labels);
      loss.backward();
      optimizer.step();
      return loss.item();
    });
    expectClose(tensor(losses), results.losses, 1e-5);
  });
});

describe('optimizers', () => {
  type States = Record<string, { before: Tensor; after: Tensor; state: object; options: object }>;
  const states = io.load<States>(join(folder, 'optimizers.safetensors'));
  const weights = tensor([
    [1, 2],
    [3, 0.5],
  ]);
  const names = [
    'SGD',
    'Adam',
    'AdamW',
    'NAdam',
    'RAdam',
    'Adamax',
    'Adagrad',
    'Adadelta',
    'RMSprop',
    'Rprop',
    'ASGD',
    'LBFGS',
  ] as const;

  test.each(names)("%s continues PyTorch's training, also after a round trip", async (name) => {
    const { before, after, state } = (await states)[name];
    for (const isBack of [false, true]) {
      const p = before.clone().requiresGrad_();
      const optimizer: optim.Optimizer = new optim[name]([p]);
      optimizer.loadStateDict(io.fromPytorch(state, optimizer.stateDict()));
      if (isBack) {
        const there = io.toPytorch(optimizer.stateDict());
        expect(Object.keys(there)).toEqual(['state', 'param_groups']);
        optimizer.loadStateDict(io.fromPytorch(there, optimizer.stateDict()));
      }
      for (let i = 0; i < 3; i++)
        optimizer.step(() => {
          optimizer.zeroGrad();
          const loss = weights.mul(p.pow(2)).sum().div(2).add(p.pow(4).sum().div(10));
          loss.backward();
          return loss;
        });
      expectClose(p, after.tolist() as number[][], 1e-5);
    }
  });
});

describe('names', () => {
  test('both ways', () => {
    const pairs = {
      'layers.0.runningMean': 'layers.0.running_mean',
      weightIhL0Reverse: 'weight_ih_l0_reverse',
      inProjWeight: 'in_proj_weight',
      conv1: 'conv1',
      'encoder.selfAttn.outProj.bias': 'encoder.self_attn.out_proj.bias',
      __proto__x: '__proto__x',
    };
    const ours = Object.fromEntries(Object.keys(pairs).map((name) => [name, 0]));
    expect(Object.keys(io.toPytorch(ours)).slice(0, 5)).toEqual(Object.values(pairs).slice(0, 5));
    expect(Object.keys(io.fromPytorch(io.toPytorch(ours))).slice(0, 5)).toEqual(Object.keys(pairs).slice(0, 5));
  });

  test('in any spelling, with the state that they belong to', () => {
    const state = { 'layer_1.weight': 1, 'fcOut.bias': 2, other_name: 3 };
    expect(io.fromPytorch(state, { 'layer_1.weight': 0, 'fc_out.bias': 0 })).toEqual({
      'layer_1.weight': 1,
      'fc_out.bias': 2,
      otherName: 3,
    });
  });

  test('two that would be the same', () => {
    expect(() => io.toPytorch({ aB: 1, a_b: 2 })).toThrow(
      new ValueError("toPytorch: 'aB' and 'a_b' would both become 'a_b'"),
    );
    expect(() => io.fromPytorch({ a: 1 }, { aB: 1, a_b: 2 })).toThrow(/differ in their spelling alone/);
    expect(() => io.fromPytorch(tensor([1]))).toThrow(/needs a state, such as net.stateDict\(\), got a float32 tensor/);
  });
});
