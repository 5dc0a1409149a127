// The tape reuses the memory of its consumed gradients, but never memory that a program can reach.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { buildIfStale } from '../../kernel-setup/setup/build.mjs';
import { paths } from '../../kernel-setup/setup/paths.mjs';
import { grad, manualSeed, nn, noGrad, optim, rand, Tensor, tensor } from '../../src';
import { float32Unset, float32Zeros, recycle, recycling } from '../../src/tensor/memory';
import { root } from '../support/typescript';

const { least } = recycling;
afterEach(() => {
  recycling.least = least;
});

describe('memory', () => {
  test('that is recycled is found by its length, once', () => {
    const [a, b] = [new Float32Array(5000), new Float32Array(5001)];
    recycle(a);
    recycle(b);
    expect(float32Unset(5001)).toBe(b);
    expect(float32Unset(5000)).toBe(a);
    expect(float32Unset(5000)).not.toBe(a);
  });

  test('is not recycled if it is small, of another kind, or part of a larger array', () => {
    const whole = new Float32Array(9000);
    for (const array of [new Float32Array(least - 1), new Float64Array(5002), whole.subarray(0, 5002)]) recycle(array);
    expect(float32Unset(least - 1)).toEqual(new Float32Array(least - 1));
    expect(float32Unset(5002).buffer.byteLength).toBe(4 * 5002);
  });

  test('of small tensors is zero, overlaps no other, and occupies little more than its own', () => {
    const arrays = Array.from({ length: 3000 }, (_, i) => float32Zeros(i % 300 < 290 ? i % 300 : 250 * (i % 10)));
    arrays.forEach((array, i) => {
      expect(array.length).toBe(i % 300 < 290 ? i % 300 : 250 * (i % 10));
      expect(array.every((v) => v === 0)).toBe(true);
      expect(array.buffer.byteLength).toBeLessThanOrEqual(Math.max(4096, 8 * array.byteLength));
      array.fill(i);
    });
    arrays.forEach((array, i) => {
      expect(array.every((v) => v === i)).toBe(true);
    });
    const x = tensor(new Array(100).fill(1));
    expect(x.toArray().buffer.byteLength).toBe(400);
  });

  test.each([17, 256, 257, 1024, 1025, 2047, 2048, 2049])('of %i elements is not shared with another array', (n) => {
    const arrays = Array.from({ length: 21 }, () => float32Zeros(n));
    for (const [i, array] of arrays.entries()) {
      expect(array).toEqual(new Float32Array(n));
      array.fill(i + 1);
      // Slab memory shared by many arrays is not reused.
      if (n < least) recycle(array);
    }
    for (const [i, array] of arrays.entries()) expect(array.every((v) => v === i + 1)).toBe(true);
    if (n < least) expect(float32Unset(n)).toEqual(new Float32Array(n));
  });

  test('cut from a slab is reused, without changing its neighbours', () => {
    const arrays = Array.from({ length: 8 }, (_, i) => float32Zeros(1999).fill(i + 1));
    recycle(arrays[2]);
    expect(float32Unset(1999)).toBe(arrays[2]);
    arrays[2].fill(0);
    for (const i of [0, 1, 3, 4, 5, 6, 7]) expect(arrays[i].every((v) => v === i + 1)).toBe(true);
  });
});

/** Trains for some steps; returns everything that a program may keep. */
function train(): Tensor[] {
  manualSeed(3);
  const [x, y] = [rand([8, 1, 12, 12]), rand([8, 3])];
  const first = new nn.Conv2d(1, 4, 3, { padding: 1 });
  const model = new nn.Sequential(
    first,
    new nn.ReLU(),
    new nn.MaxPool2d(2),
    new nn.Conv2d(4, 6, 3, { stride: 2 }),
    new nn.Tanh(),
    new nn.AvgPool2d(2),
    new nn.Flatten(),
    new nn.Linear(6, 3),
  );
  const optimizer = new optim.SGD(model.parameters(), { lr: 0.1, momentum: 0.9 });
  const kept: Tensor[] = [];
  for (let step = 0; step < 5; step++) {
    optimizer.zeroGrad();
    let h = x;
    for (const [i, layer] of [...model].entries()) {
      h = (layer as (x: Tensor) => Tensor)(h);
      kept.push(h);
      if (i === step % 3) h.retainGrad();
      if (i === 2 + (step % 3)) h.registerHook((g) => void kept.push(g));
    }
    // Two paths to the same nodes, and leaves that are reached more than once.
    const loss = h.sub(y).pow(2).mean().add(h.mul(h).mean().mul(0.1)).add(first.weight.pow(2).sum());
    loss.backward(undefined, { retainGraph: step === 3 });
    if (step === 3) loss.backward();
    kept.push(loss, ...kept.filter((t) => t.grad !== null).map((t) => t.grad!));
    optimizer.step();
    for (const p of model.parameters()) kept.push(p.grad!, p.detach().clone());
  }
  return kept;
}

