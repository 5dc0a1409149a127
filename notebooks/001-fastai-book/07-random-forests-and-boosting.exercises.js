const isPair = (pair, [first, second]) =>
  Array.isArray(pair) && pair.length === 2 && Math.abs(pair[0] - first) < 0.006 && Math.abs(pair[1] - second) < 0.006;
const near = (value, expected) => Math.abs(value - expected) < 0.51;
const same = (list, wanted) =>
  Array.isArray(list) && list.length === wanted.length && list.every((v, i) => Math.abs(v - wanted[i]) < 1e-6);

const mean = (list) => list.reduce((sum, v) => sum + v, 0) / list.length;
/** What a tree of one cut says at each row; x rises. */
const stumpOf = (target) => {
  const all = target.slice(1).map((_, i) => {
    const [left, right] = [target.slice(0, i + 1), target.slice(i + 1)];
    const gain = ((left.length * right.length) / target.length) * (mean(left) - mean(right)) ** 2;
    return { gain, says: [...left.map(() => mean(left)), ...right.map(() => mean(right))] };
  });
  return all.reduce((best, one) => (one.gain > best.gain ? one : best)).says;
};
/** Boosting, or with a mistake in it. */
const boosting =
  ({ start = mean, target = (y, sum) => y.map((v, i) => v - sum[i]), part = (step) => step } = {}) =>
  (_, y, stages, step) => {
    let sum = y.map(() => start(y));
    for (let stage = 0; stage < stages; stage++) {
      const says = stumpOf(target(y, sum));
      sum = sum.map((v, i) => v + part(step) * says[i]);
    }
    return sum;
  };
const right = boosting();
const whole = boosting({ part: () => 1 });
const again = boosting({ target: (y) => y });
const fromZero = boosting({ start: () => 0 });
const centred = boosting({ target: (y) => y.map((v) => v - mean(y)) });
const backwards = boosting({ target: (y, sum) => y.map((v, i) => sum[i] - v) });
const once = (x, y, _, step) => right(x, y, 1, step);

const cases = [
  [[1, 2, 3, 4], [0, 0, 12, 24], 2, 0.5],
  [[1, 2, 3, 4, 5], [1, 2, 4, 9, 16], 3, 0.2],
];
const does = (boost, other) => cases.every((at) => same(boost(...at), other(...at)));

/** @type {Record<string, import('gradlab/lab').Exercise>} */
module.exports = {
  'how-many': {
    isRight: (trees) => near(trees, 15),
    praise: 'The limit is 8; at 15 trees the law gives 8 + 12/15 = 8.8.',
    mistakes: [
      [
        (trees) => near(trees, 25),
        'You compared the whole σ²/B with a tenth of the limit. Only the share 1 − ρ of it is averaged away.',
      ],
      [(trees) => near(trees, 6), 'A tenth of σ² is 2; a tenth of the *limit* ρσ² is less.'],
      [(trees) => near(trees, 150), 'That is one per cent above the limit.'],
      [(trees) => near(trees, 100), 'With 100 trees it is 8.12, far closer than asked.'],
    ],
    otherwise: 'Set ρσ² + (1 − ρ)σ²/B equal to 1.1 ρσ² and solve for B.',
    tried: { right: [15, 15.2], wrong: [25, 6, 150, 100, 3] },
  },
  'write-boosting': {
    probe: cases[0],
    isRight: (boost) => does(boost, right),
    praise: 'A mean, then stage by stage a part of what a tree says about what is left over.',
    mistakes: [
      [(boost) => does(boost, whole), 'The step is missing: only `step` times what the stump says is added.'],
      [(boost) => does(boost, again), 'You fit `y` in every stage. Fit what the sum so far leaves over.'],
      [
        (boost) => does(boost, centred),
        'You fit what the mean leaves over, in every stage. Fit what the *sum so far* leaves over.',
      ],
      [
        (boost) => does(boost, fromZero),
        'Your sum starts at 0. The library, and the pencil, start at the mean of `y`.',
      ],
      [(boost) => does(boost, backwards), 'The sign: left over is `y` less the sum. Yours runs away.'],
      [(boost) => does(boost, once), 'That is one stage, whatever `stages` says.'],
    ],
    otherwise: 'By the pencil two stages with half steps on 0, 0, 12, 24 give 2.75, 2.75, 11.75, 18.75.',
    tried: { right: [right], wrong: [whole, again, centred, fromZero, backwards, once, (_, y) => y] },
  },
  'chess-board': {
    isRight: (pair) => isPair(pair, [0, 1]),
    praise:
      'The first cut helps nothing, and without it nobody gets to the second. A tree that looks one cut ahead is blind here.',
    mistakes: [
      [
        (pair) => isPair(pair, [0.5, 1]),
        'On either side of the middle there are as many ones as zeros. What is the mean there?',
      ],
      [
        (pair) => isPair(pair, [0, 0]),
        'The first cut is right. But look at each half again: one more cut parts it cleanly.',
      ],
      [(pair) => isPair(pair, [0.25, 0.25]), 'That is the variance itself. Asked is the share of it that goes away.'],
      [
        (pair) => isPair(pair, [1, 0]),
        'These are the shares in the wrong order, or what is left instead of what goes away.',
      ],
    ],
    otherwise: 'Two shares from 0 to 1. Draw the four squares, cut, and take the mean on either side.',
    tried: {
      right: [
        [0, 1],
        [0.0, 1.0],
      ],
      wrong: [[0.5, 1], [0, 0], [0.25, 0.25], [1, 0], [0.3, 0.2], [1]],
    },
  },
};
