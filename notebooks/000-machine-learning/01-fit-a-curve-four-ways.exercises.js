const near = (a, b, tolerance = 1e-9) => Math.abs(a - b) <= tolerance * Math.max(1e-12, Math.abs(b));
const sum = (values) => values.reduce((total, value) => total + value, 0);
const [x, g] = [
  [1, -2, 0.5, 3],
  [0.5, 2, -4, 1],
];
const slopeOf = (term) => sum(x.map((here, i) => term(here, g[i])));

/** Gradients of two weights in six steps; null: passed by. */
const gradients = [
  [1, -2],
  [0.5, 3],
  [null, 1],
  [null, -1],
  [2, null],
  [1, 1],
];
const momentum = 0.9;
/** Values of both weights after each step, and whether zeroGrad left null. */
const run = (make) => {
  const weights = [
    { value: 1, grad: null },
    { value: -2, grad: null },
  ];
  const sgd = make(weights, 0.1, momentum);
  return gradients.map((now) => {
    sgd.zeroGrad();
    const isCleared = weights.every(({ grad }) => grad === null);
    weights.forEach((w, i) => {
      w.grad = now[i];
    });
    sgd.step();
    return { values: weights.map(({ value }) => value), isCleared };
  });
};
const maker =
  (step, clear = null) =>
  (weights, lr, share) => {
    const speeds = weights.map(() => 0);
    return {
      step: () => step(weights, speeds, lr, share),
      zeroGrad: () => {
        for (const w of weights) w.grad = clear;
      },
    };
  };
const right = maker((weights, speeds, lr, share) => {
  weights.forEach((w, i) => {
    if (w.grad === null) return;
    speeds[i] = share * speeds[i] + w.grad;
    w.value -= lr * speeds[i];
  });
});
const rateInside = maker((weights, speeds, lr, share) => {
  weights.forEach((w, i) => {
    if (w.grad === null) return;
    speeds[i] = share * speeds[i] - lr * w.grad;
    w.value += speeds[i];
  });
});
const shared = maker((weights, speeds, lr, share) => {
  for (const w of weights) {
    if (w.grad === null) continue;
    speeds[0] = share * speeds[0] + w.grad;
    w.value -= lr * speeds[0];
  }
});
const rollsOn = maker((weights, speeds, lr, share) => {
  weights.forEach((w, i) => {
    speeds[i] = share * speeds[i] + (w.grad ?? 0);
    w.value -= lr * speeds[i];
  });
});
const plain = maker((weights, _, lr) => {
  for (const w of weights) if (w.grad !== null) w.value -= lr * w.grad;
});
const uphill = maker((weights, speeds, lr, share) => {
  weights.forEach((w, i) => {
    if (w.grad === null) return;
    speeds[i] = share * speeds[i] + w.grad;
    w.value += lr * speeds[i];
  });
});
const damped = maker((weights, speeds, lr, share) => {
  weights.forEach((w, i) => {
    if (w.grad === null) return;
    speeds[i] = share * speeds[i] + (1 - share) * w.grad;
    w.value -= lr * speeds[i];
  });
});
const toZeros = (weights, lr, share) => {
  const sgd = right(weights, lr, share);
  return { ...sgd, zeroGrad: maker(() => {}, 0)(weights).zeroGrad };
};
const same = (make, other) => {
  const wanted = run(other);
  return run(make).every(({ values }, k) => values.every((value, i) => near(value, wanted[k].values[i])));
};

/** @type {Record<string, import('gradlab/lab').Exercise>} */
module.exports = {
  'fifth-knob': {
    isRight: (slope) =>
      near(
        slope(x, g),
        slopeOf((here, miss) => here ** 5 * miss),
      ),
    praise: 'It moves the curve by x⁵, at all points.',
    mistakes: [
      [
        (slope) =>
          near(
            slope(x, g),
            slopeOf((here, miss) => 5 * here ** 4 * miss),
          ),
        '5x⁴ is the slope of x⁵ in x. But it is the weight that moves, not x.',
      ],
      [
        (slope) =>
          near(
            slope(x, g),
            slopeOf((here, miss) => 2 * here ** 5 * miss),
          ),
        'The factor 2 is in g already.',
      ],
      [
        (slope) => near(slope(x, g), slopeOf((here, miss) => here ** 5 * miss) / x.length),
        'That is the mean. The loss is a sum.',
      ],
      [
        (slope) => x.some((here, i) => near(slope(x, g), here ** 5 * g[i])),
        'That is the share of one point. A weight moves the curve at all of them.',
      ],
      [
        (slope) => near(slope(x, g), sum(x.map((here) => here ** 5))),
        'How wrong the curve is at each point is missing: multiply by g.',
      ],
    ],
    otherwise: 'For d it is the sum of g times x³. What takes the place of x³?',
    probe: [x, g],
    tried: {
      right: [(xs, gs) => sum(xs.map((here, i) => gs[i] * here ** 5))],
      wrong: [
        (xs, gs) => sum(xs.map((here, i) => gs[i] * 5 * here ** 4)),
        (xs, gs) => sum(xs.map((here, i) => 2 * gs[i] * here ** 5)),
        (xs, gs) => sum(xs.map((here, i) => gs[i] * here ** 5)) / xs.length,
        (xs, gs) => xs[0] ** 5 * gs[0],
        (xs) => sum(xs.map((here) => here ** 5)),
        () => 1,
      ],
    },
  },
  'mean-to-sum': {
    isRight: (rate) => near(rate, 0.0002),
    praise: 'The sum has 500 times the slope, so 1/500 of the rate makes the same steps.',
    mistakes: [
      [(rate) => near(rate, 50), 'The slopes grew 500 times. To make the same steps the rate has to shrink.'],
      [(rate) => near(rate, 0.1), 'Then each step is 500 times as long.'],
      [(rate) => near(rate, 0.002), 'That is 1/500, the factor itself. The rate was 0.1.'],
      [(rate) => near(rate, 0.1 / Math.sqrt(500), 0.01), 'A sum of 500 terms has 500 times the slope of their mean.'],
    ],
    otherwise: 'The same step is the same product of rate and slope. How many times as large is the slope?',
    tried: { right: [0.0002, 0.1 / 500], wrong: [50, 0.1, 0.002, 0.00447, 1] },
  },
  'write-sgd': {
    probe: [[{ value: 1, grad: 1 }], 0.1, 0.9],
    isRight: (make) => same(make, right) && run(make).every(({ isCleared }) => isCleared),
    praise: 'These are the steps of optim.SGD, frozen weights included.',
    mistakes: [
      [(make) => same(make, right), 'The steps are right. zeroGrad has to leave null, in all weights.'],
      [(make) => same(make, shared), 'Your weights share one velocity. Each needs its own.'],
      [(make) => same(make, rollsOn), 'A gradient of null is not 0: pass that weight by, its velocity too.'],
      [(make) => same(make, plain), 'That is SGD without momentum: keep the share μ of the velocity.'],
      [(make) => same(make, uphill), 'The sign: a step goes against the velocity.'],
      [(make) => same(make, damped), 'There is no factor 1 − μ in this rule: v ← μv + g.'],
    ],
    otherwise: 'For each weight with a gradient: v = momentum * v + grad, then value -= lr * v.',
    tried: {
      right: [right, rateInside],
      wrong: [toZeros, shared, rollsOn, plain, uphill, damped, maker(() => {})],
    },
  },
};
