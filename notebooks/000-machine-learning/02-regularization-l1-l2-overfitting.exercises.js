const near = (value, right) => Math.abs(value - right) < 1e-9;

const cases = [
  { w: [1, -1, 0.05, -0.02, 0], slopes: [0.5, -0.5, 0.1, 0.1, 3], rate: 0.1, by: 0.4 },
  { w: [0.3, -0.3, 2], slopes: [-1, 1, 0], rate: 0.05, by: 2 },
];
const z = ({ w, slopes, rate }, j) => w[j] - rate * slopes[j];
const soft = (at, by) => Math.sign(at) * Math.max(Math.abs(at) - by, 0);
/** Whether a step gives, for all cases and weights, what `wanted` says. */
const gives = (step, wanted) =>
  cases.every((one) => {
    const next = step([...one.w], [...one.slopes], one.rate, one.by);
    return Array.isArray(next) && next.length === one.w.length && next.every((value, j) => near(value, wanted(one, j)));
  });
const right = (one, j) => soft(z(one, j), one.rate * one.by);
const crossing = (one, j) => z(one, j) - one.rate * one.by * Math.sign(z(one, j));
const bySlope = (one, j) => z(one, j) - one.rate * one.by * Math.sign(one.w[j]);
const wholeLambda = (one, j) => soft(z(one, j), one.by);
const unsigned = (one, j) => Math.max(z(one, j) - one.rate * one.by, 0);
const noSign = (one, j) => Math.max(Math.abs(z(one, j)) - one.rate * one.by, 0);
const decayed = (one, j) => (1 - one.rate * one.by) * one.w[j] - one.rate * one.slopes[j];
const thresholdFirst = (one, j) => soft(one.w[j], one.rate * one.by) - one.rate * one.slopes[j];
const uphill = (one, j) => soft(one.w[j] + one.rate * one.slopes[j], one.rate * one.by);
/** A step that follows a rule, to try the exercise with. */
const by = (rule) => (w, slopes, rate, lambda) => w.map((_, j) => rule({ w, slopes, rate, by: lambda }, j));

/** @type {Record<string, import('gradlab/lab').Exercise>} */
module.exports = {
  'soft-threshold': {
    isRight: ([first, second]) => near(first, 0.7) && near(second, 0),
    praise: 'The first gives up 0.5. The second has less than 0.5 to give, and stops at zero.',
    mistakes: [
      [([, second]) => near(second, 0.1), '−0.4 + 0.5 = 0.1 is on the other side: it may not cross zero.'],
      [([, second]) => near(second, -0.9), 'The penalty pulls towards zero, from both sides.'],
      [([first]) => near(first, 1.2), 'A large weight gives up λ as well.'],
      [([first]) => near(first, 0.8), 'That is ridge: it divides by 1.5. Lasso subtracts.'],
    ],
    otherwise: 'Move towards zero by λ, and no further than zero.',
    tried: {
      right: [[0.7, 0]],
      wrong: [
        [0.7, 0.1],
        [0.7, -0.9],
        [1.2, 0],
        [0.8, -0.4 / 1.5],
        [1, 1],
      ],
    },
  },
  'choose-lambda': {
    isRight: (lambda) => lambda >= 3e-4 && lambda <= 1.5e-2,
    praise: 'Against the sine itself that is near the best.',
    mistakes: [
      [(lambda) => lambda === 0, 'Without a penalty the curve follows the noise of the twenty points.'],
      [(lambda) => lambda > 0 && lambda < 3e-4, 'Still too free: a larger λ does better on hidden points.'],
      [(lambda) => lambda > 1.5e-2, 'Too stiff: the wave itself is flattened.'],
    ],
    otherwise: 'λ is a number from 0 on. Look for the least errorFor(λ).',
    tried: { right: [1e-3, 1e-2, 3e-4], wrong: [0, 1e-6, 1e-4, 0.1, 10, -1] },
  },
  'proximal-step': {
    probe: [[1], [1], 0.1, 0.1],
    isRight: (step) => gives(step, right),
    praise: 'First the loss, then the threshold by ηλ, and nothing crosses zero.',
    mistakes: [
      [(step) => gives(step, crossing), 'Small weights cross zero. They have to stop there: max(…, 0).'],
      [(step) => gives(step, bySlope), 'That follows the slope of |w| alone, and jumps across zero.'],
      [(step) => gives(step, wholeLambda), 'You take λ in one step. The threshold is the rate times λ.'],
      [(step) => gives(step, unsigned), 'Negative weights are lost. Shrink |w|, and keep the sign.'],
      [(step) => gives(step, noSign), 'The sign is missing: negative weights become positive.'],
      [(step) => gives(step, decayed), 'That is ridge, weight decay: it divides and gives no zero.'],
      [(step) => gives(step, thresholdFirst), 'The threshold comes last. Else the loss moves weights off zero again.'],
      [(step) => gives(step, uphill), 'The step of the loss goes against the slope.'],
    ],
    otherwise: 'z = w − rate · slope; then sign(z) · max(|z| − rate · λ, 0).',
    tried: {
      right: [by(right)],
      wrong: [crossing, bySlope, wholeLambda, unsigned, noSign, decayed, thresholdFirst, uphill]
        .map(by)
        .concat((w) => w),
    },
  },
};
