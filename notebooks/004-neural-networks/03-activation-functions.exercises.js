const near = (a, b, by = 1e-6) => Math.abs(a - b) < by;

// Not at −1, where the derivative of the right side has a pole.
const places = Array.from({ length: 41 }, (_, i) => (i - 20) / 5 + 0.03);
const softsign = (x) => x / (1 + Math.abs(x));
const slope = (x) => 1 / (1 + Math.abs(x)) ** 2;

/** Whether one of the two numbers of an answer is a function's, at all places. */
const agrees = (answer, which, f) => places.every((x) => near(answer(x)[which], f(x)));

/** @type {Record<string, import('gradlab/lab').Exercise>} */
module.exports = {
  'write-softsign': {
    isRight: (answer) => agrees(answer, 0, softsign) && agrees(answer, 1, slope),
    praise: 'The slope is 1/(1 + |x|)² on both sides. It falls like 1/x², not like e⁻ˣ: softsign saturates slowly.',
    mistakes: [
      [
        (answer) => agrees(answer, 0, softsign) && agrees(answer, 1, (x) => 1 / (1 + x) ** 2),
        'Right for x > 0. On the left |x| is −x: what is the derivative of x/(1 − x)?',
      ],
      [
        (answer) => agrees(answer, 0, softsign) && agrees(answer, 1, (x) => Math.sign(x) * slope(x)),
        'The function rises everywhere, so its slope is positive on the left, too.',
      ],
      [
        (answer) => agrees(answer, 0, softsign) && agrees(answer, 1, (x) => 1 / (1 + Math.abs(x))),
        'By the quotient rule the denominator is squared: ((1 + x) − x)/(1 + x)².',
      ],
      [
        (answer) => agrees(answer, 0, softsign),
        'The function is right. Derive it by the quotient rule, for x > 0 first.',
      ],
      [(answer) => agrees(answer, 1, slope), 'The derivative is right. The function itself is x/(1 + |x|).'],
    ],
    otherwise: 'The function is x/(1 + |x|). Give both numbers in a list: [function, derivative].',
    probe: [-1],
    tried: {
      right: [
        (x) => [softsign(x), slope(x)],
        (x) => (x > 0 ? [x / (1 + x), (1 + x) ** -2] : [x / (1 - x), (1 - x) ** -2]),
      ],
      wrong: [
        (x) => [softsign(x), 1 / (1 + x) ** 2],
        (x) => [softsign(x), Math.sign(x) * slope(x)],
        (x) => [softsign(x), 1 / (1 + Math.abs(x))],
        (x) => [softsign(x), 1],
        (x) => [Math.tanh(x), slope(x)],
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
    isRight: (b) => near(b, -3),
    praise: 'At x = −2 the sum is 3 + b, its largest. It is not above zero from b = −3 down.',
    mistakes: [
      [(b) => near(b, 3), 'With b = 3 it is active on all rows below 2. At which row is −1.5 x + b largest?'],
      [(b) => near(b, -1.5) || near(b, -2), 'At x = −2 the sum is 3 + b, and that is still above zero.'],
      [(b) => b < -3, 'It is dead there, but a larger bias will do as well.'],
    ],
    otherwise: 'The weight is negative, so the sum is largest at the leftmost row, x = −2.',
    tried: { right: [-3], wrong: [3, -1.5, -2, -5, 0] },
  },
};
