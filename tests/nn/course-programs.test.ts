// Programs of the course: random data and weights must be PyTorch's, and so must the losses after hundreds of steps.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { linspace, manualSeed, nn, noGrad, optim, rand, randint, randn, type Tensor, tensor } from '../../src';

interface ThreeClassNet {
  seed: number;
  X_first5: number[];
  y_first20: number[];
  y_counts: number[];
  w1_first5: number[];
  out_bias: number[];
  losses: Record<string, number>;
  grad_norms: Record<string, number>;
  grad_linear1_first5: number[];
}
interface Cubic {
  start: number[];
  loss0: number;
  loss99: number;
  loss999: number;
  loss1999: number;
  end: number[];
}
interface Programs {
  three_class_net: ThreeClassNet[];
  hand_momentum: { loss: number; w_first5_after: number[] }[];
  cubic_float32: Cubic;
  cubic_float64: Cubic;
  mynet: Record<string, number[]>;
}

const programs = JSON.parse(readFileSync(`${__dirname}/data/course-programs.json`, 'utf8')) as Programs;
const first = (x: Tensor, n: number) => [...x.toArray().subarray(0, n)];

/** Expects numbers within a relative tolerance; those near zero are measured by the largest. */
function expectRelative(got: readonly number[], want: readonly number[], tolerance: number): void {
  const largest = Math.max(...want.map(Math.abs));
  expect(got.length).toBe(want.length);
  want.forEach((w, i) => {
    expect(Math.abs(got[i] - w), `${got[i]} instead of ${w}`).toBeLessThanOrEqual(tolerance * largest);
  });
}

class ThreeClasses extends nn.Module {
  linear1 = new nn.Linear(20, 13, { bias: false });
  linear2 = new nn.Linear(13, 8, { bias: false });
  output = new nn.Linear(8, 3);

  forward(x: Tensor): Tensor {
    return this.output(this.linear2(this.linear1(x).relu()).sigmoid());
  }
}

function dataAndNet(seed: number) {
  manualSeed(seed);
  const X = rand([500, 20]);
  const y = randint(0, 3, [500], { dtype: 'float32' }).int();
  manualSeed(seed);
  return { X, y, net: new ThreeClasses() };
}

describe.each(programs.three_class_net.map((p, i) => [p.seed, p, programs.hand_momentum[i]] as const))(
  'three classes, seed %i',
  (seed, want, byHand) => {
    test('the data and the first weights are the same bit for bit', () => {
      const { X, y, net } = dataAndNet(seed);
      expect(first(X, 5)).toEqual(want.X_first5);
      expect(first(y, 20)).toEqual(want.y_first20);
      expect([0, 1, 2].map((c) => y.eq(c).sum().item())).toEqual(want.y_counts);
      expect(first(net.linear1.weight, 5)).toEqual(want.w1_first5);
      expect(first(net.output.bias!, 3)).toEqual(want.out_bias);
    });

    test('the first gradients agree', () => {
      const { X, y, net } = dataAndNet(seed);
      nn.functional.crossEntropy(net(X), y).backward();
      expectRelative(first(net.linear1.weight.grad!, 5), want.grad_linear1_first5, 1e-4);
      for (const [name, parameter] of net.namedParameters())
        expectRelative([parameter.grad!.pow(2).sum().sqrt().item()], [want.grad_norms[name]], 1e-5);
    });

    test('the losses of 500 steps agree', () => {
      const { X, y, net } = dataAndNet(seed);
      const optimizer = new optim.SGD(net.parameters(), { lr: 0.1, momentum: 0.9 });
      const loss = new nn.CrossEntropyLoss();
      const losses = Array.from({ length: 501 }, () => {
        optimizer.zeroGrad();
        const value = loss(net(X), y);
        value.backward();
        optimizer.step();
        return value.item();
      });
      // The training amplifies rounding: by step 500, changing a weight's last bit moves the loss by up to 2e-4, and the
      // exact value (float64 throughout) is as far from PyTorch's as that.
      for (const [t, value] of Object.entries(want.losses))
        expectRelative([losses[Number(t)]], [value], Number(t) <= 100 ? 1e-5 : 3e-4);
    });

    test('momentum by hand', () => {
      const { X, y, net } = dataAndNet(seed);
      const value = nn.functional.crossEntropy(net(X), y);
      value.backward();
      expectRelative([value.item()], [byHand.loss], 1e-5);
      const w = net.linear1.weight;
      const v = w.grad!.mul(-10);
      expectRelative(first(w.detach().add(v), 5), byHand.w_first5_after, 1e-5);
    });
  },
);

describe.each(['float32', 'float64'] as const)('a cubic fitted to the sine, %s', (dtype) => {
  test('start, losses and end agree', () => {
    const want = programs[`cubic_${dtype}`];
    const tolerance = dtype === 'float32' ? 1e-5 : 1e-9;
    const x = linspace(-Math.PI, Math.PI, 2000, { dtype });
    const y = x.sin();
    manualSeed(420);
    const weights = Array.from({ length: 4 }, () => randn([], { dtype, requiresGrad: true }));
    const [a, b, c, d] = weights;
    expectRelative(
      weights.map((w) => w.item()),
      want.start,
      dtype === 'float32' ? 0 : 1e-15,
    );
    const losses = Array.from({ length: 2000 }, () => {
      const error = a
        .add(b.mul(x))
        .add(c.mul(x.pow(2)))
        .add(d.mul(x.pow(3)))
        .sub(y);
      const loss = error.pow(2).sum();
      loss.backward();
      noGrad(() => {
        for (const w of weights) {
          w.sub_(w.grad!.mul(1e-6));
          w.grad = null;
        }
      });
      return loss.item();
    });
    expectRelative([losses[0], losses[99]], [want.loss0, want.loss99], tolerance);
    expectRelative([losses[999]], [want.loss999], tolerance);
    expectRelative([losses[1999]], [want.loss1999], tolerance);
    expectRelative(
      weights.map((w) => w.item()),
      want.end,
      tolerance,
    );
  });
});

test.each(Object.entries(programs.mynet))('outputs of a fresh net for a random image, seed %s', (seed, want) => {
  manualSeed(Number(seed));
  const image = randn([3, 10, 20]);
  const net = new nn.Sequential(
    new nn.Flatten(0),
    new nn.Linear(600, 60),
    new nn.ReLU(),
    new nn.Linear(60, 40),
    new nn.ReLU(),
    new nn.Linear(40, 10),
  );
  expectRelative(first(net(image), 10), want, 1e-5);
  expect(tensor(want).shape).toEqual(net(image).shape);
});