test('results that a program keeps of its training do not change', () => {
  recycling.least = Number.POSITIVE_INFINITY;
  const expected = train().map((t) => t.tolist());
  recycling.least = 1;
  const kept = train();
  // Overwrites reused memory.
  for (let i = 0; i < 3; i++) rand([8, 4, 12, 12]).mul(2);
  expect(kept.map((t) => t.tolist())).toEqual(expected);
});

describe('results between the layers of a Sequential', () => {
  /** All tensors that the nodes of a graph expose. */
  function savedBy(y: Tensor): Tensor[] {
    const [found, open] = [[] as Tensor[], [y.gradFn]];
    for (let node = open.pop(); node !== undefined; node = open.pop()) {
      if (node === null || node.variable !== null) continue;
      found.push(...Object.values(node.saved).filter((v): v is Tensor => v instanceof Tensor));
      open.push(...node.nextFunctions.map(([next]) => next));
    }
    return found;
  }

  /** A pass with everything through which a program can reach results between the layers. */
  function pass(kind: string): Tensor[] {
    manualSeed(5);
    const kept: Tensor[] = [];
    class Keeping extends nn.ReLU {
      override forward(x: Tensor): Tensor {
        kept.push(x);
        return super.forward(x);
      }
    }
    const model = new nn.Sequential(
      new nn.Dropout(0.5),
      new nn.Conv2d(1, 4, 3),
      kind === 'derived' ? new Keeping() : new nn.ReLU({ inplace: kind === 'in place' }),
      new nn.BatchNorm2d(4),
      new nn.Tanh(),
      new nn.MaxPool2d(2),
      new nn.Flatten(),
      new nn.Linear(36, 8),
      new nn.Sigmoid(),
      new nn.Linear(8, 2),
    );
    if (kind === 'evaluating') model.eval();
    if (kind === 'frozen') for (const p of model.parameters().slice(0, 4)) p.requiresGrad = false;
    const tanh = model.at(4);
    if (kind === 'hook')
      tanh.registerForwardHook((_, [x], y) => {
        kept.push(x, y);
      });
    if (kind === 'patched')
      tanh.forward = (x) => {
        kept.push(x);
        return x.tanh();
      };
    const x = rand([3, 1, 8, 8]);
    kept.push(x);
    for (let step = 0; step < 3; step++) {
      const y = kind === 'noGrad' ? noGrad(() => model(x)) : model(x);
      kept.push(y);
      if (kind === 'noGrad') continue;
      if (kind === 'saved') kept.push(...savedBy(y));
      if (kind === 'twice') y.sum().backward(undefined, { retainGraph: true });
      if (kind === 'second') {
        const [g] = grad(y.pow(2).sum(), [model.at(1).weight], { createGraph: true });
        kept.push(g);
        g.pow(2).sum().backward();
      } else y.pow(2).sum().backward();
      for (const p of model.parameters()) if (p.grad !== null) kept.push(p.grad.clone());
    }
    return kept;
  }

  test.each('training,in place,derived,evaluating,frozen,hook,patched,noGrad,saved,twice,second'.split(','))(
    'are reused only if nothing reaches them: %s',
    (kind) => {
      recycling.least = Number.POSITIVE_INFINITY;
      const expected = pass(kind).map((t) => t.tolist());
      recycling.least = 1;
      const kept = pass(kind);
      // Overwrites released memory.
      for (const n of [3 * 4 * 36, 108, 24, 192, 144, 36, 8]) for (let i = 0; i < 40; i++) rand([n]).mul(Number.NaN);
      expect(kept.map((t) => t.tolist())).toEqual(expected);
    },
  );

  test('are reused', () => {
    recycling.least = 1;
    const model = new nn.Sequential(new nn.Linear(7, 5003), new nn.ReLU(), new nn.Linear(5003, 1));
    const before = model(rand([1, 7]));
    const isNew = () => float32Unset(5003).every((v) => v === 0);
    // The output of the first layer immediately, since no node has saved it; that of the second, or a gradient, after
    // the pass.
    expect([isNew(), isNew()]).toEqual([false, true]);
    before.backward();
    expect(isNew()).toBe(false);
  });
});

