const near = (a, b, by = 1e-6) => Math.abs(a - b) < by;

const places = Array.from({ length: 41 }, (_, i) => -4 + i / 5).filter((x) => Math.abs(x) > 1e-9);
const alphas = [1, 0.5, 2];
const elu = (x, alpha) => (x > 0 ? x : alpha * Math.expm1(x));
const slope = (x, alpha) => (x > 0 ? 1 : alpha * Math.exp(x));

/** Whether one of the two numbers of an answer is a function's, at all places and for these alphas. */
const agrees = (answer, which, f, some = alphas) =>
  some.every((alpha) => places.every((x) => near(answer(x, alpha)[which], f(x, alpha))));

/** @type {Record<string, import('gradlab/lab').Exercise>} */
module.exports = {
  'write-elu': {
    isRight: (answer) => agrees(answer, 0, elu) && agrees(answer, 1, slope),
    praise: 'On the left the slope is α eˣ, which is elu + α: no second exponential is needed.',
    mistakes: [
      [
        (answer) => agrees(answer, 0, elu) && agrees(answer, 1, slope, [1]),
        'Right for α = 1. The slope on the left is elu + α, not elu + 1.',
      ],
      [
        (answer) => agrees(answer, 0, elu) && agrees(answer, 1, (x, alpha) => (x > 0 ? 1 : elu(x, alpha))),
        'The derivative of α(eˣ − 1) is α eˣ: the constant −α falls away.',
      ],
      [
        (answer) => agrees(answer, 0, elu),
        'elu is right. For its derivative, derive each side by itself: x, and α(eˣ − 1).',
      ],
      [(answer) => agrees(answer, 1, slope), 'The derivative is right. elu itself is x for x > 0, else α(eˣ − 1).'],
    ],
    otherwise: 'elu is x for x > 0, else α(eˣ − 1). Give both numbers in a list: [elu, derivative].',
    probe: [-1, 1],
    tried: {
      right: [(x, alpha) => (x > 0 ? [x, 1] : [alpha * (Math.exp(x) - 1), alpha * Math.exp(x)])],
      wrong: [
        (x, alpha) => (x > 0 ? [x, 1] : [elu(x, alpha), elu(x, alpha) + 1]),
        (x, alpha) => (x > 0 ? [x, 1] : [elu(x, alpha), elu(x, alpha)]),
        (x, alpha) => [elu(x, alpha), 1],
        (x, alpha) => [Math.max(0, x), slope(x, alpha)],
        (x) => [x, 1],
      ],
    },
  },
  'halved-slope': {
    isRight: (x) => near(x, Math.log((1 + Math.SQRT1_2) / (1 - Math.SQRT1_2)), 0.006),
    praise: 'y = ½ + √⅛ = 0.854, and x = ln(y / (1 − y)) = 1.76.',
    mistakes: [
      [(x) => near(x, 0.854, 0.006) || near(x, 0.146, 0.006), 'That is y, the sigmoid there. Which x has it?'],
      [(x) => near(x, -1.763, 0.006), 'There too, by symmetry. The positive one was asked for.'],
    ],
    otherwise: 'y(1 − y) = ⅛ has the solutions ½ ± √⅛. Then x = ln(y / (1 − y)).',
    tried: { right: [1.76, 1.763], wrong: [0.854, -1.76, 1] },
  },
  'kill-a-unit': {
    isRight: ([w, b]) => 2 * w + b <= 0 && -2 * w + b <= 0 && 3 * w + b > 0,
    praise: 'Its kink, −b/w, is between 2 and 3, and its active side is the right one.',
    mistakes: [
      [([w, b]) => 3 * w + b <= 0 && 2 * w + b <= 0 && -2 * w + b <= 0, 'It is dead at x = 3, too.'],
      [([w, b]) => -2 * w + b > 0 && 2 * w + b > 0, 'It is active on all of the data.'],
      [([w, b]) => 2 * w + b > 0 || -2 * w + b > 0, 'It is active on some of the data: where is its kink, −b/w?'],
    ],
    otherwise: 'Put the kink, −b/w, between 2 and 3, with w > 0.',
    tried: {
      right: [[1, -2.5]],
      wrong: [
        [1, -5],
        [1, 2.5],
        [1, 0],
      ],
    },
  },
};
