const near = (a, b, tolerance) => Math.abs(a - b) <= tolerance;

/** One pass over the rows; `divide` gives what the sum of pulls is divided by, `keepsLast` whether a short batch makes a step. */
const pass =
  ({ divide = (batch) => batch.length, keepsLast = true, factor = 2, moves = true } = {}) =>
  (xs, ys, B, rate) => {
    let w = 0;
    const weights = [];
    for (let from = 0; from < xs.length; from += B) {
      const batch = xs.slice(from, from + B);
      if (batch.length < B && !keepsLast) continue;
      const at = moves ? w : 0;
      const sum = batch.reduce((total, x, i) => total + factor * (at * x - ys[from + i]) * x, 0);
      w -= (rate * sum) / divide(batch, B);
      weights.push(w);
    }
    return weights;
  };
const right = pass();
const wrong = {
  dropped: pass({ keepsLast: false }),
  summed: pass({ divide: () => 1 }),
  byB: pass({ divide: (_, B) => B }),
  half: pass({ factor: 1 }),
  up: pass({ factor: -2 }),
  frozen: pass({ moves: false }),
};
const xs = [1, -2, 0.5, 3, 1.5, -1, 2];
const ys = [2, -3, 1, 7, 2, -2, 5];
const cases = [3, 2, 1, 7, 10].map((B) => [xs, ys, B, 0.05]);
const same = (a, b) => Array.isArray(a) && a.length === b.length && a.every((one, i) => near(one, b[i], 1e-9));
const agrees = (given, wanted) => cases.every((one) => same(given(...one), wanted(...one)));

/** @type {Record<string, import('gradlab/lab').Exercise>} */
module.exports = {
  overtaken: {
    isRight: (passes) => near(passes, 17, 0.01),
    praise: 'The dance has its ups and downs, so in one run it may happen a few passes earlier or later.',
    mistakes: [
      [(passes) => near(passes, 16, 0.45), 'That is the number of factors. The first pass comes on top.'],
      [(passes) => near(passes, 16.6, 0.1), 'A full step comes at the end of a pass: take the next whole one.'],
      [(passes) => near(passes, 18, 0.01), 'The first pass leaves 3.05; from there 15.6 more are needed.'],
      [(passes) => passes > 1000, 'Count passes, not gradients.'],
    ],
    otherwise: 'How often must 3.05 be multiplied by 0.7436 to get below 0.03?',
    tried: { right: [17], wrong: [16, 15.6, 16.6, 18, 3400, 5] },
  },
  'too-fast': {
    isRight: (share) => near(share, 0.972, 0.004),
    praise: 'All steps together are shorter than two of the first.',
    mistakes: [
      [(share) => near(share, 0, 1e-9), 'That takes rates whose sum grows without end.'],
      [(share) => near(share, 0.028, 0.004), 'That is the share that has been covered.'],
      [(share) => near(share, 0.1645, 0.002), 'That is the sum of the rates. How much of the way is left after it?'],
      [(share) => near(share, 0.848, 0.004), 'A step leaves 1 − 0.17 η of the way.'],
      [(share) => near(share, 0.983, 0.001), 'That is what the first step leaves.'],
    ],
    otherwise: 'Add the rates: 0.1 · 1.645. The logarithm of what is left is about −0.17 times that.',
    tried: { right: [0.97, 0.9724], wrong: [0, 0.028, 0.1645, 0.848, 0.983, 0.5] },
  },
  'batch-pass': {
    probe: [xs, ys, 3, 0.05],
    isRight: (given) => agrees(given, right),
    praise: 'Seven rows by three make three steps, and the last batch is divided by its own length.',
    mistakes: [
      [(given) => agrees(given, wrong.dropped), 'The last rows were dropped. A short batch makes a step, too.'],
      [(given) => agrees(given, wrong.byB), 'The short batch is divided by B. Divide by its own length.'],
      [(given) => agrees(given, wrong.summed), 'That is the sum of the gradients. A step takes their mean.'],
      [(given) => agrees(given, wrong.half), 'The derivative of a square has a 2.'],
      [(given) => agrees(given, wrong.up), 'That goes uphill: subtract the gradient.'],
      [(given) => agrees(given, wrong.frozen), 'All gradients are taken at 0. Use the weight of the step before.'],
      [
        (given) => cases.some(([x, y, B, rate]) => given(x, y, B, rate)?.length !== Math.ceil(x.length / B)),
        'Give one weight for each step: rows over B, rounded up.',
      ],
    ],
    otherwise: 'For each batch: the mean of 2 (w x − y) x, times the rate, is subtracted from w.',
    tried: { right: [right], wrong: [...Object.values(wrong), (x) => x.map(() => 1), () => [0, 0, 0]] },
  },
};