describe('5,000 steps of training without a pause', () => {
  beforeAll(() => buildIfStale(paths), 120_000);

  test('leak nothing and need little memory', () => {
    const program = `
      const { nn, optim, rand, randint, manualSeed } = require(${JSON.stringify(join(root, 'dist'))});
      manualSeed(1);
      const x = rand([32, 1, 8, 8]), y = randint(0, 10, [32]);
      const model = new nn.Sequential(new nn.Conv2d(1, 4, 3), new nn.ReLU(), new nn.MaxPool2d(2), new nn.Flatten(),
        new nn.Linear(36, 32), new nn.BatchNorm1d(32), new nn.Tanh(), new nn.Linear(32, 10));
      const optimizer = new optim.Adam(model.parameters()), loss = new nn.CrossEntropyLoss();
      // Memory outside the heap is freed a moment after the collection: the least of several counts.
      const once = () => { gc(); const m = process.memoryUsage(); return (m.heapUsed + m.arrayBuffers) / 1e6; };
      const live = () => Math.min(...Array.from({ length: 5 }, once));
      const losses = [], sizes = [];
      let most = 0;
      for (let i = 0; i <= 5000; i++) {
        optimizer.zeroGrad();
        const l = loss(model(x), y);
        l.backward();
        optimizer.step();
        losses.push(l.item());
        if (i % 50 === 0) most = Math.max(most, process.memoryUsage().arrayBuffers / 1e6);
        if (i % 1000 === 0) sizes.push(live());
      }
      console.log(JSON.stringify({ sizes, most, loss: losses.at(-1) }));`;
    const output = execFileSync(process.execPath, ['--expose-gc', '-e', program], { encoding: 'utf8' });
    const { sizes, most, loss } = JSON.parse(output) as { sizes: number[]; most: number; loss: number };
    expect(loss).toBeLessThan(0.1);
    // The library and one step, in megabytes, plus garbage that is not collected yet.
    expect(Math.max(...sizes)).toBeLessThan(40);
    expect(sizes[5] - sizes[1]).toBeLessThan(3);
    expect(most).toBeLessThan(150);
  });
});

describe('results of four megabytes, one after another', () => {
  beforeAll(() => buildIfStale(paths), 120_000);
  const { header } = process.report.getReport() as { header: { glibcVersionRuntime?: string } };

  // The behaviour of free can be changed from here only with glibc.
  test.skipIf(header.glibcVersionRuntime === undefined)('are written to resident pages', () => {
    const program = `
      const { zeros } = require(${JSON.stringify(join(root, 'dist'))});
      const x = zeros([1000, 1000]);
      const faults = (n) => {
        const before = process.resourceUsage().minorPageFault;
        for (let i = 0; i < n; i++) x.add(1);
        return process.resourceUsage().minorPageFault - before;
      };
      faults(100);
      console.log(faults(200) / 200);`;
    // Of a result's 977 pages; without keepFreedMemory, 700 on Node 20 and 70 on Node 24.
    expect(Number(execFileSync(process.execPath, ['-e', program], { encoding: 'utf8' }))).toBeLessThan(200);
  });
});

test('results of in-place operations are reused; those that a program holds are not', () => {
  recycling.least = 1;
  const x = tensor(new Float32Array(5004).fill(2));
  const [view, other, copy] = [x.view(-1, 2), x.mul(3), x.clone()];
  const results: Tensor[] = [];
  for (const modify of [() => x.mul_(2), () => x.add_(other), () => x.neg_(), () => x.copy_(copy), () => x.fill_(4)]) {
    modify();
    results.push(x.clone());
    // Overwrites reused memory.
    for (let i = 0; i < 20; i++) rand([5004]).mul(Number.NaN);
  }
  expect(results.map((y) => [y.min().item(), y.max().item()])).toEqual([4, 10, -10, 2, 4].map((v) => [v, v]));
  for (const [held, v] of [
    [x, 4],
    [view, 4],
    [other, 6],
    [copy, 2],
  ] as const)
    expect([held.min().item(), held.max().item()]).toEqual([v, v]);
  x.sub_(1);
  expect(float32Unset(5004).every((v) => v === 3)).toBe(true);
});
