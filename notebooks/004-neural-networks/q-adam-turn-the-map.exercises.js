/** Steps of GD or AdaGrad on a turned bowl, from its start, until the loss stays below 0.01; at the best of ten rates. */
function steps(isAdaGrad, degrees, kappa) {
  const [cos, sin] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
  const runs = Array.from({ length: 10 }, (_, i) => {
    const rate = 10 ** (i / 2 - 3.5);
    // Weights relative to the lowest place; u is the same place in the valley's own axes.
    const w = [3 * cos + 1.2 * sin, 1.2 * cos - 3 * sin];
    const sums = [0, 0];
    let last = 0;
    for (let t = 0; t <= 300; t++) {
      const u = [cos * w[0] - sin * w[1], sin * w[0] + cos * w[1]];
      if (!((u[0] ** 2 + kappa * u[1] ** 2) / 2 < 0.01)) last = t + 1;
      const slopes = [cos * u[0] + sin * kappa * u[1], cos * kappa * u[1] - sin * u[0]];
      for (const j of [0, 1]) {
        sums[j] += slopes[j] ** 2;
        w[j] -= (rate * slopes[j]) / (isAdaGrad ? Math.sqrt(sums[j]) + 1e-10 : 1);
      }
    }
    return last > 300 ? Number.POSITIVE_INFINITY : last;
  });
  return Math.min(...runs);
}

const same = (a, b) => a.length === b.length && a.every((value, i) => Math.abs(value - b[i]) < 1e-9);

/** @type {Record<string, import('gradlab').Exercise>} */
module.exports = {
  'gd-before-adagrad': {
    isRight: ([angle, kappa]) => kappa >= 10 && steps(false, angle, kappa) < steps(true, angle, kappa),
    praise: 'Far from the axes, and steep: that is where a rate for each axis helps least.',
    mistakes: [
      [
        ([, kappa]) => kappa < 10,
        'In a bowl that is nearly round GD needs only a few steps, whatever the angle. Take a κ of 10 or more.',
      ],
      [([angle]) => angle % 90 === 0, 'The axes of the weights are the axes of the valley: that is AdaGrad’s home.'],
      [
        ([angle, kappa]) => !Number.isFinite(steps(false, angle, kappa)),
        'So steep that on this grid GD does not arrive within 300 steps either.',
      ],
    ],
    otherwise: 'AdaGrad is still ahead. Turn further from the axes.',
    tried: {
      right: [
        [45, 50],
        [50, 50],
      ],
      wrong: [
        [45, 1],
        [0, 50],
        [45, 5000],
        [20, 50],
      ],
    },
  },
  'newton-turned': {
    isRight: (answer) => same(answer, [1, 1]),
    praise: 'H⁻¹∇f turns with the map and undoes the steepness: it notices neither turn nor steepness.',
    mistakes: [
      [
        ([straight, turned]) => straight === 1 && turned > 1,
        'The inverse turns as well: $R^\\top H^{-1} R\\,R^\\top\\nabla f = R^\\top H^{-1}\\nabla f$.',
      ],
      [([straight]) => straight > 1, 'On a bowl $H^{-1}\\nabla f$ is the whole way to the lowest place.'],
    ],
    otherwise: 'Two numbers of steps: [straight, turned].',
    tried: {
      right: [[1, 1]],
      wrong: [
        [1, 2],
        [2, 2],
        [0, 0],
      ],
    },
  },
};
