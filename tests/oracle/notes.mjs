// The notes' programs: the same data and initial weights as PyTorch bit for bit, and the same results.

const first = (x, n) => [...x.toArray().subarray(0, n)];

/** @throws {Error} unless the numbers are equal within a relative tolerance (of the largest, for those near zero) */
function close(got, want, tolerance) {
  const largest = Math.max(...want.map(Math.abs));
  if (got.length !== want.length) throw new Error(`${got.length} values instead of ${want.length}`);
  const off = got.map((g, i) => Math.abs(g - want[i]) / largest);
  const worst = off.reduce((at, error, i) => (error > off[at] || Number.isNaN(error) ? i : at), 0);
  if (!(off[worst] <= tolerance))
    throw new Error(`value ${worst} is ${got[worst]} instead of ${want[worst]}, off by ${off[worst].toExponential(1)}`);
}

const same = (got, want) => close(got, want, 0);

/** Relative tolerance of computed values. */
const tolerances = { float32: 1e-5, float64: 1e-9 };

/** After 500 steps of momentum: the last bit of one initial weight changes the loss by 1.6e-4. */
const afterManySteps = 3e-4;
/** float64 normal numbers may differ from PyTorch's in the last places. */
const start = { float32: 0, float64: 4 * 2 ** -52 };

/** @returns {any} a callable module, which its class does not declare */
function classNet({ nn }) {
  class ThreeClasses extends nn.Module {
    linear1 = new nn.Linear(20, 13, { bias: false });
    linear2 = new nn.Linear(13, 8, { bias: false });
    output = new nn.Linear(8, 3);

    forward(x) {
      return this.output(this.linear2(this.linear1(x).relu()).sigmoid());
    }
  }
  return new ThreeClasses();
}

/** Data, net and loss of the classifier. */
function classifier(seed, gradlab) {
  gradlab.manualSeed(seed);
  const X = gradlab.rand([500, 20]);
  const y = gradlab.randint(0, 3, [500], { dtype: 'float32' }).int();
  gradlab.manualSeed(seed);
  const net = classNet(gradlab);
  return { X, y, net, loss: () => gradlab.nn.functional.crossEntropy(net(X), y) };
}

function* threeClassNet(want, gradlab) {
  const { seed } = want;
  yield ['X', () => same(first(classifier(seed, gradlab).X, 5), want.X_first5)];
  yield ['y', () => same(first(classifier(seed, gradlab).y, 20), want.y_first20)];
  yield [
    'counts of y',
    () => {
      const { y } = classifier(seed, gradlab);
      same(
        [0, 1, 2].map((c) => y.eq(c).sum().item()),
        want.y_counts,
      );
    },
  ];
  yield ['first weights', () => same(first(classifier(seed, gradlab).net.linear1.weight, 5), want.w1_first5)];
  yield ['first bias', () => same(first(classifier(seed, gradlab).net.output.bias, 3), want.out_bias)];
  for (const [name, norm] of Object.entries(want.grad_norms))
    yield [
      `norm of the gradient of ${name}`,
      () => {
        const { net, loss } = classifier(seed, gradlab);
        loss().backward();
        const { grad } = new Map(net.namedParameters()).get(name);
        close([grad.pow(2).sum().sqrt().item()], [norm], tolerances.float32);
      },
    ];
  yield [
    'gradient of linear1.weight',
    () => {
      const { net, loss } = classifier(seed, gradlab);
      loss().backward();
      close(first(net.linear1.weight.grad, 5), want.grad_linear1_first5, tolerances.float32);
    },
  ];
  let losses;
  for (const [t, value] of Object.entries(want.losses))
    yield [
      `loss before step ${Number(t) + 1}`,
      () => {
        losses ??= train(classifier(seed, gradlab), gradlab);
        close([losses[t]], [value], Number(t) < 500 ? tolerances.float32 : afterManySteps);
      },
    ];
}

/** The losses of 501 steps with momentum. */
function train({ net, loss }, { optim }) {
  const optimizer = new optim.SGD(net.parameters(), { lr: 0.1, momentum: 0.9 });
  return Array.from({ length: 501 }, () => {
    optimizer.zeroGrad();
    const value = loss();
    value.backward();
    optimizer.step();
    return value.item();
  });
}

function* handMomentum(seed, want, gradlab) {
  yield ['loss', () => close([classifier(seed, gradlab).loss().item()], [want.loss], tolerances.float32)];
  yield [
    'weights after a step',
    () => {
      const { net, loss } = classifier(seed, gradlab);
      loss().backward();
      const { weight } = net.linear1;
      const velocity = gradlab.zerosLike(weight).mul(0.9).sub(weight.grad.mul(10));
      close(first(weight.detach().add(velocity), 5), want.w_first5_after, tolerances.float32);
    },
  ];
}

/** Four weights of a cubic, fitted to the sine by plain gradient descent: initial and final weights, and the losses. */
function fitCubic(dtype, gradlab) {
  const x = gradlab.linspace(-Math.PI, Math.PI, 2000, { dtype });
  const y = x.sin();
  gradlab.manualSeed(420);
  const weights = Array.from({ length: 4 }, () => gradlab.randn([], { dtype, requiresGrad: true }));
  const [a, b, c, d] = weights;
  const numbers = () => weights.map((w) => w.item());
  const begin = numbers();
  const losses = Array.from({ length: 2000 }, () => {
    const fit = a
      .add(b.mul(x))
      .add(c.mul(x.pow(2)))
      .add(d.mul(x.pow(3)));
    const loss = fit.sub(y).pow(2).sum();
    loss.backward();
    gradlab.noGrad(() => {
      for (const w of weights) {
        w.sub_(w.grad.mul(1e-6));
        w.grad = null;
      }
    });
    return loss.item();
  });
  return { begin, losses, end: numbers() };
}

function* cubic(dtype, want, gradlab) {
  let fit;
  const fitted = () => {
    fit ??= fitCubic(dtype, gradlab);
    return fit;
  };
  yield ['first weights', () => close(fitted().begin, want.start, start[dtype])];
  for (const t of [0, 99, 999, 1999])
    yield [`loss before step ${t + 1}`, () => close([fitted().losses[t]], [want[`loss${t}`]], tolerances[dtype])];
  yield ['last weights', () => close(fitted().end, want.end, tolerances[dtype])];
}

function myNet(seed, want, gradlab) {
  gradlab.manualSeed(seed);
  const { nn } = gradlab;
  const image = gradlab.randn([3, 10, 20]);
  const layers = [new nn.Linear(600, 60), new nn.Linear(60, 40), new nn.Linear(40, 10)];
  const [hidden, second, output] = layers;
  const y = output(second(hidden(image.flatten()).relu()).relu());
  close([...y.toArray()], want, tolerances.float32);
}

/** All checks: the program and its settings, what is compared, and the comparison. */
function* checks(json, gradlab) {
  const named = function* (op, list) {
    for (const [what, check] of list) yield [op, what, check];
  };
  for (const [i, want] of json.three_class_net.entries()) {
    yield* named(`three_class_net, seed ${want.seed}`, threeClassNet(want, gradlab));
    yield* named(`hand_momentum, seed ${want.seed}`, handMomentum(want.seed, json.hand_momentum[i], gradlab));
  }
  for (const dtype of ['float32', 'float64'])
    yield* named(`cubic_${dtype}`, cubic(dtype, json[`cubic_${dtype}`], gradlab));
  for (const [seed, want] of Object.entries(json.mynet))
    yield [`mynet, seed ${seed}`, 'outputs', () => myNet(Number(seed), want, gradlab)];
}

/**
 * Runs the notes' programs; yields one result for each value or group of values.
 *
 * @returns {Generator<{ id: string, op: string, error?: string }>}
 */
export function* runAll(json, gradlab) {
  for (const [op, what, check] of checks(json, gradlab)) {
    const result = { id: `${op}: ${what}`, op };
    try {
      check();
    } catch (error) {
      result.error = error.message;
    }
    yield result;
  }
}
